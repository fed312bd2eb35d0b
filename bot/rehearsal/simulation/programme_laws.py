"""The laws of whom the programme leaves alone: held out, in a pause, off the list, for their reason, in their rhythm.

A visit somebody booked is no part of the programme: these laws speak of invitations and offers, by whatever way.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from bot.rehearsal.simulation.evidence import LEFT, Evidence, Row, precedes
from bot.rehearsal.simulation.sending_laws import ZONE

PROGRAMME = ("recall", "offer")
HELD_OUT_BELOW = 500
"""Of ten thousand lots those below are held out in the simulated clinic: one in twenty."""

PATIENT_SIDE = ("self", "guardian")
SPOKEN_TO = ("reached_booked", "reached_later", "asked_to_stop")
"""What comes of a call in which somebody was heard."""

FOR_GOOD = ("moved", "bad_experience")
"""Reasons after which nothing comes until the person comes, or somebody takes the reason away."""

FOR_A_TIME = ("other_dentist", "no_need")
REST_MONTHS = 24
MONTHS_A_YEAR = 12
HOW_OFTEN = "consent.how_often"


def held_out_are_left_alone(evidence: Evidence) -> Iterator[str | None]:
    """The programme contacts nobody of the share held out: no message, no letter, no call, not even one tried."""
    for patient in evidence["patient"]:
        if patient["lot"] >= HELD_OUT_BELOW:
            continue
        wrong = [f"outbox {sent['id']} went" for sent in _invited(patient["id"], evidence)]
        tried = [
            f"work {item['id']} was done"
            for item in evidence.of("worklist_item", "patient_id", patient["id"])
            if item["attempts"] or item["outcome"] in (*SPOKEN_TO, "not_reached", "wrong_number", "posted", "mailed")
        ]
        yield next((f"{each} for somebody held out" for each in (*wrong, *tried)), None)


def pauses_are_kept(evidence: Evidence) -> Iterator[str | None]:
    """Nobody is invited in a pause; only a later pause the patient's side asked for takes the place of one."""
    for sent in _all_invited(evidence):
        pauses = [
            each
            for each in evidence.of("ledger_event", "patient_id", sent["patient_id"])
            if each["act"] == "pause" and each["purpose"] in (sent["purpose"], None) and precedes(each["at"], sent)
        ]
        if pauses:
            running = any(_runs(each, sent["sent_at"]) and not _replaced(each, pauses) for each in pauses)
            yield f"outbox {sent['id']} left in a pause" if running else None


def off_the_list_is_off(evidence: Evidence) -> Iterator[str | None]:
    """Who was taken off the list is not invited until they came or were heard."""
    for patient in evidence["patient"]:
        for off in sorted(_taken_off(patient, evidence)):
            after = [sent for sent in _invited(patient["id"], evidence) if sent["sent_at"] > off]
            wrong = [sent for sent in after if not _was_back(patient["id"], off, sent, evidence)]
            yield f"outbox {wrong[0]['id']} went to somebody off the list" if wrong else None


def reasons_are_heeded(evidence: Evidence) -> Iterator[str | None]:
    """A reason that is stored and forbids it is heeded: for good, or for so long; one without a date always."""
    for patient in evidence["patient"]:
        why, given = patient["staying_away"], patient["staying_away_at"]
        if why not in (*FOR_GOOD, *FOR_A_TIME):
            continue
        wrong = [
            sent
            for sent in _invited(patient["id"], evidence)
            if given is None or (precedes(given, sent) and (why in FOR_GOOD or _rests(given, sent["sent_at"])))
        ]
        yield f"outbox {wrong[0]['id']} went to somebody who said {why.value}" if wrong else None


def rhythms_are_kept(evidence: Evidence) -> Iterator[str | None]:
    """Nobody is invited more often than they asked, from the moment on at which they surely had asked."""
    for patient in evidence["patient"]:
        since = _asked_for_rhythm(patient["id"], evidence)
        if patient["rhythm_months"] is None or since is None:
            continue
        invited = _invited(patient["id"], evidence)
        for earlier, sent in zip((None, *invited), invited, strict=False):
            if sent["sent_at"] > since:
                early = earlier is not None and _day_of(sent) < _months_after(
                    _day_of(earlier), patient["rhythm_months"]
                )
                yield f"outbox {sent['id']} left sooner than they asked" if early else None


def _all_invited(evidence: Evidence) -> list[Row]:
    return [sent for sent in evidence.proactive() if sent["purpose"] in PROGRAMME]


def _invited(patient_id: int, evidence: Evidence) -> list[Row]:
    """What the programme sent to somebody, in the order in which it left."""
    theirs = evidence.of("outbox", "patient_id", patient_id)
    left = [row for row in theirs if row["kind"] == "proactive" and row["status"] in LEFT]
    return sorted((row for row in left if row["purpose"] in PROGRAMME), key=lambda row: row["sent_at"])


def _day_of(sent: Row) -> date:
    at: datetime = sent["sent_at"]
    return at.astimezone(ZONE).date()


def _runs(pause: Row, at: datetime) -> bool:
    return pause["valid_until"] is None or pause["valid_until"] > at


def _replaced(pause: Row, pauses: Sequence[Row]) -> bool:
    return any(other["acted_by"] in PATIENT_SIDE and other["at"] > pause["at"] for other in pauses)


def _taken_off(patient: Row, evidence: Evidence) -> set[datetime]:
    """When somebody was taken off the list: as it stands with them, and as it was done, even if they came since."""
    done = {
        item["closed_at"]
        for item in evidence.of("worklist_item", "patient_id", patient["id"])
        if item["outcome"] == "taken_off"
    }
    return done if patient["off_list_at"] is None else {*done, patient["off_list_at"]}


def _was_back(patient_id: int, off: datetime, sent: Row, evidence: Evidence) -> bool:
    """Whether somebody came or was heard after they were taken off the list, and before this left."""
    heard = [each["at"] for each in _heard(patient_id, evidence)]
    off_day, day = off.astimezone(ZONE).date(), sent["sent_at"].astimezone(ZONE).date()
    came = any(off_day <= visit["visited_on"] <= day for visit in evidence.of("visit", "patient_id", patient_id))
    return came or any(off <= at <= sent["sent_at"] for at in heard)


def _heard(patient_id: int, evidence: Evidence) -> list[Row]:
    talks = evidence.of("conversation", "patient_id", patient_id)
    return [each for talk in talks for each in evidence.of("received", "conversation_id", talk["id"])]


def _asked_for_rhythm(patient_id: int, evidence: Evidence) -> datetime | None:
    """When somebody last said something to the question how often; what they asked for was asked for by then."""
    heard = sorted(each["at"] for each in _heard(patient_id, evidence))
    asked = [
        row["created_at"]
        for row in evidence.of("outbox", "patient_id", patient_id)
        if row["kind"] == "reply" and row["message_key"] == HOW_OFTEN
    ]
    answers = (next((at for at in heard if at > question), None) for question in asked)
    return max((at for at in answers if at is not None), default=None)


def _rests(given: datetime, at: datetime) -> bool:
    return at.astimezone(ZONE).date() < _months_after(given.astimezone(ZONE).date(), REST_MONTHS)


def _months_after(day: date, months: int) -> date:
    """The same day so many months later; the last of a month that has no such day."""
    years, month = divmod(day.month - 1 + months, MONTHS_A_YEAR)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
