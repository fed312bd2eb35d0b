"""Free times for the patient of a topic, as the web desk shows them."""

from datetime import datetime

from bot.services.clinic import Clinic
from bot.services.desk_reading import free_for
from flows.ids import ConversationId
from flows.meaning import ANY_TIME
from flows.slots import Slot
from storage.unit_of_work import UnitOfWork


def free_times(uow: UnitOfWork, clinic: Clinic, conversation_id: ConversationId, now: datetime) -> tuple[Slot, ...]:
    """Find some free times (now: aware UTC). Raises NotFoundError, KeyErasedError."""
    snapshot = uow.conversations.snapshot(conversation_id, now=now)
    return free_for(uow, clinic, ANY_TIME, snapshot, clinic.providers_for(snapshot.patient.provider_id), now)
