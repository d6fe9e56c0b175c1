"""The tables that the board needs, as Django models that own nothing."""

from __future__ import annotations

from typing import Any

from django.db import models


def row(table: str) -> type[Any]:
    """The Meta of a model on an existing table."""
    return type("Meta", (), {"managed": False, "app_label": "peer", "db_table": table})


def link(to: str, **options: Any) -> Any:
    """A foreign key without a way back."""
    return models.ForeignKey(to, models.DO_NOTHING, related_name=options.pop("related_name", "+"), **options)


class User(models.Model):
    """Somebody with a login."""

    id = models.UUIDField(primary_key=True)
    name = models.TextField()
    active = models.BooleanField()
    Meta = row("user_account")


class Membership(models.Model):
    """A role in an organisation."""

    id = models.UUIDField(primary_key=True)
    organisation_id = models.UUIDField()
    role = models.TextField()
    ended_at = models.DateTimeField(null=True)
    Meta = row("membership")


class UserSession(models.Model):
    """A login."""

    id = models.UUIDField(primary_key=True)
    token_hash = models.TextField()
    user = link("peer.User")
    membership = link("peer.Membership")
    ended_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    Meta = row("user_session")


class RouteVersion(models.Model):
    """A published route."""

    id = models.UUIDField(primary_key=True)
    name = models.TextField()
    version = models.IntegerField()
    Meta = row("route_version")


class Cohort(models.Model):
    """An edition."""

    id = models.UUIDField(primary_key=True)
    name = models.TextField()
    state = models.TextField()
    starts_on = models.DateField()
    agency_id = models.UUIDField()
    route_version = link("peer.RouteVersion")
    Meta = row("cohort")


class Phase(models.Model):
    """A phase of an edition."""

    id = models.UUIDField(primary_key=True)
    cohort_id = models.UUIDField()
    name = models.TextField()
    position = models.IntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    Meta = row("cohort_phase")


class Candidate(models.Model):
    """A person."""

    id = models.UUIDField(primary_key=True)
    first_name = models.TextField()
    tussenvoegsel = models.TextField()
    last_name = models.TextField()
    sort_name = models.TextField()
    coach = link("peer.User", null=True)
    Meta = row("candidate")


class Enrolment(models.Model):
    """A person in an edition."""

    id = models.UUIDField(primary_key=True)
    cohort_id = models.UUIDField()
    candidate = link("peer.Candidate")
    state = models.TextField()
    Meta = row("enrolment")


class Total(models.Model):
    """The roll-up of an enrolment."""

    enrolment = models.OneToOneField(Enrolment, models.DO_NOTHING, primary_key=True, related_name="total")
    planned = models.IntegerField()
    missed = models.IntegerField()
    Meta = row("enrolment_total")


class Week(models.Model):
    """The roll-up of a week."""

    pk = models.CompositePrimaryKey("enrolment_id", "monday")
    enrolment = link("peer.Enrolment")
    monday = models.DateField()
    planned = models.IntegerField()
    missed = models.IntegerField()
    unexcused = models.IntegerField()
    Meta = row("enrolment_week")


class Note(models.Model):
    """A contact."""

    id = models.UUIDField(primary_key=True)
    candidate_id = models.UUIDField()
    organisation_id = models.UUIDField()
    on = models.DateField()
    removed_at = models.DateTimeField(null=True)
    Meta = row("note")


class Escalation(models.Model):
    """A message to a coach."""

    id = models.UUIDField(primary_key=True)
    candidate_id = models.UUIDField()
    state = models.TextField()
    Meta = row("escalation")


class Signal(models.Model):
    """Something that needs somebody."""

    id = models.UUIDField(primary_key=True)
    candidate_id = models.UUIDField(null=True)
    cohort_id = models.UUIDField(null=True)
    tone = models.TextField()
    text = models.TextField()
    on = models.DateField()
    state = models.TextField()
    Meta = row("signal")


class Lesson(models.Model):
    """A session."""

    id = models.UUIDField(primary_key=True)
    title = models.TextField()
    on = models.DateField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.TextField()
    location = models.TextField(null=True)
    teacher = link("peer.User", null=True)
    substitute = link("peer.User", null=True)
    Meta = row("session")


class LessonCohort(models.Model):
    """A session of an edition."""

    pk = models.CompositePrimaryKey("cohort_id", "session_id")
    cohort_id = models.UUIDField()
    session = link("peer.Lesson", related_name="cohorts")
    Meta = row("session_cohort")


class Organisation(models.Model):
    """An employer."""

    id = models.UUIDField(primary_key=True)
    name = models.TextField()
    Meta = row("organisation")


class Intention(models.Model):
    """A commitment of an employer."""

    id = models.UUIDField(primary_key=True)
    cohort_id = models.UUIDField()
    employer = link("peer.Organisation")
    function = models.TextField()
    kind = models.TextField()
    positions = models.IntegerField(null=True)
    hours_min = models.IntegerField(null=True)
    hours_max = models.IntegerField(null=True)
    state = models.TextField()
    confirmed_on = models.DateField(null=True)
    Meta = row("job_intention")
