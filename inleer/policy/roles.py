"""Who may do what: permissions, roles, and the one literal table that joins them.

Each cell names the relations between actor and thing under which the role has the permission. What a relation
means for a kind of thing is registered by the feature that owns it (see :mod:`inleer.policy.scope`). The table
was written from ``docs/access.md``; change that first.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """A role in an organisation. SYSTEM is the command line and the worker."""

    COACH = "coach"
    LEERHOME_COORDINATOR = "leerhome_coordinator"
    TEACHER = "teacher"
    EMPLOYER = "employer"
    WORKPLACE_SUPERVISOR = "workplace_supervisor"
    CANDIDATE = "candidate"
    PROGRAMME_MANAGER = "programme_manager"
    STEERING_GROUP = "steering_group"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


ROLE_LABELS: Mapping[Role, str] = {
    Role.COACH: "werkcoach",
    Role.LEERHOME_COORDINATOR: "leerhome-coördinator",
    Role.TEACHER: "docent ROC",
    Role.EMPLOYER: "werkgever",
    Role.WORKPLACE_SUPERVISOR: "werkplekbegeleider",
    Role.CANDIDATE: "kandidaat",
    Role.PROGRAMME_MANAGER: "programmamanager",
    Role.STEERING_GROUP: "stuurgroep",
    Role.ADMINISTRATOR: "functioneel beheerder",
    Role.SYSTEM: "systeem",
}

# A second factor is mandatory for these (trust promise 14).
PROFESSIONAL_ROLES = frozenset(
    {Role.COACH, Role.LEERHOME_COORDINATOR, Role.TEACHER, Role.PROGRAMME_MANAGER, Role.ADMINISTRATOR}
)

# Which kinds of organisation a role can be given in.
ROLE_KINDS: Mapping[Role, frozenset[str]] = {
    Role.COACH: frozenset({"work_agency"}),
    Role.PROGRAMME_MANAGER: frozenset({"work_agency"}),
    Role.ADMINISTRATOR: frozenset({"work_agency"}),
    Role.STEERING_GROUP: frozenset({"work_agency", "employer", "school", "leerhome", "partner"}),
    Role.TEACHER: frozenset({"school"}),
    Role.LEERHOME_COORDINATOR: frozenset({"leerhome"}),
    Role.EMPLOYER: frozenset({"employer"}),
    Role.WORKPLACE_SUPERVISOR: frozenset({"employer", "partner"}),
    Role.CANDIDATE: frozenset({"work_agency"}),
}


class Perm(StrEnum):
    """Everything that can be permitted, as resource:action."""

    ACCOUNT_OWN = "account:own"
    SEARCH_USE = "search:use"
    COHORT_LIST = "cohort:list"
    COHORT_VIEW = "cohort:view"
    COHORT_BOARD = "cohort:board"
    COHORT_CREATE = "cohort:create"
    COHORT_PLAN = "cohort:plan"
    COHORT_IMPORT = "cohort:import"
    COHORT_REPORT = "cohort:report"
    ENROLMENT_VIEW = "enrolment:view"
    ENROLMENT_CHANGE = "enrolment:change"
    PHASE_VIEW = "phase:view"
    PHASE_COMPLETE = "phase:complete"
    PHASE_GROUP = "phase:group"
    PLACEMENT_VIEW = "placement:view"
    PLACEMENT_PLAN = "placement:plan"
    CANDIDATE_LIST = "candidate:list"
    CANDIDATE_VIEW = "candidate:view"
    CANDIDATE_CHANGE = "candidate:change"
    CANDIDATE_INTAKE = "candidate:intake"
    CANDIDATE_COACH = "candidate:coach"
    CANDIDATE_MERGE = "candidate:merge"
    DUPLICATE_VIEW = "duplicate:view"
    COVER_ARRANGE = "cover:arrange"
    NOTE_READ = "note:read"
    NOTE_WRITE = "note:write"
    ESCALATION_RAISE = "escalation:raise"
    ESCALATION_VIEW = "escalation:view"
    ESCALATION_ACKNOWLEDGE = "escalation:acknowledge"
    SESSION_LIST = "session:list"
    SESSION_VIEW = "session:view"
    SESSION_CHANGE = "session:change"
    ATTENDANCE_VIEW = "attendance:view"
    ATTENDANCE_RECORD = "attendance:record"
    ATTENDANCE_CORRECT = "attendance:correct"
    SIGNAL_VIEW = "signal:view"
    SIGNAL_HANDLE = "signal:handle"
    INTENTION_VIEW = "intention:view"
    INTENTION_RECORD = "intention:record"
    INTENTION_ASK = "intention:ask"
    INTENTION_ANSWER = "intention:answer"
    EMPLOYER_VIEW = "employer:view"
    IMPORT_VIEW = "import:view"
    IMPORT_UNDO = "import:undo"
    ROUTE_VIEW = "route:view"
    ORGANISATION_LIST = "organisation:list"
    ORGANISATION_MANAGE = "organisation:manage"
    USER_MANAGE = "user:manage"
    SETTING_MANAGE = "setting:manage"
    PLUGIN_VIEW = "plugin:view"
    MESSAGE_MANAGE = "message:manage"
    AUDIT_VIEW = "audit:view"
    STYLEGUIDE_VIEW = "styleguide:view"


# Relations. "any" needs no thing; the others are registered per model.
ANY = frozenset({"any"})
AGENCY = frozenset({"agency"})
CASELOAD = frozenset({"caseload"})
LEERHOME = frozenset({"leerhome"})
SCHOOL = frozenset({"school"})
OWN = frozenset({"own"})
EMPLOYER = frozenset({"employer"})
_Table = Mapping[Role, Mapping[str, frozenset[str]]]

_EVERYONE: Mapping[str, frozenset[str]] = {Perm.ACCOUNT_OWN: ANY, Perm.STYLEGUIDE_VIEW: ANY}

ROLE_TABLE: _Table = {
    Role.COACH: {
        **_EVERYONE,
        Perm.SEARCH_USE: ANY,
        Perm.COHORT_LIST: AGENCY,
        Perm.COHORT_VIEW: AGENCY,
        Perm.COHORT_BOARD: AGENCY,
        Perm.COHORT_REPORT: AGENCY,
        Perm.ENROLMENT_VIEW: AGENCY,
        Perm.ENROLMENT_CHANGE: CASELOAD,
        Perm.PHASE_VIEW: CASELOAD,
        Perm.PHASE_COMPLETE: CASELOAD,
        Perm.PHASE_GROUP: AGENCY,
        Perm.PLACEMENT_VIEW: CASELOAD,
        Perm.PLACEMENT_PLAN: CASELOAD,
        Perm.CANDIDATE_LIST: CASELOAD,
        Perm.CANDIDATE_VIEW: CASELOAD,
        Perm.CANDIDATE_CHANGE: CASELOAD,
        Perm.CANDIDATE_INTAKE: CASELOAD,
        Perm.CANDIDATE_COACH: frozenset({"own", "caseload"}),
        Perm.CANDIDATE_MERGE: CASELOAD,
        Perm.DUPLICATE_VIEW: CASELOAD,
        Perm.COVER_ARRANGE: ANY,
        Perm.NOTE_READ: frozenset({"own", "own_organisation", "coaches", "cohort"}),
        Perm.NOTE_WRITE: CASELOAD,
        Perm.ESCALATION_VIEW: CASELOAD,
        Perm.ESCALATION_ACKNOWLEDGE: CASELOAD,
        Perm.SESSION_LIST: AGENCY,
        Perm.SESSION_VIEW: AGENCY,
        Perm.ATTENDANCE_VIEW: CASELOAD,
        Perm.SIGNAL_VIEW: CASELOAD,
        Perm.SIGNAL_HANDLE: CASELOAD,
        Perm.INTENTION_VIEW: AGENCY,
        Perm.INTENTION_RECORD: AGENCY,
        Perm.INTENTION_ASK: AGENCY,
        Perm.EMPLOYER_VIEW: EMPLOYER,
        Perm.ROUTE_VIEW: ANY,
    },
    Role.LEERHOME_COORDINATOR: {
        **_EVERYONE,
        Perm.SEARCH_USE: ANY,
        Perm.COHORT_LIST: LEERHOME,
        Perm.COHORT_VIEW: LEERHOME,
        Perm.COHORT_BOARD: LEERHOME,
        Perm.ENROLMENT_VIEW: LEERHOME,
        Perm.ENROLMENT_CHANGE: LEERHOME,
        Perm.PHASE_VIEW: LEERHOME,
        Perm.PHASE_COMPLETE: LEERHOME,
        Perm.PHASE_GROUP: LEERHOME,
        Perm.PLACEMENT_VIEW: LEERHOME,
        Perm.CANDIDATE_LIST: LEERHOME,
        Perm.CANDIDATE_VIEW: LEERHOME,
        Perm.CANDIDATE_INTAKE: LEERHOME,
        Perm.NOTE_READ: frozenset({"own", "own_organisation", "cohort"}),
        Perm.NOTE_WRITE: LEERHOME,
        Perm.ESCALATION_RAISE: LEERHOME,
        Perm.ESCALATION_VIEW: LEERHOME,
        Perm.SESSION_LIST: frozenset({"leerhome", "organiser"}),
        Perm.SESSION_VIEW: frozenset({"leerhome", "organiser"}),
        Perm.ATTENDANCE_VIEW: LEERHOME,
        Perm.ATTENDANCE_RECORD: frozenset({"organiser"}),
        Perm.ATTENDANCE_CORRECT: frozenset({"organiser"}),
        Perm.SIGNAL_VIEW: LEERHOME,
        Perm.SIGNAL_HANDLE: frozenset({"organiser"}),
    },
    Role.TEACHER: {
        **_EVERYONE,
        Perm.SEARCH_USE: ANY,
        Perm.SESSION_LIST: frozenset({"organiser"}),
        Perm.SESSION_VIEW: frozenset({"organiser"}),
        Perm.SESSION_CHANGE: frozenset({"organiser"}),
        Perm.ENROLMENT_VIEW: SCHOOL,
        Perm.ATTENDANCE_VIEW: SCHOOL,
        Perm.ATTENDANCE_RECORD: frozenset({"organiser"}),
        Perm.ATTENDANCE_CORRECT: frozenset({"organiser"}),
        Perm.SIGNAL_VIEW: frozenset({"organiser"}),
        Perm.SIGNAL_HANDLE: frozenset({"organiser"}),
    },
    Role.PROGRAMME_MANAGER: {
        **_EVERYONE,
        Perm.SEARCH_USE: ANY,
        Perm.COHORT_LIST: AGENCY,
        Perm.COHORT_VIEW: AGENCY,
        Perm.COHORT_BOARD: AGENCY,
        Perm.COHORT_CREATE: ANY,
        Perm.COHORT_PLAN: AGENCY,
        Perm.COHORT_IMPORT: AGENCY,
        Perm.COHORT_REPORT: AGENCY,
        Perm.ENROLMENT_VIEW: AGENCY,
        Perm.PLACEMENT_VIEW: AGENCY,
        Perm.PLACEMENT_PLAN: AGENCY,
        Perm.CANDIDATE_COACH: AGENCY,
        Perm.DUPLICATE_VIEW: AGENCY,
        Perm.SESSION_LIST: AGENCY,
        Perm.SESSION_VIEW: AGENCY,
        Perm.SESSION_CHANGE: AGENCY,
        Perm.INTENTION_VIEW: AGENCY,
        Perm.INTENTION_RECORD: AGENCY,
        Perm.INTENTION_ASK: AGENCY,
        Perm.EMPLOYER_VIEW: EMPLOYER,
        Perm.IMPORT_VIEW: AGENCY,
        Perm.IMPORT_UNDO: AGENCY,
        Perm.ROUTE_VIEW: ANY,
        Perm.ORGANISATION_LIST: frozenset({"own", "managed", "partner"}),
    },
    Role.ADMINISTRATOR: {
        **_EVERYONE,
        Perm.ROUTE_VIEW: ANY,
        Perm.ORGANISATION_LIST: frozenset({"own", "managed"}),
        Perm.ORGANISATION_MANAGE: frozenset({"own", "managed"}),
        Perm.USER_MANAGE: frozenset({"own", "managed"}),
        Perm.SETTING_MANAGE: ANY,
        Perm.PLUGIN_VIEW: ANY,
        Perm.MESSAGE_MANAGE: ANY,
        Perm.AUDIT_VIEW: OWN,
    },
    Role.EMPLOYER: {**_EVERYONE, Perm.INTENTION_ANSWER: EMPLOYER},
    Role.WORKPLACE_SUPERVISOR: {**_EVERYONE},
    Role.CANDIDATE: {**_EVERYONE},
    Role.STEERING_GROUP: {**_EVERYONE},
}
