"""The auditor of a simulation notices each break; a law that could not be broken would prove nothing.

Longer than other files: the house at peace and its faults, one for each law, are one table.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias

import pytest

from bot.rehearsal.simulation.auditor import LAWS, audit
from bot.rehearsal.simulation.evidence import Evidence
from flows.vocabulary import StayingAway

Rows: TypeAlias = dict[str, list[dict[str, Any]]]

TUESDAY = datetime(2026, 3, 10, 16, 30, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ANNA, BEN, CARA = 1, 2, 3


def peace() -> Rows:
    """A house in which everything was done well.

    Anna was invited, booked and is reminded; Ben had a check-in, the programme leaves him alone; Cara was called and
    asked us to wait.
    """
    return {
        "patient": [
            person(ANNA, household_id=9, birth_month=date(1980, 1, 1), next_visit_at=visit_at, rhythm_months=6),
            person(BEN, household_id=9, birth_month=date(1990, 1, 1), lot=499),
            person(CARA, birth_month=date(1970, 1, 1)),
        ],
        "conversation": [
            {"id": 11, "patient_id": ANNA, "owner": "bot", "staff_id": None, "lease_until": None},
            {"id": 12, "patient_id": BEN, "owner": "staff", "staff_id": 7, "lease_until": TUESDAY + 20 * DAY},
        ],
        "outbox": [
            sent(101, ANNA, "recall", "reactivation:2026-03-10", TUESDAY),
            sent(102, ANNA, "appointment", "reminder:201:0", TUESDAY + 2 * DAY),
            sent(103, BEN, "postvisit", "check_in:301", TUESDAY),
            said(104, ANNA, "stop.done", TUESDAY + 3 * DAY),
            said(105, BEN, "safety.emergency", TUESDAY + 4 * DAY) | {"reach": "always"},
            sent(107, CARA, "recall", "reactivation:2026-03-10", TUESDAY) | {"channel": "phone"},
            said(108, ANNA, "consent.how_often", TUESDAY - 90 * DAY - HOUR),
        ],
        "gate_decision": [
            decided(101, ANNA, "recall", TUESDAY, right=401),
            decided(102, ANNA, "appointment", TUESDAY + 2 * DAY, right=None),
            decided(103, BEN, "postvisit", TUESDAY, right=402),
            decided(107, CARA, "recall", TUESDAY - HOUR / 4, right=405) | {"outbox_id": None},
        ],
        "ledger_event": [
            noted(401, ANNA, TUESDAY - 90 * DAY, "permit", "recall"),
            noted(402, BEN, TUESDAY - 90 * DAY, "permit", "postvisit"),
            *(
                noted(403, ANNA, TUESDAY + 3 * DAY, "withdraw", purpose, collected="stop")
                for purpose in ("recall", "postvisit", "offer")
            ),
            noted(404, BEN, TUESDAY + 4 * DAY, "freeze", None, collected="emergency", acted_by="system"),
            noted(405, CARA, TUESDAY - 90 * DAY, "permit", "recall"),
            noted(406, CARA, TUESDAY, "pause", "recall", until=TUESDAY + 90 * DAY),
        ],
        "appointment": [
            {
                "id": 201,
                "patient_id": ANNA,
                "provider_id": 5,
                "starts_at": visit_at,
                "ends_at": visit_at + HOUR / 2,
                "status": "booked",
                "sequence": 0,
                "created_at": TUESDAY + HOUR,
                "updated_at": TUESDAY + HOUR,
            }
        ],
        "chair_time": [
            {"provider_id": 5, "quarter": quarter, "appointment_id": 201, "hold_id": None} for quarter in (1, 2)
        ],
        "visit": [{"id": 301, "patient_id": BEN, "visited_on": date(2026, 3, 8)}],
        "worklist_item": [work(901, CARA, "reached_later", TUESDAY)],
        "received": [
            {"id": 500, "conversation_id": 11, "at": TUESDAY - 90 * DAY, "intent": None},
            {"id": 501, "conversation_id": 11, "at": TUESDAY + 3 * DAY, "intent": "stop"},
            {"id": 502, "conversation_id": 12, "at": TUESDAY + 4 * DAY, "intent": "urgent"},
        ],
        "ticket": [
            {
                "id": 601,
                "patient_id": BEN,
                "conversation_id": 12,
                "reason": "emergency",
                "status": "taken",
                "holder_id": 7,
            }
        ],
        "staff_action": [{"id": 701, "patient_id": BEN, "action": "took_over", "at": TUESDAY + 5 * DAY}],
        "job_run": [{"id": 801, "job": "plan", "outcome": "done"}],
        "quarantined_update": [],
    }


visit_at = TUESDAY + 6 * DAY


def person(number: int, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - of any column
    return {
        "id": number,
        "household_id": None,
        "status": "active",
        "birth_month": None,
        "next_visit_at": None,
        "lot": 500,
        "rhythm_months": None,
        "staying_away": None,
        "staying_away_at": None,
        "off_list_at": None,
    } | more


def work(number: int, patient_id: int, outcome: str | None, closed_at: datetime | None) -> dict[str, Any]:
    return {
        "id": number,
        "patient_id": patient_id,
        "kind": "call",
        "attempts": 0,
        "outcome": outcome,
        "closed_at": closed_at,
    }


def sent(number: int, patient_id: int, purpose: str, campaign: str, at: datetime) -> dict[str, Any]:
    return {
        "id": number,
        "patient_id": patient_id,
        "conversation_id": 10 + patient_id,
        "channel": "webchat",
        "kind": "proactive",
        "purpose": purpose,
        "campaign": campaign,
        "step": 1,
        "level": 0,
        "message_key": "a message",
        "reach": "bot_only",
        "status": "sent",
        "status_reason": None,
        "sent_at": at,
        "created_at": at,
    }


def said(number: int, patient_id: int, key: str, at: datetime) -> dict[str, Any]:
    row = sent(number, patient_id, "", "", at)
    return row | {"kind": "reply", "purpose": None, "campaign": None, "step": None, "message_key": key}


def decided(outbox_id: int, patient_id: int, purpose: str, at: datetime, *, right: int | None) -> dict[str, Any]:
    return {
        "id": outbox_id + 1000,
        "outbox_id": outbox_id,
        "patient_id": patient_id,
        "purpose": purpose,
        "stage": "sending",
        "verdict": "permit",
        "reason": None,
        "right_event_id": right,
        "at": at - timedelta(seconds=1),
    }


def noted(
    number: int,
    patient_id: int,
    at: datetime,
    act: str,
    purpose: str | None,
    *,
    collected: str = "chat",
    acted_by: str = "self",
    until: datetime | None = None,
) -> dict[str, Any]:
    return {
        "id": number,
        "patient_id": patient_id,
        "at": at,
        "acted_by": acted_by,
        "act": act,
        "purpose": purpose,
        "channel": None,
        "collected": collected,
        "valid_from": at,
        "valid_until": until,
    }


def changed(table: str, place: int, **values: Any) -> Callable[[Rows], None]:  # noqa: ANN401 - of any column
    def change(rows: Rows) -> None:
        rows[table][place].update(values)

    return change


def added(table: str, *new: Mapping[str, Any]) -> Callable[[Rows], None]:
    def add(rows: Rows) -> None:
        rows[table][:0] = [dict(row) for row in new]

    return add


def before(act: str, purpose: str | None = None, **more: Any) -> Callable[[Rows], None]:  # noqa: ANN401 - of an entry
    """Something in Anna's ledger on the day before she was invited."""
    return added("ledger_event", noted(400, ANNA, TUESDAY - DAY, act, purpose, **more))


def away(why: StayingAway, at: datetime | None) -> Callable[[Rows], None]:
    """Anna gave a reason for staying away."""
    return changed("patient", 0, staying_away=why, staying_away_at=at)


def both(*changes: Callable[[Rows], None]) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        for each in changes:
            each(rows)

    return change


def at_once(act: str, **more: Any) -> Callable[[Rows], None]:  # noqa: ANN401 - of an entry
    """What came of the call to Cara, at the moment at which it was written down."""
    return added("ledger_event", noted(407, CARA, TUESDAY, act, "recall", **more))


def weekly(purpose: str, patient_id: int, *days: float) -> Callable[[Rows], None]:
    """More of the same, so many days after the first."""
    return added(
        "outbox",
        *(sent(110 + at, patient_id, purpose, f"more:{at}", TUESDAY + day * DAY) for at, day in enumerate(days)),
    )


THEIRS_IS_LONGER = added(
    "ledger_event",
    noted(397, ANNA, TUESDAY - 3 * DAY, "pause", "recall", until=TUESDAY + DAY),
    noted(398, ANNA, TUESDAY - 2 * DAY, "pause", "recall", until=TUESDAY - DAY, acted_by="staff"),
)
YES_AFTER_IT = added("ledger_event", noted(399, ANNA, TUESDAY - DAY / 2, "permit", "recall", acted_by="import"))

FAULTS: list[tuple[str, Callable[[Rows], None]]] = [
    ("the gate said yes as it left", changed("gate_decision", 0, verdict="defer")),
    ("the gate said yes as it left", changed("gate_decision", 0, stage="planned")),
    ("the gate said yes as it left", changed("gate_decision", 0, at=TUESDAY + HOUR)),
    ("the right held", changed("gate_decision", 0, right_event_id=None)),
    ("the right held", changed("gate_decision", 0, right_event_id=402)),
    ("the right held", changed("ledger_event", 0, purpose="offer")),
    ("the right held", changed("ledger_event", 0, valid_until=TUESDAY - DAY)),
    ("the right held", before("object", "recall")),
    ("the right held", before("withdraw", "appointment")),
    ("nothing after a stop", before("withdraw", "recall", collected="stop")),
    ("nothing in a pause", before("pause", "recall", until=TUESDAY + DAY)),
    ("nothing in a pause", before("pause")),
    ("nothing in a pause", THEIRS_IS_LONGER),
    ("nothing in a pause", both(before("pause", "recall", until=TUESDAY + DAY), YES_AFTER_IT)),
    ("nobody held out is contacted", changed("patient", 0, lot=499)),
    ("nobody held out is contacted", added("worklist_item", work(902, BEN, "not_reached", TUESDAY))),
    ("nobody held out is contacted", added("worklist_item", work(902, BEN, None, None) | {"attempts": 1})),
    ("nobody off the list is invited", changed("patient", 0, off_list_at=TUESDAY - DAY)),
    ("nobody off the list is invited", added("worklist_item", work(902, ANNA, "taken_off", TUESDAY - DAY))),
    ("the reason they gave is heeded", away(StayingAway.MOVED, TUESDAY - 900 * DAY)),
    ("the reason they gave is heeded", away(StayingAway.BAD_EXPERIENCE, TUESDAY - DAY)),
    ("the reason they gave is heeded", away(StayingAway.OTHER_DENTIST, TUESDAY - 700 * DAY)),
    ("the reason they gave is heeded", away(StayingAway.OTHER_DENTIST, None)),
    ("the patient's own rhythm is kept", weekly("recall", ANNA, -150)),
    ("nothing while frozen", before("freeze", acted_by="system")),
    ("nothing to never-contact", changed("patient", 0, status="moved")),
    ("nothing to the wrong or the dead", before("wrong_person")),
    ("nothing to the wrong or the dead", before("deceased")),
    ("nothing to the wrong or the dead", before("blocked")),
    ("no child is invited", changed("patient", 0, birth_month=date(2010, 1, 1))),
    ("no child is invited", changed("patient", 0, birth_month=None)),
    ("hours are kept", changed("outbox", 0, sent_at=TUESDAY + 4 * DAY)),
    ("hours are kept", changed("outbox", 0, sent_at=TUESDAY + 2 * HOUR)),
    ("hours are kept", changed("outbox", 0, sent_at=TUESDAY - 8 * HOUR)),
    ("hours are kept", changed("outbox", 0, sent_at=datetime(2026, 4, 6, 12, tzinfo=UTC))),
    ("caps are kept", weekly("recall", ANNA, 29)),
    ("caps are kept", weekly("recall", ANNA, 60, 120)),
    ("caps are kept", weekly("appointment", ANNA, 2.1, 2.2)),
    ("caps are kept", weekly("appointment", ANNA, 3, 4, 5, 6)),
    ("households are spared", weekly("postvisit", ANNA, 1, 2)),
    ("nothing that a lock screen must not show", changed("outbox", 0, level=1)),
    ("planned once", added("outbox", sent(199, ANNA, "recall", "reactivation:2026-03-10", TUESDAY))),
    ("the booked are not invited", changed("appointment", 0, created_at=TUESDAY - DAY)),
    ("who came lately is not invited", changed("visit", 0, patient_id=ANNA)),
    ("reminders are of visits that stand", changed("appointment", 0, sequence=1)),
    ("reminders are of visits that stand", changed("appointment", 0, status="cancelled")),
    ("reminders are of visits that stand", changed("appointment", 0, patient_id=BEN)),
    ("reminders are of visits that stand", changed("appointment", 0, starts_at=TUESDAY + DAY)),
    ("chair time follows visits", changed("chair_time", 0, appointment_id=202)),
    ("chair time follows visits", changed("appointment", 0, status="cancelled")),
    ("next visits are true", changed("patient", 1, next_visit_at=TUESDAY)),
    ("danger is answered at once", changed("outbox", 4, message_key="person.called")),
    ("danger is answered at once", changed("outbox", 4, created_at=TUESDAY + 5 * DAY)),
    ("a stop ends the programme", changed("ledger_event", 3, purpose="recall")),
    ("a stop ends the programme", changed("ledger_event", 4, at=TUESDAY + 5 * DAY)),
    ("one owner", changed("conversation", 1, staff_id=None)),
    ("one owner", changed("conversation", 0, lease_until=TUESDAY)),
    ("one owner", changed("ticket", 0, holder_id=8)),
    ("silent while staff speak", added("outbox", said(106, BEN, "repair.again", TUESDAY + 5 * DAY + HOUR))),
    ("no job failed", changed("job_run", 0, outcome="failed")),
    ("no update was put aside", added("quarantined_update", {"id": 901, "error": "ValueError"})),
]


def two_at_once(rows: Rows) -> None:
    rows["appointment"].append(rows["appointment"][0] | {"id": 202, "starts_at": visit_at + HOUR / 4})


FAULTS.append(("one slot, one patient", two_at_once))


def test_a_house_at_peace_breaks_no_law() -> None:
    checked = audit(Evidence(peace()))
    assert {law.law: law.broken for law in checked if law.broken} == {}


RIGHTLY_DONE: list[tuple[str, Callable[[Rows], None]]] = [
    (
        "a pause they replaced",
        both(
            before("pause"),
            added("ledger_event", noted(399, ANNA, TUESDAY - DAY / 2, "pause", "recall", until=TUESDAY - DAY / 4)),
        ),
    ),
    ("a reason that has rested", away(StayingAway.OTHER_DENTIST, TUESDAY - 760 * DAY)),
    ("a reason given afterwards", away(StayingAway.MOVED, TUESDAY + DAY)),
    ("a reason that forbids nothing", away(StayingAway.MONEY, TUESDAY - DAY)),
    ("off the list and heard since", changed("patient", 0, off_list_at=TUESDAY - 91 * DAY)),
    ("a stop on the phone", at_once("withdraw", collected="stop")),
]


@pytest.mark.parametrize("done", [done for _, done in RIGHTLY_DONE], ids=[name for name, _ in RIGHTLY_DONE])
def test_the_auditor_says_nothing_of_what_was_rightly_done(done: Callable[[Rows], None]) -> None:
    rows = peace()
    done(rows)
    assert [checked.broken for checked in audit(Evidence(rows)) if checked.broken] == []


ASKED_AFTERWARDS = changed("received", 0, at=TUESDAY + DAY)


@pytest.mark.parametrize(
    "done",
    [weekly("recall", ANNA, -200), both(weekly("recall", ANNA, -150), ASKED_AFTERWARDS)],
    ids=["when it has passed", "when it is asked for afterwards"],
)
def test_a_rhythm_binds_from_its_asking_and_for_its_months(done: Callable[[Rows], None]) -> None:
    rows = peace()
    done(rows)
    broken = {checked.law for checked in audit(Evidence(rows)) if checked.broken}
    assert "the patient's own rhythm is kept" not in broken


def test_a_call_needs_a_yes_of_its_own_moment() -> None:
    for fault in (changed("gate_decision", 3, at=TUESDAY - 2 * HOUR), changed("gate_decision", 3, verdict="refuse")):
        rows = peace()
        fault(rows)
        assert "the gate said yes as it left" in {law.law for law in audit(Evidence(rows)) if law.broken}


@pytest.mark.parametrize(("law", "fault"), FAULTS, ids=[f"{place}-{law}" for place, (law, _) in enumerate(FAULTS)])
def test_the_auditor_notices(law: str, fault: Callable[[Rows], None]) -> None:
    rows = peace()
    fault(rows)
    broken = {checked.law for checked in audit(Evidence(rows)) if checked.broken}
    assert law in broken


def test_every_law_is_broken_once() -> None:
    assert {law for law, _ in FAULTS} == set(LAWS)
