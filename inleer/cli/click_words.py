"""What click itself says, in Dutch. Click looks its sentences up through gettext, in a catalogue it does not bring."""

from __future__ import annotations

from types import ModuleType

from click import core, decorators, exceptions, formatting, parser, types

WORDS = {
    "Error: {message}": "Fout: {message}",
    "Usage:": "Gebruik:",
    "Options": "Opties",
    "Commands": "Opdrachten",
    "Aborted!": "Afgebroken.",
    "Try '{command} {option}' for help.": "Uitleg: '{command} {option}'.",
    "Invalid value: {message}": "Ongeldige waarde: {message}",
    "Invalid value for {param_hint}: {message}": "Ongeldige waarde voor {param_hint}: {message}",
    "Missing argument": "Er ontbreekt een argument",
    "Missing option": "Er ontbreekt een optie",
    "Missing parameter": "Er ontbreekt een parameter",
    "Missing {param_type}": "Er ontbreekt een {param_type}",
    "Missing parameter: {param_name}": "Er ontbreekt een parameter: {param_name}",
    "Missing command.": "Er ontbreekt een opdracht.",
    "No such option {name!r}.": "De optie {name!r} bestaat niet.",
    "No such command {name!r}.": "De opdracht {name!r} bestaat niet.",
    "Did you mean {possibility}?": "Bedoelt u {possibility}?",
    "(Did you mean one of: {possibilities}?)": "(Bedoelt u een van: {possibilities}?)",
    "Got unexpected extra argument ({args})": "Er staat een argument te veel ({args})",
    "Got unexpected extra arguments ({args})": "Er staan argumenten te veel ({args})",
    "Option {name!r} requires an argument.": "De optie {name!r} vraagt een waarde erachter.",
    "Option {name!r} requires {nargs} arguments.": "De optie {name!r} vraagt {nargs} waarden erachter.",
    "Option {name!r} does not take a value.": "De optie {name!r} krijgt geen waarde.",
    "{value!r} is not {choice}.": "{value!r} is niet {choice}.",
    "{value!r} is not one of {choices}.": "{value!r} is niet een van {choices}.",
    "{value!r} is not a valid {number_type}.": "{value!r} is geen geldig getal.",
    "{value} is not in the range {range}.": "{value} ligt niet in {range}.",
    "{value!r} is not a valid UUID.": "{value!r} is geen geldig nummer (UUID).",
    "Choose from:\n\t{choices}": "Kies uit:\n\t{choices}",
    "file": "bestand",
    "directory": "map",
    "path": "pad",
    "{name} {filename!r} does not exist.": "{name} {filename!r} bestaat niet.",
    "{name} {filename!r} is a file.": "{name} {filename!r} is een bestand.",
    "{name} {filename!r} is a directory.": "{name} {filename!r} is een map.",
    "{name} {filename!r} is not readable.": "{name} {filename!r} is niet te lezen.",
    "{name} {filename!r} is not writable.": "{name} {filename!r} is niet te schrijven.",
    "Could not open file {filename!r}: {message}": "Het bestand {filename!r} is niet te openen: {message}",
    "default: {default}": "standaard: {default}",
    "required": "verplicht",
    "Show this message and exit.": "Laat deze uitleg zien.",
    "Show the version and exit.": "Laat de versie zien.",
}


def say(message: str) -> str:
    """The Dutch sentence, or click's own when there is none."""
    return WORDS.get(message, message)


def say_many(one: str, more: str, n: int) -> str:
    """The same for a sentence with a plural."""
    return say(one if n == 1 else more)


def in_dutch() -> None:
    """Let click speak Dutch, wherever it runs."""
    modules: tuple[ModuleType, ...] = (core, decorators, exceptions, formatting, parser, types)
    for module in modules:
        for name, ours in (("_", say), ("ngettext", say_many)):
            if hasattr(module, name):
                setattr(module, name, ours)
