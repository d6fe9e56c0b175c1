"""The board, tuned by hand: joins and annotations in place of a query per row, roll-ups in place of marks."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from bench.floor import WINDOW, today_here
from bench.peer import models as m


def hello(_request: HttpRequest) -> HttpResponse:
    """Whether the server is there."""
    return HttpResponse("hello")


def _who(request: HttpRequest) -> Any:
    token = request.COOKIES.get("floor", "")
    found = (
        m.UserSession.objects.select_related("user", "membership")
        .filter(token_hash=hashlib.sha256(token.encode()).hexdigest(), ended_at=None, user__active=True)
        .filter(expires_at__gt=timezone.now(), membership__ended_at=None)
        .first()
    )
    if found is None:
        raise Http404
    return found


def _people(cohort: Any, agency: UUID) -> Any:
    notes = m.Note.objects.filter(
        candidate_id=OuterRef("candidate_id"), organisation_id=agency, removed_at=None
    )
    messages = m.Escalation.objects.filter(candidate_id=OuterRef("candidate_id"), state="open")
    return (
        m.Enrolment.objects.filter(cohort_id=cohort.id)
        .select_related("candidate__coach", "total")
        .annotate(
            contact_on=Subquery(notes.values("candidate_id").annotate(last=Max("on")).values("last")),
            escalations=Coalesce(
                Subquery(messages.values("candidate_id").annotate(n=Count("id")).values("n")), 0
            ),
        )
        .order_by("candidate__sort_name", "candidate_id")
    )


def board(request: HttpRequest, cohort_id: UUID) -> HttpResponse:
    """P1: a cohort of the user's own agency."""
    who = _who(request)
    agency = who.membership.organisation_id
    cohort = m.Cohort.objects.select_related("route_version").filter(id=cohort_id, agency_id=agency).first()
    if cohort is None:
        raise Http404
    today = today_here()
    monday = today - timedelta(days=today.weekday())
    mondays = [monday - timedelta(weeks=n) for n in range(8, -1, -1)]
    weeks: dict[Any, dict[date, Any]] = defaultdict(dict)
    for week in m.Week.objects.filter(enrolment__cohort_id=cohort.id, monday__gte=today - WINDOW):
        weeks[week.enrolment_id][week.monday] = week
    signals = defaultdict(list)
    for signal in m.Signal.objects.filter(cohort_id=cohort.id, state="open").defer("state"):
        signals[signal.candidate_id].append(signal)
    people = list(_people(cohort, agency))
    for person in people:
        person.strip = [weeks[person.id].get(on) for on in mondays]
        person.signals = signals.get(person.candidate_id, [])
        total = person.total
        person.share = 100 * (total.planned - total.missed) / total.planned if total.planned else None
    this_week = Q(on__gte=monday, on__lte=monday + timedelta(days=6))
    waiting = Q(on__lt=today, state__in=("planned", "open"))
    lessons = m.Lesson.objects.filter(this_week | waiting, cohorts__cohort_id=cohort.id)
    context = {
        "who": who,
        "cohort": cohort,
        "people": people,
        "phases": m.Phase.objects.filter(cohort_id=cohort.id).order_by("position"),
        "lessons": lessons.select_related("teacher", "substitute").order_by("starts_at"),
        "intentions": m.Intention.objects.filter(cohort_id=cohort.id)
        .select_related("employer")
        .order_by("employer__name"),
    }
    return render(request, "p1.html", context)


urlpatterns = [path("hello", hello), path("p1/<uuid:cohort_id>", board)]
