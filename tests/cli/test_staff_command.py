"""Who may sit at the desk, from the command line: added once, listed, signed out, let in no more."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import RecareError
from bot.services.links import end_access, make_link
from bot.services.staff import add_namesake, add_staff, deactivate, link_for, sign_out_everywhere
from flows.vocabulary import Role
from storage.vocabulary import PassKind
from tests.cli.shell import one_line, recare
from tests.world import World, make_world

ROBIN = "Robin Example"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A house of its own."""
    made = make_world(f"sqlite:///{tmp_path / 'recare.sqlite'}")
    yield made
    made.house.database.close_now()


async def signed_in(world: World) -> str:
    """Add Robin, who opens the link; returns the session's secret."""
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        link = add_staff(uow, world.house.clinic.settings, ROBIN, Role.RECEPTION, world.clock.now())
        uow.commit()
    secret = await world.house.staff.redeem_staff_link(link.url.rpartition("/")[2])
    assert secret is not None
    return secret


def audit(world: World) -> list[str]:
    """What the audit knows, the oldest first."""
    with world.house.database.reading(world.house.clinic.id) as uow:
        return [each.action.value for each in reversed(uow.staff.actions(99))]


async def test_who_is_signed_out_everywhere_comes_in_again_by_a_new_link_only(world: World) -> None:
    secret = await signed_in(world)
    assert await world.house.staff.staff(secret) is not None
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        unused = link_for(uow, world.house.clinic.settings, ROBIN, world.clock.now())
        sign_out_everywhere(uow, ROBIN, world.clock.now())
        again = link_for(uow, world.house.clinic.settings, ROBIN, world.clock.now())
        uow.commit()
    assert await world.house.staff.staff(secret) is None
    assert await world.house.staff.redeem_staff_link(unused.url.rpartition("/")[2]) is None
    assert await world.house.staff.redeem_staff_link(again.url.rpartition("/")[2]) is not None
    assert audit(world) == ["signed_in", "signed_out_everywhere", "signed_in"]


async def test_a_sign_out_that_is_sent_twice_is_audited_once(world: World) -> None:
    secret = await signed_in(world)
    for _ in range(2):
        await world.house.staff.sign_out(secret)
    assert audit(world) == ["signed_in", "signed_out"]


async def test_who_has_left_is_out_at_once_and_gets_no_link(world: World) -> None:
    secret = await signed_in(world)
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        deactivate(uow, ROBIN, world.clock.now())
        uow.commit()
    assert await world.house.staff.staff(secret) is None
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        assert not any(member.active for member in uow.staff.all())
        with pytest.raises(RecareError, match="nobody at the desk is called Robin Example"):
            link_for(uow, world.house.clinic.settings, ROBIN, world.clock.now())
    assert audit(world) == ["signed_in", "deactivated"]


def test_who_comes_back_may_be_added_again(world: World) -> None:
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        for _ in range(2):
            add_staff(uow, world.house.clinic.settings, ROBIN, Role.RECEPTION, world.clock.now())
            deactivate(uow, ROBIN, world.clock.now())
        assert [member.active for member in uow.staff.all()] == [False, False]


@pytest.mark.parametrize("again", [ROBIN, "robin  EXAMPLE"])
def test_nobody_gets_a_twin_by_mistake(again: str, world: World) -> None:
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        settings, now = world.house.clinic.settings, world.clock.now()
        add_staff(uow, settings, ROBIN, Role.RECEPTION, now)
        with pytest.raises(RecareError, match='called Robin Example already; `recare staff link "Robin Example"`'):
            add_staff(uow, settings, again, Role.RECEPTION, now)
        assert len(uow.staff.all()) == 1


def test_two_of_the_same_name_are_told_apart_by_their_ids(world: World) -> None:
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        settings, now = world.house.clinic.settings, world.clock.now()
        add_staff(uow, settings, ROBIN, Role.RECEPTION, now)
        add_namesake(uow, settings, ROBIN, Role.DENTIST, now)
        first, second = uow.staff.all()
        with pytest.raises(RecareError, match=f"2 at the desk are called Robin Example.*{first.id} or {second.id}"):
            deactivate(uow, ROBIN, world.clock.now())
        deactivate(uow, str(second.id), world.clock.now())
        assert [member.active for member in uow.staff.all()] == [True, False]
        assert link_for(uow, settings, ROBIN, now).expires_at == now + timedelta(days=2)


async def test_a_lost_phone_opens_nothing_any_more(world: World) -> None:
    patient_id, _ = world.add_patient()
    clinic_id, settings = world.house.clinic.id, world.house.clinic.settings
    with world.house.database.unit_of_work(clinic_id) as uow:
        used, unused = (make_link(uow, patient_id, settings, world.clock.now()).url for _ in range(2))
        uow.commit()
    redeemed = await world.house.patient.redeem_link(used.rpartition("/")[2])
    assert redeemed is not None
    secret = redeemed[0]
    with world.house.database.unit_of_work(clinic_id) as uow:
        assert uow.passes.look_up(PassKind.CHAT_SESSION, secret, now=world.clock.now()) is not None
        end_access(uow, patient_id)
        uow.commit()
    with world.house.database.unit_of_work(clinic_id) as uow:
        now = world.clock.now()
        assert uow.passes.look_up(PassKind.CHAT_SESSION, secret, now=now) is None
        assert uow.passes.look_up(PassKind.PATIENT_LINK, unused.rpartition("/")[2], now=now) is None


def test_the_desk_is_kept_from_the_command_line(clinic: Path) -> None:
    assert recare("staff", "list", folder=clinic).stdout.startswith("Nobody may sit at the desk yet")
    assert "/desk/sign-in/" in recare("staff", "add", f" {ROBIN} ", folder=clinic).stdout
    one_line(recare("staff", "add", ROBIN, folder=clinic), "already", "--another")
    assert recare("staff", "add", ROBIN, "--another", "--role", "dentist", folder=clinic).returncode == 0
    listed = json.loads(recare("staff", "list", "--json", folder=clinic).stdout)
    assert [(each["name"], each["role"], each["active"]) for each in listed] == [
        (ROBIN, "reception", True),
        (ROBIN, "dentist", True),
    ]
    one_line(recare("staff", "sign-out", ROBIN, folder=clinic), listed[0]["id"], listed[1]["id"])
    assert recare("staff", "deactivate", listed[1]["id"], folder=clinic).returncode == 0
    signed_out = recare("staff", "sign-out", ROBIN, folder=clinic).stdout
    assert "is signed out everywhere" in signed_out
    for way_back in ("link", "telegram"):
        assert f'`recare staff {way_back} "{ROBIN}"`' in signed_out
    assert [line.endswith("has left") for line in recare("staff", "list", folder=clinic).stdout.splitlines()] == [
        False,
        True,
    ]


@pytest.mark.parametrize("name", ["", "  ", "x" * 201])
def test_a_name_that_cannot_be_stored_is_one_line(name: str, clinic: Path) -> None:
    one_line(recare("staff", "add", name, folder=clinic), "1 to 200 characters")
