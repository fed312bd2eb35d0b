"""What a planned message would say when it leaves, as far as one knows now, for whoever decides about it beforehand.

Nothing is written, no time is kept and no link is made: when it leaves it is worded anew, with the times free then.
"""

from datetime import datetime, timedelta

from bot.services.campaigns import read_errand
from bot.services.clinic import Clinic
from bot.services.deciding import Decided
from bot.services.invitations import InvitationWriter
from bot.services.links import PersonalLink
from bot.services.people import context_of
from bot.services.proactive import Journey, departure_of, slots_for
from bot.services.situation import Situation
from bot.services.speaking import Speaker, listener_of
from bot.services.talk import read_talk
from flows.ids import ConversationId
from flows.messages.text import Text
from flows.outreach.cadence import Campaign
from flows.outreach.saying import foot_under
from flows.vocabulary import Channel
from storage.errors import KeyErasedError, NotFoundError
from storage.repositories.releases import Undecided
from storage.unit_of_work import UnitOfWork

NO_LINK = "..."
"""Stands where the personal link will be."""


class Foretelling:
    """Words messages that have not left."""

    def __init__(self, *, clinic: Clinic, speaker: Speaker, writer: InvitationWriter) -> None:
        """Take what words chats, and what words letters and e-mails."""
        self._clinic = clinic
        self._speaker = speaker
        self._writer = writer

    def text(self, uow: UnitOfWork, message: Undecided, now: datetime) -> str | None:
        """Word a message at its level (now: aware UTC); None if there is nothing to say then, or no time to offer."""
        leaves_at = max(now, message.not_before)
        try:
            if message.conversation_id is None:
                return self._written(uow, message, leaves_at)
            return self._spoken(uow, message, message.conversation_id, leaves_at)
        except (KeyErasedError, NotFoundError, LookupError):
            return None

    def _spoken(
        self, uow: UnitOfWork, message: Undecided, conversation_id: ConversationId, now: datetime
    ) -> str | None:
        snapshot = uow.conversations.snapshot(conversation_id, now=now)
        here = Situation(
            uow=uow,
            clinic=self._clinic,
            conversation_id=conversation_id,
            patient_id=message.patient_id,
            channel=message.channel,
            treated_by=snapshot.patient.provider_id,
            now=now,
            source=f"outbox:{message.id}",
        )
        errand = read_errand(message)
        slots = slots_for(errand, here)
        if errand.campaign is Campaign.REACTIVATION and not slots:
            return None
        journey = Journey(errand=errand, slots=slots, level=message.level, foot=self._foot(message))
        departure = departure_of(journey, here, context_of(snapshot, self._clinic, now))
        said = Decided(chat=read_talk(snapshot).chat, replies=(departure.reply,), visit=departure.visit)
        words = self._speaker.words(departure.reply, said, listener_of(snapshot, here, message.level), here)
        return str(words.body["text"])

    def _written(self, uow: UnitOfWork, message: Undecided, now: datetime) -> str | None:
        patient = uow.patients.get(message.patient_id)
        lasts = timedelta(days=self._clinic.settings.recall.link_days)
        link = PersonalLink(url=NO_LINK, expires_at=now + lasts)
        if message.channel is Channel.LETTER:
            return self._writer.letter(patient, link, level=message.level, foot=self._foot(message), now=now).text
        mail = self._writer.mail(
            patient, link, stop_link=NO_LINK, mark="", level=message.level, foot=self._foot(message), now=now
        )
        return mail.text

    def _foot(self, message: Undecided) -> tuple[Text, ...]:
        """The closing lines that the patient's policy asks for."""
        policy = self._clinic.policy_for(message.residence, message.channel)
        return foot_under(policy, message.channel, message.purpose)
