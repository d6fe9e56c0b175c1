"""The SQL of the floor, as somebody would write it by hand for one page."""

WHO = """
SELECT u.id AS user_id, u.name, m.role, m.organisation_id
FROM user_session s JOIN user_account u ON u.id = s.user_id JOIN membership m ON m.id = s.membership_id
WHERE s.token_hash = %(token_hash)s AND s.ended_at IS NULL AND s.expires_at > now() AND u.active AND m.ended_at IS NULL
"""
COHORT = """
SELECT c.id, c.name, c.state, c.starts_on, r.name AS route, r.version
FROM cohort c JOIN route_version r ON r.id = c.route_version_id WHERE c.id = %(id)s AND c.agency_id = %(agency)s
"""
PEOPLE = """
SELECT e.id, e.candidate_id, e.state, c.first_name, c.tussenvoegsel, c.last_name, u.name AS coach, t.planned, t.missed,
    (SELECT max(n."on") FROM note n WHERE n.candidate_id = c.id AND n.organisation_id = %(agency)s
        AND n.removed_at IS NULL) AS contact_on,
    (SELECT count(*) FROM escalation x WHERE x.candidate_id = c.id AND x.state = 'open') AS escalations
FROM enrolment e JOIN candidate c ON c.id = e.candidate_id LEFT JOIN enrolment_total t ON t.enrolment_id = e.id
LEFT JOIN user_account u ON u.id = c.coach_id WHERE e.cohort_id = %(id)s ORDER BY c.sort_name, c.id
"""
WEEKS = """
SELECT w.* FROM enrolment_week w JOIN enrolment e ON e.id = w.enrolment_id
WHERE e.cohort_id = %(id)s AND w.monday >= %(reach)s
"""
SIGNALS = """
SELECT candidate_id, rule, tone, "on", text FROM signal WHERE cohort_id = %(id)s AND state = 'open'
"""
PHASES = "SELECT name, starts_on, ends_on FROM cohort_phase WHERE cohort_id = %(id)s ORDER BY position"
SESSIONS = """
SELECT s.id, s.title, s."on", s.starts_at, s.ends_at, s.state, s.location, u.name AS teacher
FROM session s JOIN session_cohort sc ON sc.session_id = s.id
LEFT JOIN user_account u ON u.id = coalesce(s.substitute_id, s.teacher_id)
WHERE sc.cohort_id = %(id)s AND (s."on" BETWEEN %(first)s AND %(last)s
    OR (s."on" < %(today)s AND s.state IN ('planned', 'open'))) ORDER BY s.starts_at
"""
INTENTIONS = """
SELECT o.name, i.function, i.kind, i.positions, i.hours_min, i.hours_max, i.state, i.confirmed_on
FROM job_intention i JOIN organisation o ON o.id = i.employer_id WHERE i.cohort_id = %(id)s ORDER BY o.name
"""
SESSION = """
SELECT id, title, starts_at, ends_at, planned_minutes, location, state FROM session
WHERE id = %(id)s AND (teacher_id = %(user)s OR substitute_id = %(user)s)
"""
REGISTER = """
SELECT e.id AS enrolment_id, c.first_name, c.tussenvoegsel, c.last_name, a.status, a.minutes, a.note, a.version,
    a.recorded_by_name, a.recorded_at
FROM session_cohort sc JOIN session s ON s.id = sc.session_id JOIN enrolment e ON e.cohort_id = sc.cohort_id
JOIN candidate c ON c.id = e.candidate_id
LEFT JOIN attendance a ON a.enrolment_id = e.id AND a.session_id = s.id
WHERE s.id = %(id)s AND e.joined_on <= s."on" AND (e.left_on IS NULL OR e.left_on >= s."on")
    AND NOT EXISTS (SELECT 1 FROM pause p WHERE p.enrolment_id = e.id AND p.from_on <= s."on"
        AND (p.ended_on IS NULL OR p.ended_on >= s."on"))
ORDER BY c.sort_name, c.id
"""
RECENT = """
SELECT a.enrolment_id, a.status FROM (
    SELECT p.id, sc2.cohort_id FROM session_cohort sc JOIN session_cohort sc2 ON sc2.cohort_id = sc.cohort_id
    JOIN session p ON p.id = sc2.session_id
    WHERE sc.session_id = %(id)s AND p.starts_at < %(before)s AND p.state <> 'cancelled'
    ORDER BY p.starts_at DESC LIMIT 3) last
JOIN enrolment e ON e.cohort_id = last.cohort_id JOIN attendance a ON a.session_id = last.id AND a.enrolment_id = e.id
"""
SAVE = """
INSERT INTO attendance (enrolment_id, session_id, status, minutes, missed, recorded_by_id, recorded_by_name,
    recorded_at, version)
SELECT e, %(session)s, s, NULL, CASE WHEN s = 'present' THEN 0 ELSE %(planned)s END, %(by)s, %(name)s, now(), 1
FROM unnest(%(enrolments)s::uuid[], %(statuses)s::text[]) AS sent (e, s)
ON CONFLICT (enrolment_id, session_id) DO UPDATE SET status = excluded.status, minutes = NULL,
    missed = excluded.missed, recorded_by_id = excluded.recorded_by_id, recorded_by_name = excluded.recorded_by_name,
    recorded_at = excluded.recorded_at, version = attendance.version + 1
"""
CASELOAD = """
SELECT c.id, c.first_name, c.tussenvoegsel, c.last_name, h.name AS cohort, e.state, t.planned, t.missed,
    (SELECT f.name FROM cohort_phase f WHERE f.cohort_id = h.id AND f.starts_on <= current_date
        AND (f.ends_on IS NULL OR f.ends_on >= current_date) ORDER BY f.position DESC LIMIT 1) AS phase,
    (SELECT max(n."on") FROM note n WHERE n.candidate_id = c.id AND n.organisation_id = %(agency)s
        AND n.removed_at IS NULL) AS contact_on
FROM candidate c LEFT JOIN enrolment e ON e.candidate_id = c.id LEFT JOIN cohort h ON h.id = e.cohort_id
LEFT JOIN enrolment_total t ON t.enrolment_id = e.id
WHERE c.agency_id = %(agency)s AND c.coach_id = %(coach)s ORDER BY c.sort_name, c.id
"""
UNEXCUSED = """
SELECT e.candidate_id, sum(w.window_unexcused) AS minutes
FROM candidate c JOIN enrolment e ON e.candidate_id = c.id JOIN enrolment_week w ON w.enrolment_id = e.id
WHERE c.coach_id = %(coach)s AND w.monday >= %(reach)s GROUP BY e.candidate_id
"""
CASELOAD_SIGNALS = """
SELECT g.candidate_id, g.rule, g.tone, g."on", g.text FROM signal g JOIN candidate c ON c.id = g.candidate_id
WHERE c.coach_id = %(coach)s AND g.state = 'open'
"""
CANDIDATE = """
SELECT c.*, e.id AS enrolment_id, e.cohort_id, e.state, e.joined_on, h.name AS cohort, u.name AS coach, t.planned,
    t.missed, t.late, t.ill, t.excused, t.unexcused, t.reached_on,
    (SELECT min(i.number) FROM identifier i WHERE i.candidate_id = c.id AND i.organisation_id = c.agency_id) AS number
FROM candidate c JOIN enrolment e ON e.candidate_id = c.id JOIN cohort h ON h.id = e.cohort_id
LEFT JOIN user_account u ON u.id = c.coach_id LEFT JOIN enrolment_total t ON t.enrolment_id = e.id
WHERE c.id = %(id)s AND c.coach_id = %(coach)s AND c.agency_id = %(agency)s
"""
OWN_WEEKS = "SELECT * FROM enrolment_week WHERE enrolment_id = %(id)s AND monday >= %(reach)s ORDER BY monday"
PARTNERS = """
SELECT p.kind, o.name FROM partner p JOIN organisation o ON o.id = p.organisation_id WHERE p.cohort_id = %(id)s
"""
NEXT = """
SELECT s.title, s.starts_at, s.location FROM session s JOIN session_cohort sc ON sc.session_id = s.id
WHERE sc.cohort_id = %(id)s AND s.starts_at > now() AND s.state IN ('planned', 'open') ORDER BY s.starts_at LIMIT 1
"""
MOMENTS = """
SELECT 'note' AS what, "on", author_name AS by, text FROM note WHERE candidate_id = %(id)s AND removed_at IS NULL
UNION ALL SELECT 'step', v."on", v.by_name, v.to_state FROM enrolment_event v JOIN enrolment e ON e.id = v.enrolment_id
WHERE e.candidate_id = %(id)s ORDER BY 2 DESC
"""
OWN_SIGNALS = (
    """SELECT rule, tone, "on", text, state FROM signal WHERE candidate_id = %(id)s ORDER BY "on" DESC"""
)
VISITS = """
SELECT r.requester, r.task, r.area, sum(v.minutes) AS minutes, max(v."on") AS last
FROM zorg_help_request r LEFT JOIN zorg_visit v ON v.help_request_id = r.id AND v.removed_at IS NULL
WHERE r.enrolment_id = %(id)s GROUP BY r.id
"""
