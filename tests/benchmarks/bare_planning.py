"""The questions of planning as somebody would write them by hand, for one clinic, one day and one policy.

They know nothing of another day or policy; for the clinic of `big_clinic` they answer the same, which is checked.
"""

from collections.abc import Mapping

from sqlalchemy import Connection

_SAYS: Mapping[str, Mapping[str, str]] = {
    "sqlite": {
        "recall_ok": "recall_ok = 1",
        "frozen": "frozen = 1",
        "not_frozen": "frozen = 0",
        "missed": "date('2026-11-23', '-' || (recall_months + 1) || ' months')",
        "rests_since": "'2025-11-23 23:00:00.000000'",
        "now": "'2026-11-23 13:00:00.000000'",
    },
    "postgresql": {
        "recall_ok": "recall_ok",
        "frozen": "frozen",
        "not_frozen": "NOT frozen",
        "missed": "date '2026-11-23' - (recall_months + 1) * interval '1 month'",
        "rests_since": "timestamptz '2025-11-23 23:00:00+00'",
        "now": "timestamptz '2026-11-23 13:00:00+00'",
    },
}
_BAND = "CASE WHEN last_visit_on > '2025-05-23' THEN 'a' WHEN last_visit_on > '2024-11-23' THEN 'b' ELSE 'c' END"
_HAS_KEY = "EXISTS (SELECT 1 FROM person_key AS k WHERE k.clinic_id = 1 AND k.patient_id = p.id)"
_USABLE = """a.clinic_id = 1 AND a.patient_id = p.id AND a.closed_at IS NULL
    AND (a.channel = 'email' OR (a.channel IN ('webchat', 'telegram') AND a.verified_at IS NOT NULL))"""
_REACHED = f"EXISTS (SELECT 1 FROM address AS a WHERE {_USABLE})"  # noqa: S608  # made of the words of this file
_RESTS = """(last_contacted_at IS NOT NULL AND last_contacted_at >= {rests_since}
    AND NOT (paused_until IS NOT NULL AND paused_until > last_contacted_at AND paused_until <= {now}))"""
_GONE = """(off_list_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM conversation AS c WHERE c.clinic_id = 1
    AND c.patient_id = p.id AND c.last_patient_at >= p.off_list_at))"""
_CHILD = """(birth_month > '2008-11-01' AND NOT EXISTS (SELECT 1 FROM ledger_event AS l WHERE l.clinic_id = 1
    AND l.patient_id = p.id AND l.act = 'permit' AND l.acted_by = 'guardian'))"""
_STAFF = "EXISTS (SELECT 1 FROM conversation AS c WHERE c.clinic_id = 1 AND c.patient_id = p.id AND c.owner = 'staff')"
_WAITS = """(EXISTS (SELECT 1 FROM outbox AS o WHERE o.clinic_id = 1 AND o.patient_id = p.id AND o.purpose = 'recall'
    AND o.status IN ('planned', 'queued', 'leased')) OR EXISTS (SELECT 1 FROM worklist_item AS w WHERE w.clinic_id = 1
    AND w.patient_id = p.id AND w.outcome IS NULL))"""
_LEDGER = "EXISTS (SELECT 1 FROM ledger_event AS l WHERE l.clinic_id = 1 AND l.patient_id = p.id AND l.act"
_SELECTION = f"""
SELECT due.*, (SELECT a.id FROM address AS a WHERE a.clinic_id = 1 AND a.patient_id = due.id
    AND a.closed_at IS NULL AND (a.channel = 'email' OR (a.channel <> 'phone' AND a.verified_at IS NOT NULL))
    ORDER BY a.channel DESC LIMIT 1) AS address_id
FROM (
    SELECT id, provider_id, language, last_visit_on, has_concern, preferred_channel, staying_away, {_BAND} AS band
    FROM patient AS p
    WHERE clinic_id = 1 AND status = 'active' AND next_visit_at IS NULL AND {{recall_ok}} AND {{not_frozen}}
        AND last_visit_on BETWEEN '2023-11-23' AND '2025-11-23'
        AND (recall_months IS NULL OR last_visit_on <= {{missed}})
        AND birth_month IS NOT NULL AND language IS NOT NULL AND lot >= 500
        AND (paused_until IS NULL OR paused_until <= {{now}})
        AND NOT {_RESTS} AND NOT {_GONE} AND NOT {_CHILD}
        AND {_HAS_KEY} AND {_REACHED} AND NOT {_STAFF} AND NOT {_WAITS}
    ORDER BY band, has_concern DESC, last_visit_on, id
    LIMIT {{limit}}
) AS due
ORDER BY band, has_concern DESC, last_visit_on, id
"""  # noqa: S608  # as above
_COUNTS = f"""
SELECT fate, count(*) FROM (SELECT CASE
    WHEN NOT {_HAS_KEY} THEN 'key_missing'
    WHEN status = 'deceased' OR (NOT {{recall_ok}} AND {_LEDGER} = 'deceased')
        AND NOT {_LEDGER} = 'corrected')) THEN 'deceased'
    WHEN NOT {{recall_ok}} AND {_LEDGER} IN ('erased', 'suppressed')) THEN 'suppressed'
    WHEN status <> 'active' THEN 'never_contact'
    WHEN {{frozen}} AND NOT {_LEDGER} = 'freeze' AND l.collected <> 'complaint') THEN 'complaint_open'
    WHEN {{frozen}} THEN 'frozen'
    WHEN next_visit_at IS NOT NULL THEN 'booked'
    WHEN last_visit_on IS NULL THEN 'never_visited'
    WHEN last_visit_on < '2023-11-23' THEN 'lapsed_out'
    WHEN last_visit_on > '2025-11-23' OR last_visit_on > {{missed}} THEN 'not_due'
    WHEN {_RESTS} THEN 'resting'
    WHEN lot < 500 THEN 'held_out'
    WHEN {_GONE} THEN 'off_list'
    WHEN birth_month IS NULL THEN 'unknown_age'
    WHEN {_CHILD} THEN 'minor'
    WHEN language IS NULL THEN 'unknown_language'
    WHEN NOT {{recall_ok}} AND {_LEDGER} IN ('deny', 'withdraw', 'object')
        AND (l.purpose IS NULL OR l.purpose = 'recall')) THEN 'withdrawn'
    WHEN NOT {{recall_ok}} THEN 'no_right'
    WHEN paused_until IS NOT NULL AND paused_until > {{now}} THEN 'paused'
    WHEN NOT {_REACHED} THEN 'unreached'
    WHEN {_STAFF} THEN 'staff_owns'
    WHEN {_WAITS} THEN 'duplicate'
    ELSE {_BAND} END AS fate FROM patient AS p WHERE clinic_id = 1) AS fates
GROUP BY fate
"""  # noqa: S608  # as above


def due(connection: Connection, *, limit: int) -> list[int]:
    """Select who may be invited, the first `limit` in the order of the programme, and how; returns their ids."""
    rows = connection.exec_driver_sql(_SELECTION.format(limit=limit, **_SAYS[connection.dialect.name])).all()
    return [row[0] for row in rows]


def counts(connection: Connection) -> dict[str, int]:
    """Count every patient once: by band if they may be invited, else by the first reason why not."""
    rows = connection.exec_driver_sql(_COUNTS.format(**_SAYS[connection.dialect.name])).all()
    return {str(fate): int(people) for fate, people in rows}
