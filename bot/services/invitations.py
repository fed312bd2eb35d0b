"""Words invitations for paper and mail: what each says to whom, at the level the gate permits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.services.cards import name_of
from bot.services.clinic import Clinic
from bot.services.links import PersonalLink
from bot.services.people import reader_of
from bot.services.ports import OutgoingMail
from bot.wording import Wording
from flows.messages import invites
from flows.messages.text import LOCK_SCREEN, Text
from flows.outreach.hours import local_day
from flows.vocabulary import Language
from storage.records.people import Patient

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipient:
    """Where a letter goes. postcode may be missing where addresses have none."""

    number: str
    name: str
    street: str
    postcode: str
    city: str

    @property
    def lines(self) -> tuple[str, ...]:
        """As they stand on an envelope."""
        town = " ".join(part for part in (self.postcode, self.city) if part)
        return tuple(line for line in (self.name, self.street, town) if line)


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """A letter, worded. sender: name, address, phone. until: the last day the link works.

    foot: what the law asks for, small: why it came; both small, under the letter.
    """

    language: Language
    sender: tuple[str, ...]
    recipient: Recipient
    dated: str
    subject: str
    salutation: str
    paragraphs: tuple[str, ...]
    link: str
    until: date
    how: str
    refusal: str
    closing: tuple[str, ...]
    foot: tuple[str, ...]
    small: str

    @property
    def text(self) -> str:
        """All it says, but for the link, which is a secret."""
        before = (self.subject, self.salutation, *self.paragraphs, self.how, self.refusal)
        return "\n\n".join((*before, *self.closing, *self.foot, self.small))


@dataclass(frozen=True, kw_only=True, slots=True)
class Card:
    """A card for the counter. number: by which staff give it to the right person."""

    language: Language
    clinic: str
    phone: str
    title: str
    text: str
    link: str
    number: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """An e-mail, worded: its parts, and all of it as plain lines."""

    parts: OutgoingMail
    text: str


class InvitationWriter:
    """Words invitations of one clinic."""

    def __init__(self, wording: Wording, clinic: Clinic) -> None:
        """Take the words of all languages."""
        self._wording = wording
        self._clinic = clinic

    def letter(
        self, patient: Patient, link: PersonalLink, *, level: int, foot: Sequence[Text], now: datetime
    ) -> Letter:
        """Word a letter (now: aware UTC) over these closing lines; nothing is above `level`. Raises LevelError."""
        say = self._voice(patient, level, now)
        until = self._last_day(link)
        why = (invites.WhoAndWhy(), invites.WhatItIs(), invites.WhatIsNew())
        return Letter(
            language=say.language,
            sender=self._sender(say.language),
            recipient=recipient_of(patient),
            dated=say(invites.Dated(on=local_day(now, self._clinic.zone))),
            subject=say(invites.Subject()),
            salutation=say(invites.Salutation()),
            paragraphs=tuple(say(text) for text in why),
            link=link.url,
            until=until,
            how=self._whole_phone(say(invites.HowByLetter(until=until))),
            refusal=say(invites.NoByLetter()),
            closing=tuple(say(invites.Closing()).splitlines()),
            foot=tuple(say(text) for text in foot),
            small=say(invites.AutomaticLetter()),
        )

    def card(self, patient: Patient, link: PersonalLink, *, now: datetime) -> Card:
        """Word a card (now: aware UTC). It names nobody: it may be lost on the way home."""
        say = self._voice(patient, LOCK_SCREEN, now)
        clinic, _, phone = self._sender(say.language)
        return Card(
            language=say.language,
            clinic=clinic,
            phone=self._whole_phone(phone),
            title=say(invites.CardTitle()),
            text=say(invites.CardText(until=self._last_day(link))),
            link=link.url,
            number=patient.profile.number,
        )

    def mail(
        self,
        patient: Patient,
        link: PersonalLink,
        *,
        stop_link: str,
        mark: str,
        level: int,
        foot: Sequence[Text],
        now: datetime,
    ) -> Mail:
        """Word an e-mail (now: aware UTC) over these closing lines; nothing in it is above `level`.

        Raises LevelError.
        """
        say = self._voice(patient, level, now)
        before = (invites.Salutation(), invites.WhoAndWhy(), invites.WhatItIs(), invites.WhatIsNew())
        how = self._whole_phone(say(invites.HowByMail(until=self._last_day(link))))
        parts = OutgoingMail(
            language=say.language,
            subject=say(invites.Subject()),
            before=tuple(say(text) for text in before),
            button=say(invites.OpenPage()),
            link=link.url,
            after=(how, say(invites.NoByMail())),
            small=(*(say(text) for text in foot), say(invites.AutomaticMail()), *self._sender(say.language)),
            stop=say(invites.EndReminders()),
            stop_link=stop_link,
            mark=mark,
        )
        return Mail(parts=parts, text="\n\n".join(_plain(parts)))

    def salutation(self, patient: Patient, *, level: int, now: datetime) -> str:
        """Word the first line of a letter that another program writes."""
        return self._voice(patient, level, now)(invites.Salutation())

    def _voice(self, patient: Patient, level: int, now: datetime) -> "_Voice":
        return _Voice(wording=self._wording, clinic=self._clinic, patient=patient, level=level, now=now)

    def _sender(self, language: Language) -> tuple[str, str, str]:
        part = self._clinic.settings.clinic
        return part.names.get(language, part.name), part.address, part.phone

    def _whole_phone(self, text: str) -> str:
        """Keep the clinic's number in one line on paper."""
        phone = self._clinic.settings.clinic.phone
        return text.replace(phone, phone.replace(" ", "\u00a0"))

    def _last_day(self, link: PersonalLink) -> date:
        """The last whole day on which the link works."""
        return local_day(link.expires_at - ONE_DAY, self._clinic.zone)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Voice:
    """Says texts to one person."""

    wording: Wording
    clinic: Clinic
    patient: Patient
    level: int
    now: datetime

    @property
    def language(self) -> Language:
        return self.clinic.language_of(self.patient.language)

    def __call__(self, text: Text) -> str:
        reader = reader_of(self.patient, self.clinic)
        worded = self.wording.word(text, language=self.language, level_limit=self.level, reader=reader, now=self.now)
        return worded.text


def recipient_of(patient: Patient) -> Recipient:
    """The patient as an envelope names them."""
    profile = patient.profile
    name = " ".join(part for part in (profile.title, name_of(patient)) if part)
    return Recipient(
        number=profile.number,
        name=name,
        street=profile.street or "",
        postcode=profile.postcode or "",
        city=profile.city or "",
    )


def _plain(mail: OutgoingMail) -> Iterator[str]:
    yield from mail.before
    yield f"{mail.button}:\n{mail.link}"
    yield from mail.after
    yield "\n".join(mail.small)
    yield f"{mail.stop}:\n{mail.stop_link}"
