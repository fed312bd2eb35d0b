"""The rules of permission, stated anew from the field page (DOMAIN.md): a table of sentences, each a plain question.

Shares no code with the gate: it reads rows and a policy's raw file, counts by hand, and names no type of ours.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.laws import ledger_reading as ledger
from tests.laws.calendar_reading import A_YEAR, age, hours_against, months_after, next_open
from tests.laws.case import Case, RawPolicy, Said

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
INVITES = ("recall", "offer")
SEEN_TOO_LONG_AGO = 36
SEEN_LATELY = 12
ODD_AFTER = 7
WEEK = 7 * DAY


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """What the rules say: every reason against; else until when to wait and why; else yes, by one of these rows.

    rows: places in the ledger of what it may rest on; a reminder may rest on none.
    """

    against: frozenset[str]
    until: datetime | None
    waits: frozenset[str]
    rows: frozenset[int]


def expected(case: Case) -> Expected:
    """Judge a case by the rules."""
    against = {reason for reason, holds in AGAINST.items() if holds(case)}
    rule = case.rule
    if rule is None:
        return Expected(against=frozenset(against), until=None, waits=frozenset(), rows=frozenset())
    against |= {reason for reason, holds in AGAINST_UNDER_A_RULE.items() if holds(case, rule)}
    waits = {reason: end for reason, end in _waits(case, rule).items() if end > case.now}
    earliest = max(waits.values(), default=case.now)
    until = next_open(case, rule["hours"], earliest)
    if until is None:
        against.add("purpose_forbidden")
    closed = hours_against(case, rule["hours"], case.now)
    why = {reason for reason, end in waits.items() if end == earliest} or ({closed} if closed else set())
    good = _good_rights(case, rule)
    return Expected(
        against=frozenset(against),
        until=until if why else None,
        waits=frozenset(why),
        rows=frozenset(number for number, said in enumerate(case.ledger) if said in good),
    )


def _is_child(case: Case) -> bool:
    return case.born is not None and age(case.born, case.today) < case.policy["minor_age"]


def _has_no_visit(case: Case) -> bool:
    if case.purpose == "appointment":
        return case.visit_at is None or case.visit_at <= case.now
    if case.purpose == "postvisit":
        return (
            case.visit_at is None
            or case.visit_at > case.now
            or (case.today - case.day_of(case.visit_at)).days > ODD_AFTER
        )
    return False


def _invites(case: Case) -> bool:
    return case.purpose in INVITES


def _too_long_ago(case: Case) -> bool:
    seen = case.last_visit_on
    return _invites(case) and seen is not None and case.today > months_after(seen, SEEN_TOO_LONG_AGO)


def _not_due(case: Case) -> bool:
    seen = case.last_visit_on
    if not _invites(case) or seen is None or _too_long_ago(case):
        return False
    own = 0 if case.recall_months is None else case.recall_months + case.grace_months
    return case.today < months_after(seen, max(case.limit_months, own, SEEN_LATELY))


def _rests(case: Case) -> bool:
    contacted, heard = case.last_contacted_at, case.heard_at
    if not _invites(case) or contacted is None:
        return False
    if case.step > 1:
        return heard is not None and heard >= contacted
    until = ledger.paused_until(case)
    if case.last_visit_on is None or (until is not None and contacted < until <= case.now):
        return False
    on = case.day_of(contacted)
    return on > case.last_visit_on and case.today < months_after(on, A_YEAR)


def _unguarded_child(case: Case) -> bool:
    guarded = any(said.acted_by == "guardian" for said in ledger.standing_yeses(case))
    return _is_child(case) and (not guarded or case.purpose == "offer")


def _left_alone_as(word: str) -> Callable[[Case], bool]:
    return lambda case: _invites(case) and case.withheld == word


AGAINST: Mapping[str, Callable[[Case], bool]] = {
    "key_missing": lambda case: not case.key_present,
    "ledger_broken": lambda case: not case.ledger_whole,
    "deceased": lambda case: case.status == "deceased" or ledger.is_dead(case),
    "suppressed": lambda case: case.purpose != "appointment" and ledger.is_taken_out(case),
    "never_contact": lambda case: case.status in ("moved", "left", "do_not_contact"),
    "frozen": lambda case: bool(ledger.frozen_by(case) - {"complaint"}),
    "complaint_open": lambda case: "complaint" in ledger.frozen_by(case),
    "no_visit": _has_no_visit,
    "booked": lambda case: _invites(case) and case.next_visit_at is not None,
    "never_visited": lambda case: _invites(case) and case.last_visit_on is None,
    "lapsed_out": _too_long_ago,
    "not_due": _not_due,
    "resting": _rests,
    "held_out": _left_alone_as("held_out"),
    "off_list": _left_alone_as("off_list"),
    "reason_given": _left_alone_as("reason_given"),
    "unknown_age": lambda case: case.born is None,
    "minor": _unguarded_child,
    "unknown_language": lambda case: case.language is None,
    "purpose_forbidden": lambda case: case.rule is None,
}
"""What speaks against a message, whatever the policy says of its purpose."""


def _good_rights(case: Case, rule: RawPolicy) -> list[Said]:
    """The yeses that hold and that the policy accepts today, of the person who may give them."""
    found = []
    for yes in ledger.standing_yeses(case):
        months = rule["bases"].get(yes.basis, 0)
        run_out = months != "no_end" and case.today >= months_after(case.day_of(yes.valid_from), months)
        whose = (yes.acted_by == "guardian") == _is_child(case)
        imported = yes.acted_by == "import" and case.purpose not in case.policy["imported_yes"]
        if whose and not imported and not run_out and yes.basis != "booked_visit":
            found.append(yes)
    return found


def _may_rest_on_the_visit(case: Case, rule: RawPolicy) -> bool:
    return case.purpose == "appointment" and "booked_visit" in rule["bases"] and not ledger.last_word_is_no(case)


def _lacks_a_right(case: Case, rule: RawPolicy) -> bool:
    return not _good_rights(case, rule) and not _may_rest_on_the_visit(case, rule)


def _lacks_it_after(*acts: str) -> Callable[[Case, RawPolicy], bool]:
    return lambda case, rule: _lacks_a_right(case, rule) and any(no.act in acts for no in ledger.noes(case))


def _lacks_it_after_a_yes(case: Case, rule: RawPolicy) -> bool:
    ran_out = any(said.act == "expire" for said in case.ledger)
    return _lacks_a_right(case, rule) and (ran_out or bool(ledger.yeses(case)))


def _left(case: Case) -> list[datetime]:
    return [message.at for message in case.sent if message.left]


def _in_months(case: Case, months: int) -> int:
    began = months_after(case.today, -months)
    return sum(case.day_of(at) >= began for at in _left(case))


def _household(case: Case) -> int:
    others = [message.at for message in case.household if message.left or case.stage == "planned"]
    return sum(at >= case.now - WEEK for at in (*_left(case), *others))


def _talks(case: Case, window: timedelta) -> bool:
    return case.asked and case.heard_at is not None and case.now - case.heard_at < window


AGAINST_UNDER_A_RULE: Mapping[str, Callable[[Case, RawPolicy], bool]] = {
    "no_right": _lacks_a_right,
    "withdrawn": _lacks_it_after("deny", "withdraw"),
    "objected": _lacks_it_after("object"),
    "basis_expired": _lacks_it_after_a_yes,
    "suppressed": _lacks_it_after(*ledger.TAKEN_OUT),
    "paused": lambda case, _: (ledger.paused_until(case) or case.now) > case.now,
    "purpose_forbidden": lambda case, rule: case.channel not in rule["channels"],
    "unreached": lambda case, _: case.address is None,
    "channel_closed": lambda case, _: ledger.is_closed(case),
    "content_level": lambda case, rule: not 0 <= case.level <= rule["level"],
    "must_say": lambda case, rule: bool(set(rule["must_say"]) - case.says),
    "staff_owns": lambda case, _: case.staff_owns,
    "in_conversation": lambda case, _: _invites(case) and _talks(case, 24 * HOUR),
    "duplicate": lambda case, _: case.duplicate,
    "cap_cycle": lambda case, rule: _in_months(case, rule["caps"]["cycle_months"]) >= rule["caps"]["cycle"],
    "cap_year": lambda case, rule: _in_months(case, A_YEAR) >= rule["caps"]["year"],
    "cap_household": lambda case, rule: _household(case) >= rule["caps"]["household"],
    "no_free_time": lambda case, _: _invites(case) and case.free_times == 0,
    "not_released": lambda case, rule: (
        case.stage == "sending" and rule["automation"] == "human_release" and not case.released
    ),
    "policy_unsigned": lambda case, _: case.stage == "sending" and not (case.signed or case.rehearsal),
    "sending_stopped": lambda case, _: case.stage == "sending" and case.stopped,
}
"""What speaks against it under the policy's rule for the purpose. Of several words for a missing right any will do."""


def _waits(case: Case, rule: RawPolicy) -> dict[str, datetime]:
    """Until when what only postpones postpones."""
    caps, left = rule["caps"], sorted(_left(case))
    waits: dict[str, datetime] = {}
    window = {"appointment": HOUR / 2, "postvisit": 24 * HOUR}.get(case.purpose)
    if window is not None and _talks(case, window) and case.heard_at is not None:
        waits["talking"] = case.heard_at + window
    if sum(case.day_of(at) == case.today for at in left) >= caps["day"]:
        tomorrow = case.today + DAY
        waits["cap_day"] = datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=case.zone)
    if sum(at >= case.now - WEEK for at in left) >= caps["week"]:
        waits["cap_week"] = left[-1] + WEEK
    if left:
        waits["gap"] = left[-1] + caps["gap_days"] * DAY
    if _invites(case) and case.rhythm_months and case.last_contacted_at is not None:
        day = months_after(case.day_of(case.last_contacted_at), case.rhythm_months)
        waits["rhythm"] = datetime(day.year, day.month, day.day, tzinfo=case.zone)
    return waits
