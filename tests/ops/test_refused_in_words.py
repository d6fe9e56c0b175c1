"""What the command line says of settings and databases that cannot be: one Dutch sentence, never a traceback."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import OperationalError

from inleer.cli import main
from inleer.cli.base import Cli
from inleer.cli.click_words import WORDS
from inleer.config import ConfigError, Settings, from_environment
from inleer.db.away import away
from inleer.extend import manifests
from inleer.migrate import all_owners, schema_problems
from inleer.ops.serve import check_free
from tests.fixtures import SECRET

GONE = "postgresql+psycopg://u:geheim@127.0.0.1:1/x"


def environment(**more: str) -> dict[str, str]:
    return {"INLEER_SECRET_KEY": SECRET, "INLEER_VAR_DIR": "/tmp", **more}


@pytest.mark.parametrize(
    "address",
    [
        "",
        "notaurl",
        "https://",
        "ftp://a.nl",
        "https://a.nl/map",
        "https://a.nl?x=1",
        "https://a.nl:0",
        "https://a.nl:99999",
        "https://[::1",
        "https://u@a.nl",
        "https://a b.nl",
    ],
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ConfigError, match="geen adres als https://"):
        from_environment(environment(INLEER_BASE_URL=address))


def test_only_this_machine_may_do_without_https() -> None:
    with pytest.raises(ConfigError, match="Gebruik https"):
        from_environment(environment(INLEER_BASE_URL="http://inleer.example.nl"))
    for address in (
        "http://127.0.0.1:5000",
        "http://localhost",
        "http://[::1]:80",
        "https://inleer.example.nl/",
    ):
        assert from_environment(environment(INLEER_BASE_URL=address)).base_url == address.rstrip("/")


@pytest.mark.parametrize(
    "bind", ["nonsense", "127.0.0.1", ":5000", "127.0.0.1:x", "127.0.0.1:70000", "a:1/x", ""]
)
def test_a_place_to_listen_that_is_none_is_refused(bind: str) -> None:
    with pytest.raises(ConfigError, match="INLEER_BIND"):
        from_environment(environment(INLEER_BIND=bind))


@pytest.mark.parametrize("bind", ["127.0.0.1:5000", "0.0.0.0:80", "[::1]:5000", "localhost:8000"])
def test_a_place_to_listen(bind: str) -> None:
    assert from_environment(environment(INLEER_BIND=bind)).bind == bind


@pytest.mark.parametrize("url", ["mysql://x", "sqlite:///", "postgresql+psycopg://u:geheim@h:abc/x", "onzin"])
def test_a_database_address_that_is_none_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ConfigError, match="INLEER_DATABASE_URL") as refused:
        from_environment(environment(INLEER_DATABASE_URL=url))
    assert "geheim" not in str(refused.value)


def test_an_address_that_is_taken_is_named_before_gunicorn_tries() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        bind = f"127.0.0.1:{other.getsockname()[1]}"
        with pytest.raises(ConfigError, match="luistert al iets"):
            check_free(bind)
    check_free(bind)
    with pytest.raises(ConfigError, match="lukt niet op deze machine"):
        check_free("192.0.2.1:80")


def run(url: str, folder: Path, *words: str) -> Result:
    cli = Cli(Settings(database_url=url, secret_key=SECRET, var_dir=folder))
    return CliRunner().invoke(main, list(words), obj=cli)


@pytest.mark.parametrize(
    "words",
    [
        "db status",
        "db check",
        "db upgrade",
        "cohort move-back x",
        "user invite a@b.nl --role administrator --name A",
        "worker --once",
        "serve",
        "routes list",
        "report cohort x",
    ],
)
def test_a_database_that_is_away_is_said_in_one_sentence(words: str, tmp_path: Path) -> None:
    result = run(GONE, tmp_path, *words.split())
    assert (result.exit_code, result.stderr) == (
        1,
        "Fout: De database op 127.0.0.1:1 geeft geen antwoord. Kijk of zij draait en of INLEER_DATABASE_URL klopt.\n",
    )


def test_a_wrong_password_or_name_is_said(database: str) -> None:
    if database.startswith("sqlite"):
        said = away(OperationalError("", {}, Exception("database is locked")), database)
        assert said is not None and "bezet" in said
        assert away(OperationalError("", {}, Exception("no such table: x")), database) is None
        return
    other = make_url(database).set(username="niemand", password="geheim")
    result = CliRunner().invoke(
        main,
        ["db", "status"],
        obj=Cli(
            Settings(other.render_as_string(hide_password=False), secret_key=SECRET, var_dir=Path("/tmp"))
        ),
    )
    assert result.exit_code == 1 and "weigert de gebruiker of het wachtwoord" in result.stderr
    assert "geheim" not in result.output


def test_an_error_is_json_when_json_was_asked_for(tmp_path: Path) -> None:
    result = run(GONE, tmp_path, "db", "status", "--json")
    assert result.exit_code == 1 and "geeft geen antwoord" in json.loads(result.stdout)["error"]["message"]
    result = run(GONE, tmp_path, "report", "cohort", "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (
        2,
        {"error": {"message": "Er ontbreekt een argument 'SLUG'."}},
    )


def test_what_click_says_is_dutch(tmp_path: Path) -> None:
    for words, sentence in (
        (["nietbestaand"], "De opdracht 'nietbestaand' bestaat niet."),
        (["db", "status", "--weg"], "De optie '--weg' bestaat niet."),
        (["cohort", "create", "--slug"], "vraagt een waarde erachter"),
        (["user", "invite", "a@b.nl", "--role", "koning"], "is niet een van"),
    ):
        result = run(GONE, tmp_path, *words)
        assert result.exit_code == 2 and sentence in result.stderr and "Fout: " in result.stderr
    shown = run(GONE, tmp_path, "db", "--help").output
    assert "Gebruik:" in shown and "Laat deze uitleg zien." in shown
    assert not [word for word in WORDS.values() if not word]


def test_what_to_do_about_the_tables_is_said_once(bare_database: str) -> None:
    engine = create_engine(bare_database)
    with engine.connect() as connection:
        said = schema_problems(connection, all_owners(manifests()))
    engine.dispose()
    assert len(said) > 2, "one sentence per owner"
    assert " ".join(said).count("inleer db upgrade") == 1
