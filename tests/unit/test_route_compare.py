"""Two versions of a route in words: each attribute of each record has its sentence, and equal versions have none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from inleer_zorg.routes import WIJKLEERBEDRIJF

from inleer.errors import DomainError
from inleer.extend.types import (
    Commitment,
    CommitmentKind,
    Duration,
    DurationUnit,
    Exit,
    ExitKind,
    GroupSize,
    Host,
    Matching,
    PhaseDef,
    PhaseKind,
    RouteDefinition,
    SessionKind,
    Strand,
)
from inleer.leerroutes import compare as route_words
from inleer.leerroutes import compare_phases as phase_words
from inleer.leerroutes.compare import CHANGED, GONE, NEW, SAME, compare
from inleer.plugin.templates import months, open_ended, school_weeks, weeks
from tests.routes import two_versions

FIRST, SECOND = WIJKLEERBEDRIJF
# Making up routes takes long on a busy machine, which says nothing about them.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
LESSON = Strand(
    key="school",
    name="Les",
    session_kind=SessionKind.LESSON,
    host=Host.SCHOOL,
    weekdays=(1,),
    start="09:00",
    end="15:00",
    counts=True,
)
HOURS = Strand(
    key="stage",
    name="Stage",
    session_kind=SessionKind.PRACTICE,
    host=Host.WORKPLACE,
    makes_sessions=False,
    hours_per_week=16,
)
PRACTICE = PhaseDef(
    key="praktijk",
    name="Praktijk",
    kind=PhaseKind.LEARNING,
    duration=months(5),
    strands=(LESSON, HOURS),
    completion=("zorg.uren", "zorg.toets"),
    checkpoints=(3,),
)
WORK = PhaseDef(key="werk", name="Werk", kind=PhaseKind.WORK, duration=months(12))
BASE = RouteDefinition(
    key="zorg.proef",
    version=1,
    name="Proefroute",
    summary="Werken en leren.",
    phases=(PRACTICE, WORK),
    commitment=Commitment(kind=CommitmentKind.CONDITIONAL_CONTRACT, timing=Matching.LATE),
    group=GroupSize(target=14, min=12, max=16),
    exits=(
        Exit(key="baan", name="Baan", kind=ExitKind.JOB),
        Exit(key="bbl", name="Bbl 3", kind=ExitKind.BBL),
    ),
    duration_text="17 maanden",
    qualification="diploma mbo 2",
    field_groups=("zorg.intake", "zorg.taal"),
    sources=("Bron A", "Bron B"),
)
NAMES = {"zorg.uren": "Uren in de wijk", "zorg.taal": "Taal"}


def route(**changes: Any) -> RouteDefinition:
    return replace(BASE, **changes)


def practice(**changes: Any) -> RouteDefinition:
    return route(phases=(replace(PRACTICE, **changes), WORK))


def lesson(**changes: Any) -> RouteDefinition:
    return practice(strands=(replace(LESSON, **changes), HOURS))


def group(**changes: Any) -> RouteDefinition:
    return route(group=replace(BASE.group, **changes))


def commitment(**changes: Any) -> RouteDefinition:
    assert BASE.commitment is not None
    return route(commitment=replace(BASE.commitment, **changes))


def first_exit(**changes: Any) -> RouteDefinition:
    return route(exits=(replace(BASE.exits[0], **changes), BASE.exits[1]))


#: (record, attribute): a version in which only that differs from BASE, and all sentences about it.
INVENTED: dict[tuple[type, str], list[tuple[RouteDefinition, list[str]]]] = {
    (RouteDefinition, "name"): [(route(name="Nieuw"), ["De route heet “Nieuw” in plaats van “Proefroute”."])],
    (RouteDefinition, "summary"): [
        (route(summary="Alleen leren."), ["De samenvatting is: “Alleen leren.” Dat was: “Werken en leren.”"])
    ],
    (RouteDefinition, "phases"): [
        (route(phases=(PRACTICE,)), ["Vervallen fase: Werk: 12 maanden."]),
        (route(phases=(WORK, PRACTICE)), ["De fasen staan in een andere volgorde."]),
        (
            route(phases=(*BASE.phases, replace(PRACTICE, key="extra", name="Extra"))),
            [
                "Nieuwe fase: Extra: 5 maanden, met een peiling na 3 maanden.",
                "Nieuw in fase “Extra”: Les: dinsdag van 09:00 tot 15:00 op school.",
                "Nieuw in fase “Extra”: Stage: 16 uur per week op de werkplek.",
                "Fase “Extra” vraagt ook de regel “Uren in de wijk”.",
                "Fase “Extra” vraagt ook de regel “zorg.toets”.",
            ],
        ),
    ],
    (RouteDefinition, "commitment"): [
        (
            route(commitment=None),
            [
                "Werkgevers leggen zich niet vast. Dat was: Werkgevers geven een voorwaardelijk contract; de koppeling"
                " is laat in de route; het aantal plaatsen staat vast."
            ],
        )
    ],
    (RouteDefinition, "group"): [
        (
            route(group=GroupSize(target=20)),
            [
                "De groep is bedoeld voor 20 deelnemers in plaats van 14.",
                "Het minimum van de groep is niet vastgelegd in plaats van 12.",
                "Het maximum van de groep is niet vastgelegd in plaats van 16.",
            ],
        )
    ],
    (RouteDefinition, "exits"): [
        (route(exits=BASE.exits[:1]), ["Telt niet meer als geslaagd: “Bbl 3” (een bbl-opleiding)."]),
        (route(exits=BASE.exits[::-1]), ["De uitkomsten staan in een andere volgorde."]),
        (
            route(exits=(*BASE.exits, Exit(key="studie", name="Mbo 4", kind=ExitKind.FURTHER_STUDY))),
            ["Telt nu ook als geslaagd: “Mbo 4” (een vervolgopleiding)."],
        ),
    ],
    (RouteDefinition, "duration_text"): [
        (route(duration_text="1 jaar"), ["De hele route duurt 1 jaar in plaats van 17 maanden."])
    ],
    (RouteDefinition, "qualification"): [
        (route(qualification="mbo 3"), ["De route leidt op tot mbo 3 in plaats van diploma mbo 2."]),
        (route(qualification=""), ["De route leidt niet meer op tot diploma mbo 2."]),
    ],
    (RouteDefinition, "field_groups"): [
        (route(field_groups=("zorg.intake",)), ["De intake heeft de vragen van “Taal” niet meer."]),
        (
            route(field_groups=("zorg.taal", "zorg.intake")),
            ["De groepen vragen van de intake staan in een andere volgorde."],
        ),
        (
            route(field_groups=(*BASE.field_groups, "zorg.vervoer")),
            ["De intake krijgt de vragen van “zorg.vervoer”."],
        ),
    ],
    (RouteDefinition, "sources"): [
        (route(sources=("Bron A", "Bron C")), ["Nieuwe bron: Bron C.", "Geen bron meer: Bron B."]),
        (route(sources=("Bron B", "Bron A")), ["De bronnen staan in een andere volgorde."]),
    ],
    (Commitment, "kind"): [
        (
            commitment(kind=CommitmentKind.GUARANTEE),
            ["Werkgevers geven een garantie in plaats van een voorwaardelijk contract."],
        )
    ],
    (Commitment, "timing"): [
        (
            commitment(timing=Matching.PER_ROUND),
            ["Mensen en plaatsen worden per ronde gekoppeld in plaats van laat in de route."],
        )
    ],
    (Commitment, "places_may_be_unknown"): [
        (
            commitment(places_may_be_unknown=True),
            ["Het aantal plaatsen van een werkgever mag nog onbekend zijn; het stond vast."],
        )
    ],
    (GroupSize, "target"): [(group(target=15), ["De groep is bedoeld voor 15 deelnemers in plaats van 14."])],
    (GroupSize, "min"): [(group(min=10), ["Het minimum van de groep is 10 in plaats van 12."])],
    (GroupSize, "max"): [(group(max=18), ["Het maximum van de groep is 18 in plaats van 16."])],
    (Exit, "key"): [
        (
            first_exit(key="werk"),
            [
                "Telt nu ook als geslaagd: “Baan” (een baan).",
                "Telt niet meer als geslaagd: “Baan” (een baan).",
            ],
        )
    ],
    (Exit, "name"): [(first_exit(name="Werk"), ["De uitkomst “Baan” heet “Werk”."])],
    (Exit, "kind"): [
        (
            first_exit(kind=ExitKind.JOB_ELSEWHERE),
            ["De uitkomst “Baan” is een baan elders in plaats van een baan."],
        )
    ],
    (PhaseDef, "key"): [
        (
            route(phases=(PRACTICE, replace(WORK, key="baan"))),
            ["Nieuwe fase: Werk: 12 maanden.", "Vervallen fase: Werk: 12 maanden."],
        )
    ],
    (PhaseDef, "name"): [(practice(name="Stage"), ["Fase “Praktijk” heet “Stage”."])],
    (PhaseDef, "kind"): [
        (
            practice(kind=PhaseKind.AFTERCARE),
            ["Fase “Praktijk” is van de soort nazorg in plaats van leren."],
        )
    ],
    (PhaseDef, "duration"): [
        (practice(duration=months(6)), ["Fase “Praktijk” duurt 6 in plaats van 5 maanden."]),
        (practice(duration=months(1)), ["Fase “Praktijk” duurt 1 maand in plaats van 5 maanden."]),
    ],
    (PhaseDef, "before_start"): [
        (
            practice(before_start=True),
            ["Fase “Praktijk” ligt voor de start in plaats van erna."],
        )
    ],
    (PhaseDef, "strands"): [
        (
            practice(strands=(LESSON,)),
            ["Niet meer in fase “Praktijk”: Stage: 16 uur per week op de werkplek."],
        ),
        (practice(strands=(HOURS, LESSON)), ["De lijnen van fase “Praktijk” staan in een andere volgorde."]),
        (
            practice(strands=(LESSON, HOURS, replace(HOURS, key="taal", name="Taal", hours_per_week=2))),
            ["Nieuw in fase “Praktijk”: Taal: 2 uur per week op de werkplek."],
        ),
    ],
    (PhaseDef, "completion"): [
        (
            practice(completion=("zorg.toets",)),
            ["Fase “Praktijk” vraagt de regel “Uren in de wijk” niet meer."],
        ),
        (
            practice(completion=("zorg.toets", "zorg.uren")),
            ["De regels van fase “Praktijk” staan in een andere volgorde."],
        ),
        (
            practice(completion=(*PRACTICE.completion, "zorg.vog")),
            ["Fase “Praktijk” vraagt ook de regel “zorg.vog”."],
        ),
    ],
    (PhaseDef, "binding"): [
        (
            practice(binding=("zorg.uren",)),
            ["De regel “Uren in de wijk” van fase “Praktijk” is bindend: afronden met een reden kan niet."],
        ),
        (
            practice(completion=(*PRACTICE.completion, "zorg.vog"), binding=("zorg.vog",)),
            [
                "Fase “Praktijk” vraagt ook de regel “zorg.vog”.",
                "De regel “zorg.vog” van fase “Praktijk” is bindend: afronden met een reden kan niet.",
            ],
        ),
    ],
    (PhaseDef, "checkpoints"): [
        (
            practice(checkpoints=(3, 6)),
            ["Fase “Praktijk” heeft een peiling na 3 en 6 maanden in plaats van een peiling na 3 maanden."],
        ),
        (
            practice(checkpoints=()),
            ["Fase “Praktijk” heeft geen peiling in plaats van een peiling na 3 maanden."],
        ),
    ],
    (Duration, "unit"): [
        (practice(duration=weeks(5)), ["Fase “Praktijk” duurt 5 weken in plaats van 5 maanden."]),
        (
            practice(duration=school_weeks(5)),
            ["Fase “Praktijk” duurt 5 schoolweken in plaats van 5 maanden."],
        ),
        (
            route(phases=(PRACTICE, replace(WORK, duration=open_ended()))),
            ["Fase “Werk” heeft geen vast einde meer; zij duurde 12 maanden."],
        ),
    ],
    (Duration, "amount"): [
        (practice(duration=months(3)), ["Fase “Praktijk” duurt 3 in plaats van 5 maanden."])
    ],
    (Duration, "minimum"): [
        (
            practice(duration=Duration(unit=DurationUnit.MONTHS, minimum=3, maximum=5)),
            ["Fase “Praktijk” duurt 3 tot 5 in plaats van 5 maanden."],
        )
    ],
    (Duration, "maximum"): [
        (
            practice(duration=Duration(unit=DurationUnit.MONTHS, minimum=3, maximum=7)),
            ["Fase “Praktijk” duurt 3 tot 7 in plaats van 5 maanden."],
        )
    ],
    (Strand, "key"): [
        (
            lesson(key="roc"),
            [
                "Nieuw in fase “Praktijk”: Les: dinsdag van 09:00 tot 15:00 op school.",
                "Niet meer in fase “Praktijk”: Les: dinsdag van 09:00 tot 15:00 op school.",
            ],
        )
    ],
    (Strand, "name"): [(lesson(name="Vakles"), ["Fase “Praktijk”: “Les” heet “Vakles”."])],
    (Strand, "session_kind"): [
        (lesson(session_kind=SessionKind.NT2), ["Fase “Praktijk”: “Les” is NT2-les in plaats van les."])
    ],
    (Strand, "host"): [
        (
            lesson(host=Host.LEERHOME),
            ["Fase “Praktijk”: “Les” is bij de leerhome in plaats van op school."],
        )
    ],
    (Strand, "weekdays"): [
        (
            lesson(weekdays=(1, 3)),
            ["Fase “Praktijk”: “Les” is op dinsdag en donderdag in plaats van op dinsdag."],
        )
    ],
    (Strand, "start"): [
        (lesson(start="08:30"), ["Fase “Praktijk”: “Les” begint om 08:30 in plaats van 09:00."])
    ],
    (Strand, "end"): [
        (lesson(end="16:00"), ["Fase “Praktijk”: “Les” eindigt om 16:00 in plaats van 15:00."])
    ],
    (Strand, "counts"): [
        (
            lesson(counts=False),
            ["Fase “Praktijk”: verzuim bij “Les” telt niet meer mee voor het 16-uurssignaal."],
        )
    ],
    (Strand, "makes_sessions"): [
        (
            practice(
                strands=(LESSON, replace(LESSON, key="stage", name="Stage", weekdays=(3,), counts=False))
            ),
            [
                "Fase “Praktijk”: “Stage” is les in plaats van praktijk.",
                "Fase “Praktijk”: “Stage” is op school in plaats van op de werkplek.",
                "Fase “Praktijk”: “Stage” is op donderdag in plaats van zonder vaste dag.",
                "Fase “Praktijk”: “Stage” staat in het rooster in plaats van als uren per week.",
            ],
        )
    ],
    (Strand, "hours_per_week"): [
        (
            practice(strands=(LESSON, replace(HOURS, hours_per_week=24))),
            ["Fase “Praktijk”: “Stage” is 24 in plaats van 16 uur per week."],
        )
    ],
}
#: What makes it a version of this route, and no difference.
IDENTITY = {(RouteDefinition, "key"), (RouteDefinition, "version")}
CASES = [
    pytest.param(new, said, id=f"{record.__name__}.{name}.{number}")
    for (record, name), cases in INVENTED.items()
    for number, (new, said) in enumerate(cases)
]


def records(of: type = RouteDefinition) -> Iterator[type]:
    """The record and every record that it is made of."""
    yield of
    for hint in get_type_hints(of).values():
        for part in (hint, *get_args(hint)):
            if isinstance(part, type) and is_dataclass(part):
                yield from records(part)


ATTRIBUTES = {(record, f.name) for record in set(records()) for f in fields(record)}


def test_every_attribute_of_every_record_has_an_invented_difference() -> None:
    assert {record.__name__ for record, _name in ATTRIBUTES} == {
        "RouteDefinition", "PhaseDef", "Duration", "Strand", "Commitment", "GroupSize", "Exit",
    }  # fmt: skip
    assert set(INVENTED) == ATTRIBUTES - IDENTITY


def test_every_attribute_stands_in_the_table_that_words_it() -> None:
    tables = {
        RouteDefinition: route_words.ROUTE,
        Commitment: route_words.COMMITMENT,
        GroupSize: route_words.GROUP,
        Exit: route_words.EXIT,
        PhaseDef: phase_words.PHASE,
        Strand: phase_words.STRAND,
    }
    for record, table in tables.items():
        assert list(table) and {f.name for f in fields(record)} == set(table), record


@pytest.mark.parametrize(("new", "said"), CASES)
def test_a_difference_is_said(new: RouteDefinition, said: list[str]) -> None:
    assert list(compare(BASE, replace(new, version=2), NAMES).sentences) == said


@pytest.mark.parametrize(("new", "said"), CASES)
def test_the_way_back_is_said_too(new: RouteDefinition, said: list[str]) -> None:
    assert len(compare(replace(new, version=2), BASE, NAMES).sentences) >= 1


def test_a_rule_that_binds_no_more_is_said_once() -> None:
    bound = practice(binding=("zorg.toets",))
    free = list(compare(bound, replace(BASE, version=2), NAMES).sentences)
    assert free == [
        "De regel “zorg.toets” van fase “Praktijk” is niet meer bindend: afronden met een reden kan."
    ]
    gone = practice(completion=("zorg.uren",))
    assert list(compare(bound, replace(gone, version=2), NAMES).sentences) == [
        "Fase “Praktijk” vraagt de regel “zorg.toets” niet meer."
    ]


def test_a_new_phase_says_which_of_its_rules_bind() -> None:
    later = replace(WORK, key="later", name="Later", completion=("zorg.vog",), binding=("zorg.vog",))
    said = compare(BASE, replace(BASE, version=2, phases=(*BASE.phases[:1], later)), NAMES).sentences
    assert "De regel “zorg.vog” van fase “Later” is bindend: afronden met een reden kan niet." in said


def test_the_versions_of_zorg_differ_in_what_employers_bind_themselves_to() -> None:
    found = compare(FIRST, SECOND)
    assert found.sentences == (
        "Werkgevers geven een intentie in plaats van een garantie.",
        "Mensen en plaatsen worden laat in de route gekoppeld in plaats van vooraf.",
        "Het aantal plaatsen van een werkgever mag nog onbekend zijn; het stond vast.",
    )
    assert {phase.state for phase in found.phases} == {SAME}
    assert [phase.new.key for phase in found.phases if phase.new] == [p.key for p in SECOND.phases]


def test_phases_are_marked() -> None:
    extra = replace(WORK, key="nazorg", name="Nazorg")
    found = compare(BASE, route(version=2, phases=(replace(PRACTICE, duration=months(6)), extra)))
    assert [(p.phase.name, p.state) for p in found.phases] == [
        ("Praktijk", CHANGED),
        ("Nazorg", NEW),
        ("Werk", GONE),
    ]


def test_a_phase_map_says_which_phases_belong_together() -> None:
    new = route(version=2, phases=(replace(PRACTICE, key="stage", name="Stage"), WORK))
    found = compare(BASE, new, NAMES, {"praktijk": "stage", "werk": "werk"})
    assert found.sentences == (
        "Fase “Stage” heeft de sleutel stage in plaats van praktijk.",
        "Fase “Praktijk” heet “Stage”.",
    )
    apart = compare(BASE, new, NAMES, {"praktijk": None, "werk": "werk"})
    assert [p.state for p in apart.phases] == [NEW, SAME, GONE]


def test_two_routes_are_not_compared() -> None:
    with pytest.raises(DomainError, match="twee routes"):
        compare(BASE, route(key="zorg.anders"))


@PATIENT
@given(two_versions())
def test_nothing_is_said_exactly_when_nothing_differs(
    versions: tuple[RouteDefinition, RouteDefinition],
) -> None:
    old, new = versions
    assert (compare(old, new).sentences == ()) == (replace(old, version=2) == new)


@PATIENT
@given(two_versions())
def test_every_phase_of_both_versions_is_there_once(
    versions: tuple[RouteDefinition, RouteDefinition],
) -> None:
    old, new = versions
    found = compare(old, new).phases
    assert sorted(p.old.key for p in found if p.old) == sorted(p.key for p in old.phases)
    assert [p.new.key for p in found if p.new] == [p.key for p in new.phases]
    assert all((p.state == SAME) == (not p.sentences) for p in found)
