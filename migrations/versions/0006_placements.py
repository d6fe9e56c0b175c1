"""Placements, with their steps. Two of one person overlap in dates only when their days of the week do not.

PostgreSQL refuses an overlap by an exclusion constraint, over ranges of our own: so no extension is needed. On SQLite
triggers do; there one transaction writes at a time. A later revision that touches this table there makes them again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

KINDS = "'neighbourhood', 'adl', 'shadowing', 'orientation_job', 'rotation', 'on_site'"
STATES = "'proposed', 'agreed', 'running', 'completed', 'ended_early'"
ENDED_BY = "'candidate', 'employer', 'school', 'leerhome', 'agency'"
DAYS = " + ".join(f"((weekdays >> {day}) & 1)" for day in range(7))
ENDED = (
    "(state = 'ended_early' AND ended_on IS NOT NULL AND ended_by IS NOT NULL AND ended_reason <> '')"
    " OR (state <> 'ended_early' AND ended_on IS NULL AND ended_by IS NULL AND ended_reason = '')"
)
POSTGRESQL = """
CREATE TYPE inleer_uuidrange AS RANGE (subtype = uuid);
CREATE FUNCTION inleer_weekdays(days integer) RETURNS int4multirange LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS 'SELECT range_agg(int4range(day, day + 1)) FROM generate_series(0, 6) AS day WHERE (days >> day) & 1 = 1';
ALTER TABLE placement ADD CONSTRAINT ex_placement_overlap EXCLUDE USING gist (
  inleer_uuidrange(candidate_id, candidate_id, '[]') WITH &&,
  daterange(from_on, coalesce(ended_on, until_on) + 1) WITH &&,
  inleer_weekdays(weekdays) WITH &&
);
"""
SQLITE = """
CREATE TRIGGER placement_no_overlap_{verb} BEFORE {verb} ON placement
WHEN NEW.from_on <= coalesce(NEW.ended_on, NEW.until_on) AND EXISTS (
  SELECT 1 FROM placement p WHERE p.candidate_id = NEW.candidate_id AND p.id <> NEW.id
    AND p.from_on <= coalesce(p.ended_on, p.until_on) AND p.weekdays & NEW.weekdays <> 0
    AND p.from_on <= coalesce(NEW.ended_on, NEW.until_on) AND NEW.from_on <= coalesce(p.ended_on, p.until_on)
)
BEGIN SELECT RAISE(ABORT, 'placements of one person overlap'); END
"""


def upgrade() -> None:
    """Make the tables, then what keeps placements out of each other's way."""
    _placement()
    _events()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL)
        return
    for verb in ("insert", "update"):
        op.execute(SQLITE.format(verb=verb))


def downgrade() -> None:
    """Take all of it away; the triggers go with their table."""
    op.drop_table("placement_event")
    op.drop_table("placement")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION inleer_weekdays(integer); DROP TYPE inleer_uuidrange")


def _placement() -> None:
    op.create_table(
        "placement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("enrolment_id", sa.Uuid(), nullable=False),
        sa.Column("candidate_id", sa.Uuid(), nullable=False),
        sa.Column("cohort_id", sa.Uuid(), nullable=False),
        sa.Column("phase_key", sa.String(length=80), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("host_id", sa.Uuid(), nullable=False),
        sa.Column("contract_partner_id", sa.Uuid(), nullable=True),
        sa.Column("function", sa.String(length=200), nullable=False),
        sa.Column("department", sa.String(length=200), nullable=True),
        sa.Column("supervisor_name", sa.String(length=200), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("weekdays", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_by", sa.String(length=20), nullable=True),
        sa.Column("ended_reason", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *_checks(),
        *(
            sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=op.f(f"fk_placement_{column}_{parent}"))
            for column, parent in (
                ("enrolment_id", "enrolment"),
                ("candidate_id", "candidate"),
                ("cohort_id", "cohort"),
                ("host_id", "organisation"),
                ("contract_partner_id", "organisation"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement")),
    )
    op.create_index(op.f("ix_placement_enrolment_id"), "placement", ["enrolment_id"])
    op.create_index(op.f("ix_placement_host_id"), "placement", ["host_id"])
    op.create_index("ix_placement_candidate", "placement", ["candidate_id", "from_on"])
    op.create_index("ix_placement_cohort", "placement", ["cohort_id"])


def _checks() -> list[sa.CheckConstraint]:
    conditions = {
        "kind": f"kind IN ({KINDS})",
        "state": f"state IN ({STATES})",
        "dates": "until_on >= from_on",
        "weekdays": "weekdays BETWEEN 1 AND 127",
        "hours": f"hours >= 1 AND hours <= 24 * ({DAYS})",
        "ended_by": f"ended_by IS NULL OR ended_by IN ({ENDED_BY})",
        "ended": ENDED,
    }
    return [sa.CheckConstraint(text, name=op.f(f"ck_placement_{name}")) for name, text in conditions.items()]


def _events() -> None:
    op.create_table(
        "placement_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("placement_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("from_state", sa.String(length=12), nullable=True),
        sa.Column("to_state", sa.String(length=12), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["placement_id"], ["placement.id"], name=op.f("fk_placement_event_placement_id_placement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_placement_event")),
        sa.UniqueConstraint("placement_id", "number", name=op.f("uq_placement_event_placement_id_number")),
    )
