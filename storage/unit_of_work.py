"""One transaction of one clinic, and the repositories that work in it.

What is not committed leaves nothing.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from flows.ids import ClinicId
from storage.repositories.accounts import AccountRepository
from storage.repositories.addresses import AddressRepository
from storage.repositories.attachments import AttachmentRepository
from storage.repositories.calendar import CalendarRepository
from storage.repositories.checkpoints import CheckpointRepository
from storage.repositories.clinics import ClinicRepository
from storage.repositories.conversations import ConversationRepository
from storage.repositories.corrections import CorrectionRepository
from storage.repositories.decisions import DecisionRepository
from storage.repositories.desk_groups import DeskGroupRepository
from storage.repositories.invites import InviteRepository
from storage.repositories.jobs import JobRepository
from storage.repositories.ledger import LedgerRepository
from storage.repositories.ledger_proof import LedgerProof
from storage.repositories.message_log import MessageLog
from storage.repositories.outbox import OutboxRepository
from storage.repositories.passes import PassRepository
from storage.repositories.patients import PatientRepository
from storage.repositories.placeholders import PlaceholderRepository
from storage.repositories.planning import PlanningRepository
from storage.repositories.pulses import PulseRepository
from storage.repositories.releases import ReleaseRepository
from storage.repositories.staff import StaffRepository
from storage.repositories.staff_accounts import StaffAccountRepository
from storage.repositories.stored import StoredRows
from storage.repositories.suppression import Suppression
from storage.repositories.tickets import TicketRepository
from storage.repositories.topic_posts import TopicPosts
from storage.repositories.topics import TopicRepository
from storage.repositories.unmarked import UnmarkedVisits
from storage.repositories.updates import UpdateRepository
from storage.repositories.visits import VisitRepository
from storage.repositories.worklist import WorklistRepository
from storage.scope import Scope

R = TypeVar("R")


class _Made(Generic[R]):
    """A repository of a unit of work, made when it is first asked for: a turn needs six of thirty."""

    def __init__(self, make: Callable[[Scope], R]) -> None:
        self._make = make
        self._name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, uow: "UnitOfWork", owner: type) -> R:
        made = uow.__dict__[self._name] = self._make(uow.__dict__["_scope"])
        return made


class UnitOfWork:
    """The repositories of one clinic over one transaction; not for use outside the block or thread it was made for."""

    accounts = _Made(AccountRepository)
    addresses = _Made(AddressRepository)
    attachments = _Made(AttachmentRepository)
    calendar = _Made(CalendarRepository)
    checkpoints = _Made(CheckpointRepository)
    clinics = _Made(ClinicRepository)
    conversations = _Made(ConversationRepository)
    corrections = _Made(CorrectionRepository)
    decisions = _Made(DecisionRepository)
    desk_groups = _Made(DeskGroupRepository)
    invites = _Made(InviteRepository)
    jobs = _Made(JobRepository)
    ledger = _Made(LedgerRepository)
    ledger_proof = _Made(LedgerProof)
    messages = _Made(MessageLog)
    outbox = _Made(OutboxRepository)
    passes = _Made(PassRepository)
    patients = _Made(PatientRepository)
    placeholders = _Made(PlaceholderRepository)
    planning = _Made(PlanningRepository)
    pulses = _Made(PulseRepository)
    releases = _Made(ReleaseRepository)
    staff = _Made(StaffRepository)
    staff_accounts = _Made(StaffAccountRepository)
    stored = _Made(StoredRows)
    suppression = _Made(Suppression)
    tickets = _Made(TicketRepository)
    topic_posts = _Made(TopicPosts)
    topics = _Made(TopicRepository)
    unmarked = _Made(UnmarkedVisits)
    updates = _Made(UpdateRepository)
    visits = _Made(VisitRepository)
    worklist = _Made(WorklistRepository)

    def __init__(self, scope: Scope, keep: Callable[[], None] | None = None) -> None:
        """Begin; keep: commits, where that is not for the connection to do."""
        self._scope = scope
        self._connection = scope.connection
        self._keep = keep or scope.connection.commit
        self._ids = scope.ids
        self.clinic_id: ClinicId = scope.clinic_id

    def new_id(self) -> int:
        """Make a time-ordered id for something that is about to be stored."""
        return self._ids.next()

    def commit(self) -> None:
        """Keep what was done so far; what follows needs another commit."""
        self._keep()
