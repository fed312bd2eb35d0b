"""`recare why --json`: the same chains as data; instants in UTC, ids as text, closed sets by their values."""

from datetime import datetime

from bot.services.why import MessageWhy, PatientWhy, Rules
from bot.services.why_now import Outlook
from flows.outreach.ledger import LedgerEvent
from storage.repositories.decisions import Decided
from storage.repositories.message_log import LoggedWork

Data = dict[str, object]


def patient_data(why: PatientWhy) -> Data:
    """All of a patient."""
    return {
        "patient": why.number,
        "name": why.name,
        "now": [_outlook(each) for each in why.now],
        "messages": [message_data(each) for each in why.messages],
        "work": [_work(each) for each in why.work],
        "refused_before": [_decided(each) for each in why.refusals],
    }


def message_data(why: MessageWhy) -> Data:
    """The chain of one message."""
    message = why.message
    return {
        "message": str(message.id),
        "campaign": message.campaign,
        "step": message.step,
        "purpose": message.purpose,
        "channel": message.channel,
        "right": None if why.right is None else _entry(why.right),
        "rests_on_a_visit": why.rests_on_a_visit,
        "rules": None if why.rules is None else _rules(why.rules),
        "wording": {"key": message.message_key, "level": message.level, "text": message.text},
        "planned_for": message.not_before.isoformat(),
        "judged": [_decided(each) for each in why.judged],
        "release": None
        if why.release is None
        else {
            "choice": why.release.chosen.choice,
            "batch": why.release.chosen.batch,
            "by": why.release.by,
            "at": why.release.chosen.at.isoformat(),
        },
        "written_by": why.written_by,
        "delivery": {"outcome": message.status, "reason": message.status_reason, "at": _at(message.sent_at)},
    }


def _entry(event: LedgerEvent) -> Data:
    return {
        "entry": str(event.id),
        "at": event.at.isoformat(),
        "given_by": event.acted_by,
        "purpose": event.purpose,
        "basis": event.basis,
        "collected": event.collected,
        "evidence": event.evidence,
        "notice": event.notice,
        "withdraw_by": event.withdraw_by,
        "source_system": event.source_system,
        "valid_from": event.valid_from.isoformat(),
        "valid_until": _at(event.valid_until),
    }


def _rules(rules: Rules) -> Data:
    parts = [
        {
            "id": each.part.id,
            "version": each.part.version,
            "content": each.part.content_hash,
            "signed_by": None if each.signature is None else each.signature.signed_by,
        }
        for each in rules.parts or ()
    ]
    return {"policy": rules.id, "version": rules.version, "changed_since": rules.parts is None, "parts": parts}


def _decided(decided: Decided) -> Data:
    return {
        "at": decided.at.isoformat(),
        "stage": decided.stage,
        "verdict": decided.verdict,
        "reason": decided.reason,
        "wait": decided.wait,
        "until": _at(decided.until),
        "policy": decided.policy,
        "policy_version": decided.policy_version,
    }


def _work(work: LoggedWork) -> Data:
    return {
        "kind": work.kind,
        "campaign": work.campaign,
        "step": work.step,
        "due": work.due_at.isoformat(),
        "attempts": work.attempts,
        "outcome": work.outcome,
        "closed": _at(work.closed_at),
    }


def _outlook(outlook: Outlook) -> Data:
    return {
        "channel": outlook.channel,
        "step": outlook.step,
        "planned_message": None if outlook.waiting is None else str(outlook.waiting.id),
        "against": [{"reason": each.reason, "ends_by": _at(each.ends_by)} for each in outlook.against],
        "wait": outlook.wait,
        "not_before": _at(outlook.until),
        "needs_release": outlook.needs_release,
        "rests": None
        if outlook.rest is None
        else {"reason": outlook.rest.reason, "until": outlook.rest.until.isoformat()},
    }


def _at(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
