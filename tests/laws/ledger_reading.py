"""What a ledger allows, read anew from the laws of the field page (DOMAIN.md, "The ledger"): row by row, no fold."""

from datetime import datetime

from tests.laws.case import Case, Said

PATIENTS = ("self", "guardian")
NOES = ("deny", "withdraw", "object", "erased", "suppressed")
TAKEN_OUT = ("erased", "suppressed")
ENDED_BY_A_STOP = ("recall", "postvisit", "offer")
PAUSED_BY_A_PAUSE = ("recall", "offer")


def yeses(case: Case) -> list[Said]:
    """Every yes to the purpose, for this address, by somebody who may say it; over or not."""
    refused_once = bool(noes(case))
    return [
        said
        for said in case.ledger
        if (said.act, said.purpose) == ("permit", case.purpose)
        and _may_speak(said, case.now)
        and _reaches(said, case.channel, case.address)
        # An import never turns a no into a yes.
        and not (refused_once and said.acted_by in ("import", "system"))
    ]


def noes(case: Case) -> list[Said]:
    """Every no to the purpose: one that names none means all but the booked visit."""
    return [
        said
        for said in case.ledger
        if said.act in NOES
        and (said.purpose == case.purpose or (said.purpose is None and case.purpose in ENDED_BY_A_STOP))
    ]


def standing_yeses(case: Case) -> list[Said]:
    """The yeses that hold now, whatever a policy thinks of them; a no of the same time beats a yes."""
    over = [said for said in case.ledger if said.act == "expire" and said.purpose in (None, case.purpose)]
    return [
        yes
        for yes in yeses(case)
        if yes.valid_from <= case.now
        and (yes.valid_until is None or case.now < yes.valid_until)
        and not any(end.at >= yes.at and _takes(end, yes, case) for end in (*noes(case), *over))
        and not is_dead(case)
    ]


def last_word_is_no(case: Case) -> bool:
    """Whether the purpose was refused here, and nobody said yes since."""
    given = yeses(case)
    relevant = [
        no
        for no in noes(case)
        if _holds_here(no, case) or any(no.at >= yes.at and _takes(no, yes, case) for yes in given)
    ]
    if not relevant or standing_yeses(case):
        return False
    return all(yes.at <= max(no.at for no in relevant) for yes in given)


def is_dead(case: Case) -> bool:
    """A death is believed at once; only staff, with proof, take it back."""
    reports = [said.at for said in case.ledger if said.act == "deceased"]
    undone = [
        said.at
        for said in case.ledger
        if (said.act, said.channel, said.address) == ("corrected", None, None)
        and _proven_by_staff(said)
        and said.at <= case.now
    ]
    return bool(reports) and not any(at > max(reports) for at in undone)


def is_taken_out(case: Case) -> bool:
    """Erased, or come by an address of somebody erased; a later own yes brings them back, a list never does."""
    outs = [said.at for said in case.ledger if said.act in TAKEN_OUT]
    back = [
        said.at
        for said in case.ledger
        if said.act == "permit" and _may_speak(said, case.now) and said.acted_by not in ("import", "system")
    ]
    return bool(outs) and not any(at > max(outs) for at in back)


def frozen_by(case: Case) -> set[str]:
    """What waits for a person: every freeze no member of staff cleared since."""
    cleared = [
        said.at for said in case.ledger if (said.act, said.acted_by) == ("clear", "staff") and said.at <= case.now
    ]
    return {said.collected for said in case.ledger if said.act == "freeze" and not any(at > said.at for at in cleared)}


def paused_until(case: Case) -> datetime | None:
    """The end of the pause: the patient's own latest word, which nobody else can shorten."""
    pauses = [
        said
        for said in case.ledger
        if said.act == "pause"
        and (said.purpose == case.purpose or (said.purpose is None and case.purpose in PAUSED_BY_A_PAUSE))
    ]
    own = [said.at for said in pauses if said.acted_by in PATIENTS and said.at <= case.now]
    counting = [said for said in pauses if not own or said.at >= max(own)]
    if any(said.valid_until is None for said in counting):
        return datetime.max.replace(tzinfo=case.now.tzinfo)
    return max((said.valid_until for said in counting if said.valid_until is not None), default=None)


def is_closed(case: Case) -> bool:
    """Whether the address was blocked, bounced or somebody else's, and not opened again by who may."""
    for closing in case.ledger:
        if closing.act not in ("blocked", "bounced", "wrong_person"):
            continue
        here = closing.channel in (None, case.channel) and closing.address in (None, case.address)
        since = [said for said in case.ledger if closing.at < said.at <= case.now]
        if here and not any(_opens(said, closing) for said in since):
            return True
    return False


def _opens(said: Said, closing: Said) -> bool:
    if said.act == "unblocked":
        covers = said.channel in (None, closing.channel) and said.address in (None, closing.address)
        return said.acted_by in PATIENTS and closing.act != "wrong_person" and covers
    same_place = (said.channel, said.address) == (closing.channel, closing.address)
    return closing.act != "blocked" and said.act == "corrected" and _proven_by_staff(said) and same_place


def _proven_by_staff(said: Said) -> bool:
    return said.acted_by == "staff" and said.evidence.strip() != ""


def _may_speak(said: Said, now: datetime) -> bool:
    """Staff and lists need evidence; the system cannot consent; nobody speaks from the future."""
    if said.at > now or said.purpose is None or said.basis is None:
        return False
    if said.acted_by in PATIENTS:
        return True
    return said.evidence.strip() != "" and (said.acted_by, said.basis) != ("system", "express_consent")


def _reaches(said: Said, channel: str, address: int | None) -> bool:
    return said.channel in (None, channel) and said.address in (None, address)


def _holds_here(end: Said, case: Case) -> bool:
    """A stop on one channel stops recall, offers and check-ins on all."""
    everywhere = end.act in NOES and case.purpose in ENDED_BY_A_STOP
    return everywhere or _reaches(end, case.channel, case.address)


def _takes(end: Said, yes: Said, case: Case) -> bool:
    return _holds_here(end, case) or (end.channel in (None, yes.channel) and end.address in (None, yes.address))
