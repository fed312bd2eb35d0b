"""Changing a mobile number or an e-mail address: asked, read back, confirmed."""

from dataclasses import dataclass

from flows.messages.text import LOCK_SCREEN, VERIFIED_CHAT, Text


@dataclass(frozen=True, kw_only=True)
class WhichDetail(Text, key="contact.which"):
    """Which detail should we change? Buttons "mobile number" and "e-mail address" follow."""


@dataclass(frozen=True, kw_only=True)
class AskMobile(Text, key="contact.ask_mobile"):
    """Asks for the new mobile number."""


@dataclass(frozen=True, kw_only=True)
class AskEmail(Text, key="contact.ask_email"):
    """Asks for the new e-mail address."""


@dataclass(frozen=True, kw_only=True)
class AskMobileAgain(Text, key="contact.ask_mobile_again"):
    """What was written is not a mobile number. Asks again with an example that is plainly one (+44 7700 900123)."""


@dataclass(frozen=True, kw_only=True)
class AskEmailAgain(Text, key="contact.ask_email_again"):
    """What was written is not an e-mail address. Asks again with an example (name@example.com)."""


@dataclass(frozen=True, kw_only=True)
class ReadBackMobile(Text, key="contact.read_back_mobile", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """Reads the number back and asks whether it is right.

    Level 0 must not show the number: "the number you just wrote". Level 1 shows it. shown: the number as people
    write it.
    """

    shown: str


@dataclass(frozen=True, kw_only=True)
class ReadBackEmail(Text, key="contact.read_back_email", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """Reads the address back and asks whether it is right. Level 0 must not show it: "the address you just wrote".

    Level 1 shows it. shown: the address.
    """

    shown: str


@dataclass(frozen=True, kw_only=True)
class MobileChanged(Text, key="contact.mobile_changed"):
    """The new mobile number is stored. Thank you."""


@dataclass(frozen=True, kw_only=True)
class EmailChanged(Text, key="contact.email_changed"):
    """The new e-mail address is stored. Thank you."""


@dataclass(frozen=True, kw_only=True)
class EmailToProve(Text, key="contact.email_to_prove"):
    """The new e-mail address is stored, thank you. An e-mail is on its way to it, with a button to confirm it.

    We use the address once that is done, and nothing is hurried.
    """


@dataclass(frozen=True, kw_only=True)
class PersonTakesDetail(Text, key="contact.person"):
    """It did not work twice.

    Someone from the practice will be in touch and note the number or address with the patient.
    """
