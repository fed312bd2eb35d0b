"""Who may sit at the desk: adding staff, signing in by a one-time link, sessions."""

from datetime import datetime, timedelta

from bot.errors import RecareError
from bot.services.clinic import Clinic
from bot.services.links import PersonalLink
from bot.services.ports import Clock
from bot.services.views import StaffMember
from bot.settings import ClinicSettings
from flows.ids import StaffId
from flows.outreach.facts import Mode
from flows.vocabulary import Language, Role
from storage.database import Database
from storage.repositories.passes import Holder
from storage.repositories.staff import StaffMember as Member
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import PassKind, StaffDid

LINK_LASTS = timedelta(days=2)
SESSION_LASTS = timedelta(hours=12)
REHEARSAL_LASTS = timedelta(days=3650)


class StaffService:
    """Sign-in of the desk."""

    def __init__(self, *, database: Database, clinic: Clinic, clock: Clock) -> None:
        """Take the clinic whose staff it is."""
        # A rehearsal's clock leaps over days while somebody looks on.
        self._session_lasts = REHEARSAL_LASTS if clinic.mode is Mode.REHEARSAL else SESSION_LASTS
        self._database = database
        self._clinic = clinic
        self._clock = clock

    async def redeem_staff_link(self, token: str) -> str | None:
        """Use a one-time sign-in link; returns the session's secret."""

        def work(uow: UnitOfWork) -> str | None:
            used = uow.passes.use(PassKind.STAFF_LINK, token, now=self._clock.now())
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
            found = uow.passes.look_up(PassKind.STAFF_SESSION, secret, now=self._clock.now())
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
            holder = uow.passes.look_up(PassKind.STAFF_SESSION, secret, now=self._clock.now())
            uow.passes.revoke(secret)
            if holder is not None and holder.staff_id is not None:
                uow.staff.did(holder.staff_id, StaffDid.SIGNED_OUT, now=self._clock.now())
            uow.commit()

        await self._database.write(self._clinic.id, work)

    def _open_session(self, uow: UnitOfWork, staff_id: StaffId) -> str:
        now = self._clock.now()
        holder = Holder(staff_id=staff_id)
        secret = uow.passes.issue(PassKind.STAFF_SESSION, holder, now=now, lifetime=self._session_lasts)
        uow.staff.did(staff_id, StaffDid.SIGNED_IN, now=now)
        return secret


def add_staff(uow: UnitOfWork, settings: ClinicSettings, name: str, role: Role, now: datetime) -> PersonalLink:
    """Add a member of staff and make the link that signs them in, once.

    Raises RecareError if somebody at the desk is called so already: most often it is the same person.
    """
    called_so = _called(uow, name)
    if called_so:
        known = called_so[0].name
        message = (
            f'somebody at the desk is called {known} already; `recare staff link "{known}"` makes them another link, '
            "--another adds a second person of that name"
        )
        raise RecareError(message)
    return add_namesake(uow, settings, name, role, now)


def add_namesake(uow: UnitOfWork, settings: ClinicSettings, name: str, role: Role, now: datetime) -> PersonalLink:
    """Add a member of staff, whoever else is called so, and make the link that signs them in, once."""
    return _make_link(uow, settings, uow.staff.add(name, role, now=now), now)


def link_for(uow: UnitOfWork, settings: ClinicSettings, name: str, now: datetime) -> PersonalLink:
    """Make another link for somebody who was added before: sessions end, links are lost. Raises RecareError."""
    return _make_link(uow, settings, _required(uow, name), now)


def sign_out_everywhere(uow: UnitOfWork, name: str, now: datetime) -> None:
    """End every session and unused link of a member of staff, at once (now: aware UTC). Raises RecareError.

    Their account at a messenger opens nothing any more either. The audit keeps under their name that it was done.
    """
    staff_id = _required(uow, name)
    uow.passes.revoke_staff(staff_id)
    uow.staff_accounts.unlink(staff_id)
    uow.staff.did(staff_id, StaffDid.SIGNED_OUT_EVERYWHERE, now=now)


def deactivate(uow: UnitOfWork, name: str, now: datetime) -> None:
    """Let a member of staff leave: nothing opens the desk for them from now on (aware UTC). Raises RecareError.

    What they did stays in the audit, and so does that they left; the leases of the chats they hold are over, so that
    the next round of the house gives these back, as any that staff left.
    """
    staff_id = _required(uow, name)
    uow.staff.deactivate(staff_id)
    uow.conversations.let_go(staff_id, now=now)
    uow.passes.revoke_staff(staff_id)
    uow.staff_accounts.unlink(staff_id)
    uow.staff.did(staff_id, StaffDid.DEACTIVATED, now=now)


def member_called(uow: UnitOfWork, name: str) -> Member:
    """Find the member of staff who is called so, or has this id. Raises RecareError."""
    return uow.staff.get(_required(uow, name))


def _required(uow: UnitOfWork, name: str) -> StaffId:
    """Find who at the desk is called so, or has this id. Raises RecareError if it is nobody or more than one."""
    found = _called(uow, name) or [member for member in uow.staff.all() if member.active and str(member.id) == name]
    if not found:
        message = f"nobody at the desk is called {name}; `recare staff list` shows who is, `recare staff add` adds them"
        raise RecareError(message)
    if len(found) > 1:
        ids = " or ".join(str(member.id) for member in found)
        raise RecareError(f"{len(found)} at the desk are called {name}; write the id in place of the name: {ids}")
    return found[0].id


def _called(uow: UnitOfWork, name: str) -> list[Member]:
    return [member for member in uow.staff.all() if member.active and _plain(member.name) == _plain(name)]


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _make_link(uow: UnitOfWork, settings: ClinicSettings, staff_id: StaffId, now: datetime) -> PersonalLink:
    token = uow.passes.issue(PassKind.STAFF_LINK, Holder(staff_id=staff_id), now=now, lifetime=LINK_LASTS)
    return PersonalLink(url=f"{settings.web.public_url}/desk/sign-in/{token}", expires_at=now + LINK_LASTS)
