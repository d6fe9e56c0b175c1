"""One case for each rule that changes something, in an order in which each finds what it needs."""

from tests.web.cases.account import ACCOUNT, ADMIN
from tests.web.cases.lessons import IMPORTS, LESSONS
from tests.web.cases.people import PEOPLE_CASES, SIGNALS
from tests.web.cases.phases import PHASES
from tests.web.cases.planning import PLANNING
from tests.web.cases.zorg import ZORG

CASES = [*SIGNALS, *PLANNING, *PHASES, *PEOPLE_CASES, *LESSONS, *IMPORTS, *ZORG, *ADMIN, *ACCOUNT]
PEOPLE_NEEDED = 8
