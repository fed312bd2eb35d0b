"""The words on buttons: short, level 0, and the same wherever the same thing is offered.

Longer than other files: one class a button, and they are read side by side so that none says the same twice.
"""

from dataclasses import dataclass
from datetime import date, datetime

from flows.messages.text import LOCK_SCREEN, VERIFIED_CHAT, Text


@dataclass(frozen=True, kw_only=True)
class ButtonLookForTime(Text, key="button.look_for_time"):
    """The patient would like us to look for a free time. "Look for a time"."""


@dataclass(frozen=True, kw_only=True)
class ButtonSlot(Text, key="button.slot"):
    """One offered time, as short as the language allows: "Tue 24 Nov, 9:30". starts_at: its beginning."""

    starts_at: datetime


@dataclass(frozen=True, kw_only=True)
class ButtonOtherTimes(Text, key="button.other_times"):
    """None of the offered times suits; show others. "Other times"."""


@dataclass(frozen=True, kw_only=True)
class ButtonLaterDates(Text, key="button.later_dates"):
    """Show days or times after those on the table. "Later dates"."""


@dataclass(frozen=True, kw_only=True)
class ButtonDay(Text, key="button.day"):
    """One day with free times: "Tuesday 24 November" or shorter. day: that day."""

    day: date


@dataclass(frozen=True, kw_only=True)
class ButtonMorning(Text, key="button.morning"):
    """A visit that starts before noon. "Morning"."""


@dataclass(frozen=True, kw_only=True)
class ButtonAfternoon(Text, key="button.afternoon"):
    """A visit that starts between noon and five o'clock. "Afternoon"."""


@dataclass(frozen=True, kw_only=True)
class ButtonEvening(Text, key="button.evening"):
    """A visit that starts at five o'clock or later. "After five"."""


@dataclass(frozen=True, kw_only=True)
class ButtonAnyTime(Text, key="button.any_time"):
    """Any time of that day will do. "Any time"."""


@dataclass(frozen=True, kw_only=True)
class ButtonNotNow(Text, key="button.not_now"):
    """The patient would rather not make a visit now. "Not now"."""


@dataclass(frozen=True, kw_only=True)
class ButtonInMonth(Text, key="button.in_month"):
    """Write to me again in that month: "In February". month: some day of that month; show only its name."""

    month: date


@dataclass(frozen=True, kw_only=True)
class ButtonNoThanks(Text, key="button.no_thanks"):
    """A polite no to what is offered. "No, thank you"."""


@dataclass(frozen=True, kw_only=True)
class ButtonPerson(Text, key="button.person"):
    """The patient wants a human being instead of the assistant. "A person, please"."""


@dataclass(frozen=True, kw_only=True)
class ButtonCallMe(Text, key="button.call_me"):
    """Someone from the practice should ring the patient. "Call me"."""


@dataclass(frozen=True, kw_only=True)
class ButtonPassOnRecords(Text, key="button.pass_on_records"):
    """Send my records to my new dentist. "Pass on my records"."""


@dataclass(frozen=True, kw_only=True)
class ButtonMyVisit(Text, key="button.my_visit"):
    """Show the booked visit. "My appointment"."""


@dataclass(frozen=True, kw_only=True)
class ButtonWillCome(Text, key="button.will_come"):
    """Answer to a reminder: I am coming. "I will be there"."""


@dataclass(frozen=True, kw_only=True)
class ButtonChangeVisit(Text, key="button.change_visit"):
    """Move the booked visit to another time. "Move the appointment"."""


@dataclass(frozen=True, kw_only=True)
class ButtonCancelVisit(Text, key="button.cancel_visit"):
    """Cancel the booked visit (the bot asks back once). "Cancel the appointment"."""


@dataclass(frozen=True, kw_only=True)
class ButtonConfirmCancel(Text, key="button.confirm_cancel"):
    """Answer to "shall I cancel your visit?". "Yes, cancel it"."""


@dataclass(frozen=True, kw_only=True)
class ButtonKeepVisit(Text, key="button.keep_visit"):
    """Leave the booked visit as it is. "Keep the appointment"."""


@dataclass(frozen=True, kw_only=True)
class ButtonMyDetails(Text, key="button.my_details"):
    """Change my mobile number or e-mail address. "My details"."""


@dataclass(frozen=True, kw_only=True)
class ButtonMobile(Text, key="button.mobile"):
    """The detail to change is the mobile number. "Mobile number"."""


@dataclass(frozen=True, kw_only=True)
class ButtonEmail(Text, key="button.email"):
    """The detail to change is the e-mail address. "E-mail address"."""


@dataclass(frozen=True, kw_only=True)
class ButtonCorrect(Text, key="button.correct"):
    """The number or address that was read back is right. "Yes, that is right"."""


@dataclass(frozen=True, kw_only=True)
class ButtonWrong(Text, key="button.wrong"):
    """The number or address that was read back is wrong. "No, change it"."""


@dataclass(frozen=True, kw_only=True)
class ButtonSettings(Text, key="button.settings"):
    """What the practice may write about. "Message settings"."""


@dataclass(frozen=True, kw_only=True)
class ButtonRecallOn(Text, key="button.recall_on"):
    """In the settings: invitations to a check-up are allowed now; pressing forbids them. "Check-up messages: on"."""


@dataclass(frozen=True, kw_only=True)
class ButtonRecallOff(Text, key="button.recall_off"):
    """In the settings: invitations to a check-up are off now; pressing allows them. "Check-up messages: off"."""


@dataclass(frozen=True, kw_only=True)
class ButtonAppointmentOn(Text, key="button.appointment_on"):
    """In the settings: messages about a booked visit are on; pressing forbids them. "About appointments: on"."""


@dataclass(frozen=True, kw_only=True)
class ButtonAppointmentOff(Text, key="button.appointment_off"):
    """In the settings: messages about a booked visit are off; pressing allows them. "About appointments: off"."""


@dataclass(frozen=True, kw_only=True)
class ButtonPostvisitOn(Text, key="button.postvisit_on"):
    """In the settings: the question how I am after a visit is on; pressing forbids it. "After a visit: on"."""


@dataclass(frozen=True, kw_only=True)
class ButtonPostvisitOff(Text, key="button.postvisit_off"):
    """In the settings: the question how I am after a visit is off; pressing allows it. "After a visit: off"."""


@dataclass(frozen=True, kw_only=True)
class ButtonOfferOn(Text, key="button.offer_on"):
    """In the settings: special offers of the practice are on; pressing forbids them. "Offers: on"."""


@dataclass(frozen=True, kw_only=True)
class ButtonOfferOff(Text, key="button.offer_off"):
    """In the settings: special offers of the practice are off; pressing allows them. "Offers: off"."""


@dataclass(frozen=True, kw_only=True)
class ButtonPause(Text, key="button.pause"):
    """In the settings: do not write for some months. "Pause for a while"."""


@dataclass(frozen=True, kw_only=True)
class ButtonDone(Text, key="button.done"):
    """In the settings: nothing more to change. "Done"."""


@dataclass(frozen=True, kw_only=True)
class ButtonStop(Text, key="button.stop"):
    """End the messages. "No more messages"."""


@dataclass(frozen=True, kw_only=True)
class ButtonStopVisitToo(Text, key="button.stop_visit_too"):
    """After a stop: end the messages about the booked visit as well. "Not those either"."""


@dataclass(frozen=True, kw_only=True)
class ButtonKeepMessages(Text, key="button.keep_messages"):
    """The messages about check-ups should go on. "Keep the messages"."""


@dataclass(frozen=True, kw_only=True)
class ButtonKeepBoth(Text, key="button.keep_both"):
    """Asked whether the visit or the messages should be cancelled: neither, both stay. "Neither: keep both"."""


@dataclass(frozen=True, kw_only=True)
class ButtonWriteToMe(Text, key="button.write_to_me"):
    """Yes, write when my next check-up is due. "Yes, please write"."""


@dataclass(frozen=True, kw_only=True)
class ButtonStartAgain(Text, key="button.start_again"):
    """After a stop: allow invitations to check-ups again. "Write to me again"."""


@dataclass(frozen=True, kw_only=True)
class ButtonAllGood(Text, key="button.all_good"):
    """Answer to the check-in after a visit. "All is well"."""


@dataclass(frozen=True, kw_only=True)
class ButtonNotQuite(Text, key="button.not_quite"):
    """Answer to the check-in after a visit: something worries me. "Not quite"."""


@dataclass(frozen=True, kw_only=True)
class ButtonYesPlease(Text, key="button.yes_please"):
    """A plain yes to the question whether we may write about something. "Yes, please"."""


@dataclass(frozen=True, kw_only=True)
class ButtonWhatExactly(Text, key="button.what_exactly"):
    """What would we write, exactly? Shows the notice. "What exactly?"."""


@dataclass(frozen=True, kw_only=True)
class ButtonGuardian(Text, key="button.guardian"):
    """The one who answers is the parent or guardian of the patient. "Parent or guardian"."""


@dataclass(frozen=True, kw_only=True)
class ButtonMyself(Text, key="button.myself"):
    """The one who answers is the (young) patient. "For myself"."""


@dataclass(frozen=True, kw_only=True)
class ButtonThisChat(Text, key="button.this_chat"):
    """Write to me in this chat. "In this chat"."""


@dataclass(frozen=True, kw_only=True)
class ButtonByEmail(Text, key="button.by_email"):
    """Write to me by e-mail. "By e-mail"."""


@dataclass(frozen=True, kw_only=True)
class ButtonByLetter(Text, key="button.by_letter"):
    """Write to me by letter. "By letter"."""


@dataclass(frozen=True, kw_only=True)
class ButtonByPhone(Text, key="button.by_phone"):
    """Ring me instead of writing. "By phone"."""


@dataclass(frozen=True, kw_only=True)
class ButtonAsDue(Text, key="button.as_due"):
    """Write whenever a check-up is due. "When it is due"."""


@dataclass(frozen=True, kw_only=True)
class ButtonTwiceAYear(Text, key="button.twice_a_year"):
    """Not more often than twice a year. "Twice a year at most"."""


@dataclass(frozen=True, kw_only=True)
class ButtonOnceAYear(Text, key="button.once_a_year"):
    """Not more often than once a year. "Once a year at most"."""


@dataclass(frozen=True, kw_only=True)
class ButtonHowChat(Text, key="button.how_chat"):
    """In the settings: we write in this chat; pressing changes the way. "How: in this chat"."""


@dataclass(frozen=True, kw_only=True)
class ButtonHowEmail(Text, key="button.how_email"):
    """In the settings: we write by e-mail; pressing changes the way. "How: by e-mail"."""


@dataclass(frozen=True, kw_only=True)
class ButtonHowLetter(Text, key="button.how_letter"):
    """In the settings: we write by letter; pressing changes the way. "How: by letter"."""


@dataclass(frozen=True, kw_only=True)
class ButtonHowPhone(Text, key="button.how_phone"):
    """In the settings: we ring; pressing changes the way. "How: by phone"."""


@dataclass(frozen=True, kw_only=True)
class ButtonOftenDue(Text, key="button.often_due"):
    """In the settings: as often as a check-up is due; pressing changes it. "How often: as due"."""


@dataclass(frozen=True, kw_only=True)
class ButtonOftenTwice(Text, key="button.often_twice"):
    """In the settings: twice a year at most; pressing changes it. "How often: twice a year"."""


@dataclass(frozen=True, kw_only=True)
class ButtonOftenOnce(Text, key="button.often_once"):
    """In the settings: once a year at most; pressing changes it. "How often: once a year"."""


@dataclass(frozen=True, kw_only=True)
class ButtonReceipt(Text, key="button.receipt"):
    """In the settings: a file with what I allowed and refused. "A copy for me"."""


@dataclass(frozen=True, kw_only=True)
class ButtonSharePhone(Text, key="button.share_phone"):
    """Sends the writer's own phone number to the practice; the messenger asks once more. "Share my phone number"."""


@dataclass(frozen=True, kw_only=True)
class ButtonTellWho(Text, key="button.tell_who"):
    """Somebody who is not known yet would like to say who they are. "Say who I am"."""


@dataclass(frozen=True, kw_only=True)
class ButtonNewHere(Text, key="button.new_here"):
    """Somebody who has never been a patient of the practice. "I am new here"."""


@dataclass(frozen=True, kw_only=True)
class ButtonSomebodyElse(Text, key="button.somebody_else"):
    """One account serves a family: it is about another of them now. "For somebody else"."""


@dataclass(frozen=True, kw_only=True)
class ButtonForPerson(Text, key="button.for_person", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """One of a family, to choose for whom it is. Level 1: only {name}. Level 0: no name, "Person {number}"."""

    name: str
    number: int


@dataclass(frozen=True, kw_only=True)
class ButtonWhere(Text, key="button.where"):
    """Shows the practice's address, on a map where there is one. "Where to find us"."""


@dataclass(frozen=True, kw_only=True)
class ButtonSpeakThis(Text, key="button.speak_this"):
    """Answers "shall we write to you in <this language>?", in this language, to whoever wrote in it. "Yes, in English".

    It stands beside the buttons of another question, in another language: it says of itself what it is about.
    """


@dataclass(frozen=True, kw_only=True)
class ButtonKeepLanguage(Text, key="button.keep_language"):
    """The other answer: no, go on in the language used so far. "Do not change the language".

    It stands beside the buttons of another question: it says of itself what it is about.
    """
