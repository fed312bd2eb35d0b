"""The laws of the talks: danger first, a stop is heard, one owner, silence while staff speak, nothing left undone."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot.rehearsal.simulation.evidence import LEFT, Evidence, Row
from bot.rehearsal.simulation.sending_laws import ENDED_BY_STOP

TURN = timedelta(seconds=10)
"""Whatever a turn does, it has done by then."""

SURELY_HELD = timedelta(hours=12)
"""For so long after an act of theirs a chat stays with staff unless they give it back."""

TAKES, GIVES_BACK = ("took_over", "answered"), "handed_back"


def danger_comes_first(evidence: Evidence) -> Iterator[str | None]:
    """Signs of an emergency get the fixed text at once, and freeze the programme."""
    for heard in evidence["received"]:
        if heard["intent"] != "urgent":
            continue
        said = evidence.of("outbox", "conversation_id", heard["conversation_id"])
        answered = any(
            each["message_key"].startswith("safety.") and _follows(each["created_at"], heard) for each in said
        )
        yield None if answered else f"received {heard['id']} spoke of danger and was not answered"


def stops_are_heard(evidence: Evidence) -> Iterator[str | None]:
    """A stop takes back recall, offers and check-ins in the same moment, and leaves none of them waiting to leave."""
    for heard in evidence["received"]:
        if heard["intent"] != "stop":
            continue
        talk = evidence.of("conversation", "id", heard["conversation_id"])
        patient_id = talk[0]["patient_id"] if talk else None
        said = evidence.of("ledger_event", "patient_id", patient_id)
        ended = {each["purpose"] for each in said if each["collected"] == "stop" and _follows(each["at"], heard)}
        yield None if ended.issuperset(ENDED_BY_STOP) else f"received {heard['id']} said stop and was not heard"


def owners_are_single(evidence: Evidence) -> Iterator[str | None]:
    """A conversation belongs to the bot or to one member of staff, who holds its tickets."""
    for talk in evidence["conversation"]:
        staffed = talk["owner"] == "staff"
        whole = staffed is (talk["staff_id"] is not None) and staffed is (talk["lease_until"] is not None)
        taken = [each for each in evidence.of("ticket", "conversation_id", talk["id"]) if each["status"] == "taken"]
        theirs = all(staffed and each["holder_id"] == talk["staff_id"] for each in taken)
        yield None if whole and theirs else f"conversation {talk['id']} belongs to nobody or to two"


def staff_are_not_spoken_over(evidence: Evidence) -> Iterator[str | None]:
    """While staff hold a chat the bot says nothing but what must always be said."""
    for said in evidence["outbox"]:
        if said["status"] not in LEFT or said["kind"] == "staff" or said["reach"] == "always":
            continue
        acts = evidence.of("staff_action", "patient_id", said["patient_id"])
        if acts:
            held = _held(acts, said["sent_at"])
            yield f"outbox {said['id']} left while staff held the chat" if held else None


def jobs_run_well(evidence: Evidence) -> Iterator[str | None]:
    """No job has failed."""
    for run in evidence["job_run"]:
        yield f"job {run['job']} failed" if run["outcome"] == "failed" else None


def nothing_was_put_aside(evidence: Evidence) -> Iterator[str | None]:
    """Whatever a patient sent could be taken."""
    for _ in evidence["received"]:
        yield None
    for aside in evidence["quarantined_update"]:
        yield f"update {aside['id']} was put aside: {aside['error']}"


def _follows(at: datetime, heard: Row) -> bool:
    """Whether something was done in the turn in which this was heard."""
    return bool(abs(at - heard["at"]) <= TURN)


def _held(acts: Sequence[Row], at: datetime) -> bool:
    """Whether the last act before a moment surely left the chat with staff."""
    before = [each for each in acts if each["at"] <= at and each["action"] in (*TAKES, GIVES_BACK)]
    return bool(before) and before[-1]["action"] in TAKES and at - before[-1]["at"] < SURELY_HELD
