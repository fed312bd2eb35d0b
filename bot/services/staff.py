"""Who may sit at the desk: adding staff, signing in by a one-time link, sessions."""

from datetime import timedelta

from bot.services.clinic import Clinic
from bot.services.links import NewSecret, new_secret
from bot.services.ports import Clock
from bot.services.views import StaffMember
from flows.ids import StaffId
from flows.vocabulary import Language, Role
from storage.database import Database
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import PassKind, StaffDid

LINK_LASTS = timedelta(days=2)
SESSION_LASTS = timedelta(hours=12)


class StaffService:
    """Sign-in of the desk."""

    def __init__(self, *, database: Database, clinic: Clinic, clock: Clock) -> None:
        """Take the clinic whose staff it is."""
        self._database = database
        self._clinic = clinic
        self._clock = clock

    async def redeem_staff_link(self, token: str) -> str | None:
        """Use a one-time sign-in link; returns the session's secret."""

        def work(uow: UnitOfWork) -> str | None:
            used = uow.passes.use(PassKind.STAFF_LINK, token, self._clock.now())
            if used is None or used.staff_id is None:
                return None
            secret = self._open_session(uow, used.staff_id)
            uow.commit()
            return secret

        return await self._database.write(self._clinic.id, work)

    async def sign_in(self, staff_id: StaffId) -> str:
        """Open a session without a link; the rehearsal's way in, on this machine only."""

        def work(uow: UnitOfWork) -> str:
            secret = self._open_session(uow, staff_id)
            uow.commit()
            return secret

        return await self._database.write(self._clinic.id, work)

    async def staff(self, secret: str) -> StaffMember | None:
        """Find who is signed in."""

        def work(uow: UnitOfWork) -> StaffMember | None:
            found = uow.passes.find(PassKind.STAFF_SESSION, secret, self._clock.now())
            if found is None or found.staff_id is None:
                return None
            member = uow.staff.get(found.staff_id)
            if not member.active:
                return None
            language: Language = self._clinic.settings.clinic.language
            return StaffMember(staff_id=member.id, name=member.name, role=member.role, language=language)

        return await self._database.read(self._clinic.id, work)

    async def sign_out(self, secret: str) -> None:
        """End the session."""

        def work(uow: UnitOfWork) -> None:
            used = uow.passes.use(PassKind.STAFF_SESSION, secret, self._clock.now())
            if used is not None and used.staff_id is not None:
                uow.staff.record(used.staff_id, StaffDid.SIGNED_OUT, patient_id=None, at=self._clock.now())
            uow.commit()

        await self._database.write(self._clinic.id, work)

    def _open_session(self, uow: UnitOfWork, staff_id: StaffId) -> str:
        now = self._clock.now()
        secret = new_secret()
        uow.passes.put(
            PassKind.STAFF_SESSION, secret, staff_id=staff_id, created_at=now, expires_at=now + SESSION_LASTS
        )
        uow.staff.record(staff_id, StaffDid.SIGNED_IN, patient_id=None, at=now)
        return secret


def add_staff(uow: UnitOfWork, clock: Clock, name: str, role: Role) -> tuple[StaffId, NewSecret]:
    """Add a member of staff and make their one-time sign-in link's secret."""
    now = clock.now()
    staff_id = uow.staff.add(name, role, now)
    secret = new_secret()
    uow.passes.put(PassKind.STAFF_LINK, secret, staff_id=staff_id, created_at=now, expires_at=now + LINK_LASTS)
    return staff_id, NewSecret(secret=secret, expires_at=now + LINK_LASTS)
