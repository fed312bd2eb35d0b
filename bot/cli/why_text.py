"""`recare why` as lines for a person: one chain after another, each link on a line of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.cli.why_words import (
    BASES,
    CHANNELS,
    CHATS,
    CHOICES,
    GIVERS,
    OUTCOMES,
    PURPOSES,
    WAITS,
    WORK,
    end,
    refusal,
    remedy,
)
from bot.services.why import MessageWhy, PatientWhy, Rules
from bot.services.why_now import Against, Outlook
from flows.outreach.cadence import Campaign
from flows.outreach.ledger import LedgerEvent
from flows.outreach.verdict import Refusal, Stage
from flows.vocabulary import Channel
from storage.repositories.decisions import Decided
from storage.repositories.message_log import LoggedWork
from storage.repositories.releases import LEFT_OUT
from storage.vocabulary import OutboxKind, OutboxStatus, Verdict

LONGEST_TEXT = 400
_NAMES = {
    Campaign.REMINDER: "reminder of a visit",
    Campaign.CHECK_IN: "check-in after a visit",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """Tells in the clinic's time."""

    zone: ZoneInfo

    def patient(self, why: PatientWhy) -> Iterator[str]:
        """All of a patient."""
        yield f"Patient {why.number}, {why.name}"
        yield ""
        yield from self.now(why.now)
        yield ""
        yield "Messages, the latest first:" if why.messages else "Messages: none yet."
        for message in why.messages:
            yield ""
            yield from self.message(message)
        if why.work:
            yield ""
            yield "On the worklist, the latest first:"
            yield from (f"  {self._work(each)}" for each in why.work)
        if why.refusals:
            yield ""
            yield "When it was looked at lately, before there was a message:"
            yield from (f"  {self.at(each.at)}  {_verdict(each, self)}" for each in why.refusals)

    def now(self, outlooks: Sequence[Outlook]) -> Iterator[str]:
        """How it stands now: first what speaks against every way, then each way."""
        outlooks = _worth_telling(outlooks)
        first = outlooks[0]
        if first.waiting is not None:
            yield f"A message is planned for {self.at(first.waiting.not_before)}: message {first.waiting.id}."
        if first.rest is not None:
            held = "was left out of a batch" if first.rest.reason == LEFT_OUT else "was not released in time"
            yield f"A message to them {held}: no other is planned before {self.at(first.rest.until)}."
        common = [each for each in first.against if all(each.reason in _reasons(other) for other in outlooks)]
        if common:
            yield "No message now, whichever way:"
            yield from (self._against(each, None) for each in common)
        shared = {each.reason for each in common}
        for outlook in outlooks:
            own = [each for each in outlook.against if each.reason not in shared]
            where = CHANNELS[outlook.channel]
            if own:
                yield f"Besides, {where}:" if common else f"No message {where} now:"
                yield from (self._against(each, outlook.channel) for each in own)
            elif not common:
                yield f"A message {where}: {self._allowed(outlook)}."

    def message(self, why: MessageWhy) -> Iterator[str]:
        """The chain of one message."""
        message = why.message
        yield f"{what(why).capitalize()} {CHANNELS[message.channel]}, message {message.id}"
        yield _line("right", self._right(why))
        if why.rules is not None:
            yield _line("rules", self._rules(why.rules))
        yield _line("step", self._step(why))
        yield _line("wording", _wording(why))
        yield from (_line("planned", f"{self.at(each.at)}: {_verdict(each, self)}") for each in why.said(Stage.PLANNED))
        if not why.judged:
            yield _line("planned", f"{self.at(message.created_at)}: written down, without asking the gate")
        if why.release is not None:
            chosen = why.release.chosen
            yield _line("batch", f"{CHOICES[chosen.choice]} {why.release.by or 'staff'}, {self.at(chosen.at)}")
        yield from (_line("sending", f"{self.at(each.at)}: {_verdict(each, self)}") for each in why.said(Stage.SENDING))
        yield _line("delivery", self._delivery(why))

    def _work(self, work: LoggedWork) -> str:
        what_it_is = f"{WORK[work.kind]}, step {work.step} of {work.campaign}"
        if work.outcome is None or work.closed_at is None:
            return f"{what_it_is}: open, not before {self.at(work.due_at)}; attempts: {work.attempts}"
        return f"{what_it_is}: {work.outcome.value.replace('_', ' ')}, {self.at(work.closed_at)}"

    def _right(self, why: MessageWhy) -> str:
        if why.right is not None:
            return self._entry(why.right)
        if why.message.kind is OutboxKind.STAFF:
            return f"handed over or written by {why.written_by or 'staff'}; what a person does needs no gate"
        return "the booked visit it is about" if why.rests_on_a_visit else "none was found"

    def _entry(self, event: LedgerEvent) -> str:
        about = "everything" if event.purpose is None else PURPOSES[event.purpose]
        ground = "a yes" if event.basis is None else BASES[event.basis]
        until = "" if event.valid_until is None else f", until {self.at(event.valid_until)}"
        how = [
            f"how: {event.collected}" if event.collected else "",
            f"evidence: {event.evidence}" if event.evidence else "",
            f"notice: {event.notice}" if event.notice else "",
        ]
        said = f"{ground} to write about {about}, given by {GIVERS[event.acted_by]}, {self.at(event.at)}{until}"
        return "; ".join((said, *(part for part in how if part), f"ledger entry {event.id}"))

    def _rules(self, rules: Rules) -> str:
        if rules.parts is None:
            return f"{rules.id}, version {rules.version}; its content has changed since"
        parts = ", ".join(
            f"{each.part.id} {each.part.version} ("
            + (f"signed by {each.signature.signed_by}" if each.signature is not None else "not signed")
            + ")"
            for each in rules.parts
        )
        return parts if len(rules.parts) == 1 else f"the strictest of {parts}"

    def _step(self, why: MessageWhy) -> str:
        message = why.message
        if why.campaign is None or message.step is None:
            return "no step of the programme"
        return f"{message.step} of {message.campaign}, planned for {self.at(message.not_before)}"

    def _delivery(self, why: MessageWhy) -> str:
        message = why.message
        when = "" if message.sent_at is None else f", {self.at(message.sent_at)}"
        waits = message.status in {OutboxStatus.PLANNED, OutboxStatus.QUEUED}
        until = f", {self.at(message.not_before)}" if waits else ""
        reason = "" if message.status_reason is None else f" ({end(message.status_reason)})"
        return f"{OUTCOMES[message.status]}{when}{until}{reason}"

    def _against(self, against: Against, channel: Channel | None) -> str:
        by = "" if against.ends_by is None else f" By itself: {self.at(against.ends_by)}."
        change = remedy(against.reason, channel)
        return f"  - {refusal(against.reason, channel)}" + (f": {change}." if change else ".") + by

    def _allowed(self, outlook: Outlook) -> str:
        released = ", once a person has released it" if outlook.needs_release else ""
        if outlook.wait is not None and outlook.until is not None:
            return f"not before {self.at(outlook.until)} ({WAITS[outlook.wait]}){released}"
        if outlook.channel is Channel.LETTER:
            return "allowed; `recare invites letters` makes one"
        return f"allowed now; it comes when the programme has free time for it{released}"

    def at(self, at: datetime) -> str:
        """A moment on the clinic's clock."""
        return f"{at.astimezone(self.zone):%a %d %b %Y %H:%M}"


def what(why: MessageWhy) -> str:
    """What a message is, in a word or two."""
    if why.campaign is None:
        return "message"
    return _NAMES.get(why.campaign, f"invitation {why.message.step}")


def _verdict(decided: Decided, telling: Telling) -> str:
    rules = f"; by {decided.policy} {decided.policy_version}"
    if decided.verdict is Verdict.PERMIT:
        return f"allowed{rules}"
    if decided.verdict is Verdict.REFUSE:
        reason = "no reason kept" if decided.reason is None else refusal(decided.reason)
        return f"refused: {reason}{rules}"
    until = "" if decided.until is None else f" until {telling.at(decided.until)}"
    return f"put off{until}" + ("" if decided.wait is None else f": {WAITS[decided.wait]}") + rules


def _wording(why: MessageWhy) -> str:
    message = why.message
    if message.text is None:
        return "no words yet; it gets them when it leaves" if message.sent_at is None else "no longer readable"
    text = " ".join(message.text.split())
    shown = text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]}..."
    return f'{message.message_key}, level {message.level}: "{shown}"'


def _worth_telling(outlooks: Sequence[Outlook]) -> Sequence[Outlook]:
    """Without the chats they never used, where they have another: one is enough."""
    unused = [each for each in outlooks if each.channel in CHATS and Refusal.UNREACHED in _reasons(each)]
    has_another = any(each.channel in CHATS and each not in unused for each in outlooks)
    return [each for each in outlooks if each not in unused] if has_another else outlooks


def _reasons(outlook: Outlook) -> frozenset[Refusal]:
    return frozenset(each.reason for each in outlook.against)


def _line(name: str, text: str) -> str:
    return f"  {name:<9} {text}"
