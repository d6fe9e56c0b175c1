"""One case for each rule that changes something, in an order in which each finds what it needs."""

from tests.sectors import sectors
from tests.web.cases.account import ACCOUNT, ADMIN
from tests.web.cases.agendas import AGENDAS
from tests.web.cases.employers import EMPLOYERS
from tests.web.cases.lessons import IMPORTS, LESSONS
from tests.web.cases.people import PEOPLE_CASES, SIGNALS
from tests.web.cases.phases import PHASES
from tests.web.cases.placements import PLACEMENTS
from tests.web.cases.planning import PLANNING
from tests.web.cases.zorg import ZORG

SECTORS = [case for sector in sectors().values() for case in sector.cases]
CASES = [
    *SIGNALS,
    *PLANNING,
    *EMPLOYERS,
    *PHASES,
    *PLACEMENTS,
    *PEOPLE_CASES,
    *LESSONS,
    *IMPORTS,
    *ZORG,
    *SECTORS,
    *AGENDAS,
    *ADMIN,
    *ACCOUNT,
]
PEOPLE_NEEDED = 8
