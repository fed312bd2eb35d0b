"""The English words of `recare why`: what each thing that is stored or judged means to a clinic's manager."""

from collections.abc import Mapping

from bot.cli.plan import WHY
from flows.outreach.ledger import ActedBy, Basis
from flows.outreach.verdict import Refusal, Wait
from flows.vocabulary import Channel, Purpose
from storage.vocabulary import Choice, OutboxStatus, WorkKind

CHANNELS: Mapping[Channel, str] = {
    Channel.WEBCHAT: "on the web page",
    Channel.TELEGRAM: "by Telegram",
    Channel.EMAIL: "by e-mail",
    Channel.LETTER: "by letter",
    Channel.PHONE: "by a call",
}
CHATS = frozenset({Channel.TELEGRAM, Channel.WEBCHAT})
PURPOSES: Mapping[Purpose, str] = {
    Purpose.APPOINTMENT: "visits that are booked",
    Purpose.RECALL: "coming back for a check-up",
    Purpose.POSTVISIT: "how they are after a visit",
    Purpose.OFFER: "offers",
}
BASES: Mapping[Basis, str] = {
    Basis.EXPRESS_CONSENT: "express consent",
    Basis.IMPLIED_CONSENT: "implied consent",
    Basis.CARE_CONTRACT: "the treatment contract",
    Basis.BOOKED_VISIT: "a booked visit",
}
GIVERS: Mapping[ActedBy, str] = {
    ActedBy.SELF: "the patient",
    ActedBy.GUARDIAN: "the guardian",
    ActedBy.STAFF: "staff",
    ActedBy.IMPORT: "an imported list",
    ActedBy.SYSTEM: "recare itself",
}
WAITS: Mapping[Wait, str] = {
    Wait.TALKING: "they are talking with us",
    Wait.CAP_DAY: "they were written to that day",
    Wait.CAP_WEEK: "they were written to often enough that week",
    Wait.GAP: "the last message was too short a time ago",
    Wait.RHYTHM: "they asked to be written to less often",
    Wait.HOLIDAY: "a holiday",
    Wait.WEEKDAY: "a day of the week on which nothing leaves",
    Wait.QUIET_HOURS: "outside the hours in which messages leave",
}
WORK: Mapping[WorkKind, str] = {
    WorkKind.CALL: "a call",
    WorkKind.LETTER: "a letter",
    WorkKind.DENTIST: "the dentist's own list",
}
CHOICES: Mapping[Choice, str] = {Choice.RELEASED: "released by", Choice.LEFT_OUT: "left out by"}
OUTCOMES: Mapping[OutboxStatus, str] = {
    OutboxStatus.PLANNED: "waits for its time",
    OutboxStatus.QUEUED: "waits to leave",
    OutboxStatus.LEASED: "is leaving now",
    OutboxStatus.SENT: "left",
    OutboxStatus.UNKNOWN: "may have arrived, nobody can say; it is not sent again by itself",
    OutboxStatus.FAILED: "did not arrive",
    OutboxStatus.WITHDRAWN: "was taken back before it left",
    OutboxStatus.REFUSED: "was not sent",
}
_ENDS: Mapping[str, str] = {
    "address_closed": "the address is closed",
    "booked": "a visit was booked",
    "bounced": "it came back",
    "cancelled": "the visit was cancelled",
    "consent_withdrawn": "they do not want these messages any more",
    "deferred": "put off",
    "erased": "they were erased",
    "file_not_written": "the file could not be written",
    "frozen": "an emergency or a complaint came first",
    "lease_lost": "the program ended while it was leaving",
    "handed_over": "its messenger has it, or is about to",
    "left_out": "somebody left it out of its batch",
    "no_answer": "the messenger did not answer",
    "no_channel": "there is no way to send it",
    "not_begun": "something was said about them just before it left; it is asked about again",
    "not_sent": "the messenger was out of reach",
    "not_taken": "the mail server did not take it",
    "paused": "they asked us to wait",
    "refused_by_channel": "the messenger refused it",
    "sending_stopped": "the clinic's sending is stopped",
    "stopped": "they said stop",
    "too_many_attempts": "it was tried too often",
}
_UNREACHED: Mapping[Channel | None, str] = {
    Channel.TELEGRAM: "has not opened the link yet, or has closed the chat",
    Channel.WEBCHAT: "has not opened the page yet",
    Channel.EMAIL: "no e-mail address is known",
    Channel.LETTER: "no postal address is known",
    Channel.PHONE: "no phone number is known",
}
_REMEDIES: Mapping[Refusal, str] = {
    Refusal.NO_RIGHT: "they can allow it on their page, or on a form that staff keep",
    Refusal.WITHDRAWN: "only their own yes changes it",
    Refusal.OBJECTED: "only their own yes changes it",
    Refusal.PAUSED: "they can say that they want to hear from us sooner",
    Refusal.PURPOSE_FORBIDDEN: "only another policy changes it; `recare policy show`",
    Refusal.BASIS_EXPIRED: "they can allow it again",
    Refusal.RESTING: "a visit, or a word from them, changes it sooner",
    Refusal.HELD_OUT: "nothing: they are in the share that is not written to, so that the others can be compared",
    Refusal.OFF_LIST: "once they write, or come",
    Refusal.REASON_GIVEN: "the reason they gave decides; a visit, or a word from them, changes it",
    Refusal.BOOKED: "once the visit is over or cancelled",
    Refusal.NOT_DUE: "when they are due",
    Refusal.LAPSED_OUT: "staff can call them",
    Refusal.NEVER_VISITED: "once a list names a visit of theirs",
    Refusal.IN_CONVERSATION: "once they have finished",
    Refusal.STAFF_OWNS: "once the chat is handed back",
    Refusal.FROZEN: "once a dentist or a manager has cleared it at the desk",
    Refusal.COMPLAINT_OPEN: "once somebody has called them and cleared it at the desk",
    Refusal.DECEASED: "staff can take it back, if it was a mistake",
    Refusal.SUPPRESSED: "only their own yes changes it",
    Refusal.NEVER_CONTACT: "once a list says that they are a patient again",
    Refusal.MINOR: "a guardian can allow it",
    Refusal.UNKNOWN_AGE: "once a list names their birth date",
    Refusal.UNKNOWN_LANGUAGE: "once a list names their language, or they choose it",
    Refusal.UNREACHED: "once they have opened their link, or write again; `recare link` makes one",
    Refusal.CHANNEL_CLOSED: "they can open it again, or a list can name another address",
    Refusal.SENDING_STOPPED: "`recare sending resume`",
    Refusal.POLICY_UNSIGNED: "`recare policy sign`",
    Refusal.NOT_RELEASED: "a dentist or a manager releases the batch: at the desk, or `recare release list`",
    Refusal.LEDGER_BROKEN: "`recare ledger verify` says where",
    Refusal.DUPLICATE: "that one leaves, or is taken back",
    Refusal.NO_FREE_TIME: "once the calendar has free times",
}


def refusal(reason: Refusal, channel: Channel | None = None) -> str:
    """Why not; by this channel, where that makes a difference."""
    if reason is Refusal.UNREACHED and channel in _UNREACHED:
        return _UNREACHED[channel]
    return WHY.get(reason) or reason.value.replace("_", " ")


def remedy(reason: Refusal, channel: Channel | None = None) -> str:
    """What would change it; "" where nothing does."""
    if reason is Refusal.UNREACHED and channel in _UNREACHED and channel not in CHATS:
        return "once a list names it"
    return _REMEDIES.get(reason, "")


def end(reason: str) -> str:
    """Why a message ended as it did: a word of ours, or one of the gate's reasons."""
    if reason in _ENDS:
        return _ENDS[reason]
    known = {each.value: each for each in Refusal}
    return refusal(known[reason]) if reason in known else reason.replace("_", " ")
