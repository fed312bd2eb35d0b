"""The buttons dialogs share, and how times, days and months become buttons."""

from collections.abc import Iterable
from datetime import date, datetime

from flows.dialogs.calendar_days import months_later
from flows.engine.choices import Choice
from flows.engine.context import Context
from flows.engine.decision import Button
from flows.messages import buttons as label
from flows.slots import Slot

LOOK_FOR_TIME = Button(choice=Choice.LOOK_FOR_TIME, label=label.ButtonLookForTime())
OTHER_TIMES = Button(choice=Choice.OTHER_TIMES, label=label.ButtonOtherTimes())
LATER_DATES = Button(choice=Choice.LATER_DATES, label=label.ButtonLaterDates())
NOT_NOW = Button(choice=Choice.NOT_NOW, label=label.ButtonNotNow())
NO_THANKS = Button(choice=Choice.NO_THANKS, label=label.ButtonNoThanks())
PERSON = Button(choice=Choice.PERSON, label=label.ButtonPerson())
CALL_ME = Button(choice=Choice.CALL_ME, label=label.ButtonCallMe())
PASS_ON_RECORDS = Button(choice=Choice.PASS_ON_RECORDS, label=label.ButtonPassOnRecords())
MY_VISIT = Button(choice=Choice.MY_VISIT, label=label.ButtonMyVisit())
WILL_COME = Button(choice=Choice.WILL_COME, label=label.ButtonWillCome())
CHANGE_VISIT = Button(choice=Choice.CHANGE_VISIT, label=label.ButtonChangeVisit())
CANCEL_VISIT = Button(choice=Choice.CANCEL_VISIT, label=label.ButtonCancelVisit())
CONFIRM_CANCEL = Button(choice=Choice.CONFIRM_CANCEL, label=label.ButtonConfirmCancel())
KEEP_VISIT = Button(choice=Choice.KEEP_VISIT, label=label.ButtonKeepVisit())
MY_DETAILS = Button(choice=Choice.MY_DETAILS, label=label.ButtonMyDetails())
CORRECT = Button(choice=Choice.CORRECT, label=label.ButtonCorrect())
WRONG = Button(choice=Choice.WRONG, label=label.ButtonWrong())
SETTINGS = Button(choice=Choice.SETTINGS, label=label.ButtonSettings())
PAUSE = Button(choice=Choice.PAUSE, label=label.ButtonPause())
DONE = Button(choice=Choice.DONE, label=label.ButtonDone())
STOP = Button(choice=Choice.STOP, label=label.ButtonStop())
STOP_VISIT_TOO = Button(choice=Choice.STOP_VISIT_TOO, label=label.ButtonStopVisitToo())
KEEP_MESSAGES = Button(choice=Choice.KEEP_MESSAGES, label=label.ButtonKeepMessages())
KEEP_BOTH = Button(choice=Choice.KEEP_MESSAGES, label=label.ButtonKeepBoth())
WRITE_TO_ME = Button(choice=Choice.KEEP_MESSAGES, label=label.ButtonWriteToMe())
START_AGAIN = Button(choice=Choice.START_AGAIN, label=label.ButtonStartAgain())
ALL_GOOD = Button(choice=Choice.ALL_GOOD, label=label.ButtonAllGood())
NOT_QUITE = Button(choice=Choice.NOT_QUITE, label=label.ButtonNotQuite())
YES_PLEASE = Button(choice=Choice.ALLOW, label=label.ButtonYesPlease())
WHAT_EXACTLY = Button(choice=Choice.WHAT_EXACTLY, label=label.ButtonWhatExactly())
GUARDIAN = Button(choice=Choice.GUARDIAN, label=label.ButtonGuardian())
MYSELF = Button(choice=Choice.MYSELF, label=label.ButtonMyself())
RECEIPT = Button(choice=Choice.RECEIPT, label=label.ButtonReceipt())
TELL_WHO = Button(choice=Choice.TELL_WHO, label=label.ButtonTellWho())
NEW_HERE = Button(choice=Choice.NEW_HERE, label=label.ButtonNewHere())
FAMILY = Button(choice=Choice.FAMILY, label=label.ButtonSomebodyElse())
WHERE = Button(choice=Choice.WHERE, label=label.ButtonWhere())
KEEP_LANGUAGE = Button(choice=Choice.KEEP_LANGUAGE, label=label.ButtonKeepLanguage())


def slot_buttons(offers: Iterable[tuple[int, Slot]]) -> tuple[Button, ...]:
    """Make a button of each offer; its place among all offers comes back with the press."""
    return tuple(
        Button(choice=Choice.SLOT, label=label.ButtonSlot(starts_at=slot.starts_at), argument=place)
        for place, slot in offers
    )


def day_buttons(days: Iterable[date]) -> tuple[Button, ...]:
    """Make a button of each day."""
    return tuple(
        Button(choice=Choice.DAY, label=label.ButtonDay(day=day), argument=place) for place, day in enumerate(days)
    )


def month_buttons(context: Context, *months: int) -> tuple[Button, ...]:
    """Make a button with a month's name for each number of months from today."""
    return tuple(
        Button(
            choice=Choice.IN_MONTHS,
            label=label.ButtonInMonth(month=months_later(context.today, count)),
            argument=count,
        )
        for count in months
    )


def time_or_visit(context: Context) -> Button:
    """Offer to look for a time, to whoever has a visit that visit, to whoever is not known to say who they are."""
    if not context.patient.known:
        return TELL_WHO
    return LOOK_FOR_TIME if context.visit is None else MY_VISIT


def menu(context: Context) -> tuple[Button, ...]:
    """Give what can be done when nothing is open."""
    family = (FAMILY,) if context.patient.household > 1 else ()
    return (time_or_visit(context), *family, MY_DETAILS, SETTINGS, PERSON)


def open_offers(offers: Iterable[Slot], now: datetime) -> tuple[tuple[int, Slot], ...]:
    """Keep the offers that still lie ahead, each with its place among all."""
    return tuple((place, slot) for place, slot in enumerate(offers) if slot.starts_at > now)
