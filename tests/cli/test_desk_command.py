"""The group in which staff work, from the command line: a code that links it, how it stands, and its end."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from bot.clocks import SystemClock
from bot.services.enrolment import ONLY_CLINIC
from storage.database import Database
from storage.repositories.passes import Holder
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import GroupProblem, PassKind
from tests.cli.shell import KEY, one_line, recare

T = TypeVar("T")
ROBIN = "Robin Example"
GROUP = -1001234567890


@pytest.fixture
def bots(clinic: Path) -> Path:
    """The example's clinic, with [telegram]."""
    file = clinic / "clinic.toml"
    file.write_text(file.read_text(encoding="utf-8") + "\n[telegram]\n", encoding="utf-8")
    return clinic


def do(folder: Path, work: Callable[[UnitOfWork], T]) -> T:
    """Do something to the clinic's database, as the running house would."""
    url = f"sqlite:///{folder / 'recare.sqlite'}"
    database = Database.open(url, master_key=base64.b64decode(KEY), clock=SystemClock().now)
    try:
        with database.unit_of_work(ONLY_CLINIC) as uow:
            result = work(uow)
            uow.commit()
    finally:
        database.close_now()
    return result


def told(folder: Path, *arguments: str) -> dict[str, object]:
    """What a command prints for programs."""
    ran = recare(*arguments, "--json", folder=folder)
    assert ran.returncode == 0, ran
    data = json.loads(ran.stdout)
    assert isinstance(data, dict)
    return data


def link_group(folder: Path) -> None:
    """Let the house link a group by a code of the command."""
    code, now = str(told(folder, "desk", "link")["code"]), SystemClock().now()

    def work(uow: UnitOfWork) -> bool:
        uow.desk_groups.link(GROUP, "Example staff", now=now)
        return uow.desk_groups.use_code(code, now=now)

    assert do(folder, work)


def test_a_code_links_a_group_within_an_hour(bots: Path) -> None:
    made = told(bots, "desk", "link")
    code, now = str(made["code"]), SystemClock().now()
    assert made["command"] == f"/link {code}"
    assert do(bots, lambda uow: uow.desk_groups.is_valid(code, now=now + timedelta(minutes=59)))
    assert not do(bots, lambda uow: uow.desk_groups.is_valid(code, now=now + timedelta(minutes=61)))


def test_the_line_to_write_into_the_group_stands_alone(bots: Path) -> None:
    said = recare("desk", "link", folder=bots).stdout.splitlines()
    assert len(said) == 2
    assert said[1].startswith("/link ")


def test_no_code_is_printed_that_no_bot_would_hear(clinic: Path) -> None:
    recare("staff", "add", ROBIN, folder=clinic)
    for command in (["desk", "link"], ["staff", "telegram", ROBIN]):
        one_line(recare(*command, folder=clinic), "clinic.toml", "there is no [telegram]", "docs/telegram.md")


def test_without_a_group_the_desk_is_in_the_browser(clinic: Path) -> None:
    assert recare("desk", "show", folder=clinic).stdout.startswith("No group is linked")
    shown = told(clinic, "desk", "show")
    assert (shown["state"], shown["group"], shown["remedy"]) == ("none", None, "")


def test_the_desk_tells_its_group_and_who_is_not_known_there(bots: Path) -> None:
    link_group(bots)
    recare("staff", "add", ROBIN, folder=bots)
    assert told(bots, "desk", "show")["staff"] == [{"name": ROBIN, "role": "reception", "connected": False}]
    assert f'recare staff telegram "{ROBIN}"' in recare("desk", "show", folder=bots).stdout
    staff_id = do(bots, lambda uow: uow.staff.all()[0].id)
    do(bots, lambda uow: uow.staff_accounts.link(staff_id, 777, now=SystemClock().now()))
    assert told(bots, "desk", "show")["staff"] == [{"name": ROBIN, "role": "reception", "connected": True}]
    text = recare("desk", "show", folder=bots).stdout
    assert text.startswith("Example staff is linked since")
    assert "not known there" not in text


def test_a_group_that_does_not_work_is_shown_with_its_remedy(bots: Path) -> None:
    link_group(bots)
    do(bots, lambda uow: uow.desk_groups.set_problem(GroupProblem.NO_FORUM, now=SystemClock().now()))
    shown = told(bots, "desk", "show")
    assert shown["state"] == "no_forum"
    assert "switch them on" in str(shown["remedy"])
    assert str(shown["remedy"]) in recare("desk", "show", folder=bots).stdout


def test_a_group_is_unlinked_once(bots: Path) -> None:
    link_group(bots)
    assert recare("desk", "unlink", folder=bots).returncode == 0
    assert told(bots, "desk", "show")["state"] == "none"
    one_line(recare("desk", "unlink", folder=bots), "no group is linked")


def test_a_colleague_gets_a_code_and_a_link_where_the_bot_is_named(bots: Path) -> None:
    recare("staff", "add", ROBIN, folder=bots)
    plain = told(bots, "staff", "telegram", ROBIN)
    assert plain["link"] is None
    assert plain["command"] == f"/start {plain['code']}"
    assert "writes to the staff's bot" in recare("staff", "telegram", ROBIN, folder=bots).stdout
    file = bots / "clinic.toml"
    named = file.read_text(encoding="utf-8") + '\ndesk_username = "example_desk_bot"\n'
    file.write_text(named, encoding="utf-8")
    made = told(bots, "staff", "telegram", ROBIN)
    assert made["link"] == f"https://t.me/example_desk_bot?start={made['code']}"
    assert "https://t.me/example_desk_bot?start=" in recare("staff", "telegram", ROBIN, folder=bots).stdout
    now, code = SystemClock().now(), str(made["code"])
    staff_id = do(bots, lambda uow: uow.staff.all()[0].id)
    opened = do(bots, lambda uow: uow.passes.use(PassKind.STAFF_ACCOUNT, code, now=now))
    assert opened == Holder(staff_id=staff_id)
    one_line(recare("staff", "telegram", "Nobody Example", folder=bots), "nobody at the desk is called")


def test_who_is_signed_out_everywhere_is_nobody_in_the_group_either(clinic: Path) -> None:
    recare("staff", "add", ROBIN, folder=clinic)
    staff_id = do(clinic, lambda uow: uow.staff.all()[0].id)
    do(clinic, lambda uow: uow.staff_accounts.link(staff_id, 777, now=SystemClock().now()))
    recare("staff", "sign-out", ROBIN, folder=clinic)
    assert do(clinic, lambda uow: uow.staff_accounts.whose(777)) is None
    do(clinic, lambda uow: uow.staff_accounts.link(staff_id, 777, now=SystemClock().now()))
    recare("staff", "deactivate", ROBIN, folder=clinic)
    assert do(clinic, lambda uow: uow.staff_accounts.users()) == {}
