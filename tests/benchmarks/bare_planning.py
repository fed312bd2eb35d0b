"""The questions of planning as somebody would write them by hand for one clinic and one day, in bare SQL.

They know nothing of policies, channels of tomorrow or the gate's order; they answer the same for the clinic of
`big_clinic`, and the benchmark checks that they do.
"""

from sqlalchemy import Connection

_SAYS = {
    "sqlite": {
        "may": "recall_ok = 1 AND frozen = 0",
        "own_interval": "date('2026-11-23', '-' || (recall_months + 1) || ' months')",
        "rests_since": "'2025-11-23 23:00:00.000000'",
        "now": "'2026-11-23 13:00:00.000000'",
    },
    "postgresql": {
        "may": "recall_ok AND NOT frozen",
        "own_interval": "date '2026-11-23' - (recall_months + 1) * interval '1 month'",
        "rests_since": "timestamptz '2025-11-23 23:00:00+00'",
        "now": "timestamptz '2026-11-23 13:00:00+00'",
    },
}
_BAND = """CASE WHEN last_visit_on > '2025-05-23' THEN 'a' WHEN last_visit_on > '2024-11-23' THEN 'b' ELSE 'c' END"""
_DUE = """
FROM patient AS p
WHERE clinic_id = 1 AND status = 'active' AND next_visit_at IS NULL AND {may}
    AND last_visit_on BETWEEN '2023-11-23' AND '2025-11-23'
    AND (recall_months IS NULL OR last_visit_on <= {own_interval})
    AND (last_contacted_at IS NULL OR last_contacted_at < {rests_since}
        OR (paused_until > last_contacted_at AND paused_until <= {now}))
    AND (paused_until IS NULL OR paused_until <= {now})
    AND lot >= 500 AND birth_month IS NOT NULL AND language IS NOT NULL
    AND (off_list_at IS NULL OR EXISTS (SELECT 1 FROM conversation AS c WHERE c.clinic_id = 1 AND c.patient_id = p.id
        AND c.last_patient_at >= p.off_list_at))
    AND (birth_month <= '2008-11-01' OR EXISTS (SELECT 1 FROM ledger_event AS l WHERE l.clinic_id = 1
        AND l.patient_id = p.id AND l.act = 'permit' AND l.acted_by = 'guardian'))
    AND EXISTS (SELECT 1 FROM person_key AS k WHERE k.clinic_id = 1 AND k.patient_id = p.id)
    AND EXISTS (SELECT 1 FROM address AS a WHERE a.clinic_id = 1 AND a.patient_id = p.id AND a.closed_at IS NULL
        AND (a.channel = 'email' OR (a.channel IN ('webchat', 'telegram') AND a.verified_at IS NOT NULL)))
    AND NOT EXISTS (SELECT 1 FROM conversation AS c WHERE c.clinic_id = 1 AND c.patient_id = p.id AND c.owner = 'staff')
    AND NOT EXISTS (SELECT 1 FROM outbox AS o WHERE o.clinic_id = 1 AND o.patient_id = p.id AND o.purpose = 'recall'
        AND o.status IN ('planned', 'queued', 'leased'))
    AND NOT EXISTS (SELECT 1 FROM worklist_item AS w WHERE w.clinic_id = 1 AND w.patient_id = p.id
        AND w.outcome IS NULL)
"""
_SELECTION = f"""
SELECT id, provider_id, language, last_visit_on, has_concern, {_BAND} AS band {_DUE}
ORDER BY band, has_concern DESC, last_visit_on, id
"""


def due(connection: Connection, *, limit: int) -> list[int]:
    """Select who may be invited, the first `limit` of them in the order of the programme; returns their ids."""
    rows = connection.exec_driver_sql(f"{_SELECTION} LIMIT {limit}".format(**_SAYS[connection.dialect.name]))
    return [row[0] for row in rows.all()]
