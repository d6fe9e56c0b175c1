"""Tests for plugins: the contract that each keeps, and a world to try it in.

It needs pytest, and is no part of what runs in production. In a plugin's tests:

    from inleer.testing import PluginContract

    class TestContract(PluginContract):
        plugin = "energie"

The fixtures (``inleer_app``, ``inleer_world``) come along by themselves: inleer registers them with pytest.
"""

from inleer.testing.builders import PluginWorld, build_world
from inleer.testing.contract import PluginContract

__all__ = ["PluginContract", "PluginWorld", "build_world"]
