"""The buttons "did you mean…": one short line for each thing a patient may have meant, in the patient's own voice."""

from dataclasses import dataclass

from flows.messages.text import Text


@dataclass(frozen=True, kw_only=True)
class MeantComplaint(Text, key="button.meant_complaint"):
    """Did you mean: I was not treated well. "I have a complaint"."""


@dataclass(frozen=True, kw_only=True)
class MeantMoney(Text, key="button.meant_money"):
    """Did you mean: the cost keeps me away. "It is the cost"."""


@dataclass(frozen=True, kw_only=True)
class MeantFear(Text, key="button.meant_fear"):
    """Did you mean: I am afraid of treatment. "I feel uneasy about it"."""


@dataclass(frozen=True, kw_only=True)
class MeantOtherDentist(Text, key="button.meant_other_dentist"):
    """Did you mean: I go to another dentist now. "I have another dentist"."""


@dataclass(frozen=True, kw_only=True)
class MeantNoNeed(Text, key="button.meant_no_need"):
    """Did you mean: my teeth are fine. "I do not need it"."""


@dataclass(frozen=True, kw_only=True)
class MeantNoTime(Text, key="button.meant_no_time"):
    """Did you mean: I am too busy. "I have no time"."""


@dataclass(frozen=True, kw_only=True)
class MeantMoved(Text, key="button.meant_moved"):
    """Did you mean: I live elsewhere now. "I have moved"."""


@dataclass(frozen=True, kw_only=True)
class MeantLater(Text, key="button.meant_later"):
    """Did you mean: not now but later. "Later"."""


@dataclass(frozen=True, kw_only=True)
class MeantReschedule(Text, key="button.meant_reschedule"):
    """Did you mean: move my visit. "Move my appointment"."""


@dataclass(frozen=True, kw_only=True)
class MeantCancel(Text, key="button.meant_cancel"):
    """Did you mean: cancel something (the bot then asks what). "I want to cancel"."""


@dataclass(frozen=True, kw_only=True)
class MeantRunningLate(Text, key="button.meant_running_late"):
    """Did you mean: I will be late for my visit. "I am running late"."""


@dataclass(frozen=True, kw_only=True)
class MeantAlreadyBooked(Text, key="button.meant_already_booked"):
    """Did you mean: I already have a visit. "I have an appointment"."""


@dataclass(frozen=True, kw_only=True)
class MeantUpdateContact(Text, key="button.meant_update_contact"):
    """Did you mean: my number or address is new. "My details have changed"."""


@dataclass(frozen=True, kw_only=True)
class MeantPriceQuestion(Text, key="button.meant_price_question"):
    """Did you mean: how much is it. "What does it cost?"."""


@dataclass(frozen=True, kw_only=True)
class MeantInfoQuestion(Text, key="button.meant_info_question"):
    """Did you mean: I have a question for the practice. "I have a question"."""


@dataclass(frozen=True, kw_only=True)
class MeantFeedbackBad(Text, key="button.meant_feedback_bad"):
    """Did you mean: something is not right since my visit. "Something is not right"."""


@dataclass(frozen=True, kw_only=True)
class MeantStop(Text, key="button.meant_stop"):
    """Did you mean: no more of these messages. "Please stop writing"."""


@dataclass(frozen=True, kw_only=True)
class MeantWrongPerson(Text, key="button.meant_wrong_person"):
    """Did you mean: this number or account is not the patient's. "Wrong person"."""


@dataclass(frozen=True, kw_only=True)
class MeantErase(Text, key="button.meant_erase"):
    """Did you mean: delete, copy or explain what you keep about me. "About my data"."""


@dataclass(frozen=True, kw_only=True)
class MeantDeceased(Text, key="button.meant_deceased"):
    """Did you mean: the patient has died; a relative taps it. "The patient has died"."""
