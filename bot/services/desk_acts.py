"""One act of a member of staff on a conversation: one transaction in the chat's own queue, written to the audit.

Invariant: an act that comes from a messenger's update has its effect once, however often the update is delivered.
"""

from collections.abc import Callable

from bot.services.chats import ChatQueues
from bot.services.clinic import Clinic
from bot.services.delivery import Delivery
from bot.services.desk_ports import ConflictError
from bot.services.desk_reading import DeskReading
from bot.services.held import Held
from bot.services.leaving import Leaving
from bot.services.situation import Situation
from bot.services.speaking import Speaker
from bot.services.staff import StaffService
from bot.services.views import StaffMember
from flows.ids import ConversationId, StaffId
from storage.errors import KeyErasedError, NotFoundError
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import StaffDid

Done = tuple[Leaving, ...] | None
"""What leaves because of an act; None: there was nothing to do, and so nothing to audit."""

Act = Callable[[Held], Done]


class DeskActs(DeskReading):
    """The desk, acting."""

    def __init__(
        self,
        *,
        clinic: Clinic,
        speaker: Speaker,
        delivery: Delivery,
        queues: ChatQueues,
        staff: StaffService,
    ) -> None:
        """Take what the desk works with."""
        super().__init__(clinic=clinic, clock=delivery.clock, database=delivery.database, staff=staff)
        self._speaker = speaker
        self._delivery = delivery
        self._queues = queues

    async def perform(
        self, staff: StaffMember, conversation_id: int, did: StaffDid, act: Act, *, once: str | None = None
    ) -> None:
        """Do one act and deliver what leaves because of it.

        Args:
            staff: who acts.
            conversation_id: on what.
            did: what the audit says.
            act: what is done, in the transaction.
            once: names what it comes from; under one name a member of staff does one thing.

        Raises:
            ConflictError: the conversation is not there any more, or what the act itself raises.
        """
        found = ConversationId(conversation_id)

        def work(uow: UnitOfWork) -> Done:
            now = self._clock.now()
            try:
                lock = uow.conversations.lock(found)
            except (NotFoundError, KeyErasedError):
                raise ConflictError("desk.conflict.changed") from None
            if once is not None and not uow.updates.claim(lock.channel, f"desk:{staff.staff_id}:{once}", now):
                return None
            snapshot = uow.conversations.snapshot(found, now=now)
            here = Situation(
                uow=uow,
                clinic=self._clinic,
                conversation_id=found,
                patient_id=lock.patient_id,
                channel=lock.channel,
                treated_by=snapshot.patient.provider_id,
                now=now,
                source=f"desk:{staff.staff_id}",
            )
            leaving = act(Held(here, lock, snapshot, staff))
            if leaving is None:
                return None
            uow.staff.did(StaffId(staff.staff_id), did, patient_id=lock.patient_id, now=now)
            uow.commit()
            return leaving

        async with self._queues.turn_of(found):
            leaving = await self._database.write(self._clinic.id, work)
            await self._delivery.send(leaving or ())
        await self._delivery.news.changed(conversation_id)
