"""What every test can use; the fixtures are a plugin, so that the tests of plugins/ have them too."""

pytest_plugins = [
    "tests.dbserver",
    "tests.plugin_counts",
    "tests.plugin_logs",
    "tests.fixtures",
    "tests.wheels",
]
