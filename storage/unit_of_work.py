"""One transaction of one clinic, and the repositories that work in it.

What is not committed leaves nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flows.ids import ClinicId
from storage.repositories.accounts import AccountRepository
from storage.repositories.addresses import AddressRepository
from storage.repositories.attachments import AttachmentRepository
from storage.repositories.calendar import CalendarRepository
from storage.repositories.checkpoints import CheckpointRepository
from storage.repositories.clinics import ClinicRepository
from storage.repositories.conversations import ConversationRepository
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


class UnitOfWork:
    """The repositories of one clinic over one transaction; not for use outside the block or thread it was made for."""

    def __init__(self, scope: Scope, keep: Callable[[], None] | None = None) -> None:
        """Begin; keep: commits, where that is not for the connection to do."""
        self._connection = scope.connection
        self._keep = keep or scope.connection.commit
        self._ids = scope.ids
        self.clinic_id: ClinicId = scope.clinic_id
        self.accounts = AccountRepository(scope)
        self.addresses = AddressRepository(scope)
        self.attachments = AttachmentRepository(scope)
        self.calendar = CalendarRepository(scope)
        self.checkpoints = CheckpointRepository(scope)
        self.clinics = ClinicRepository(scope)
        self.conversations = ConversationRepository(scope)
        self.decisions = DecisionRepository(scope)
        self.desk_groups = DeskGroupRepository(scope)
        self.invites = InviteRepository(scope)
        self.jobs = JobRepository(scope)
        self.ledger = LedgerRepository(scope)
        self.ledger_proof = LedgerProof(scope)
        self.messages = MessageLog(scope)
        self.outbox = OutboxRepository(scope)
        self.passes = PassRepository(scope)
        self.patients = PatientRepository(scope)
        self.placeholders = PlaceholderRepository(scope)
        self.planning = PlanningRepository(scope)
        self.pulses = PulseRepository(scope)
        self.releases = ReleaseRepository(scope)
        self.staff = StaffRepository(scope)
        self.staff_accounts = StaffAccountRepository(scope)
        self.stored = StoredRows(scope)
        self.suppression = Suppression(scope)
        self.tickets = TicketRepository(scope)
        self.topic_posts = TopicPosts(scope)
        self.topics = TopicRepository(scope)
        self.unmarked = UnmarkedVisits(scope)
        self.updates = UpdateRepository(scope)
        self.visits = VisitRepository(scope)
        self.worklist = WorklistRepository(scope)

    def new_id(self) -> int:
        """Make a time-ordered id for something that is about to be stored."""
        return self._ids.next()

    def commit(self) -> None:
        """Keep what was done so far; what follows needs another commit."""
        self._keep()

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo what the block did if it raises, and only that."""
        with self._connection.begin_nested():
            yield
