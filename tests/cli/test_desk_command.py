"""The group in which staff work, from the command line: a code that links it, how it stands, and its end."""

import base64
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

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


def test_a_code_links_a_group_within_an_hour(clinic: Path) -> None:
    made = told(clinic, "desk", "link")
    code, now = str(made["code"]), SystemClock().now()
    assert made["command"] == f"/link {code}"
    assert do(clinic, lambda uow: uow.desk_groups.is_valid(code, now=now + timedelta(minutes=59)))
    assert not do(clinic, lambda uow: uow.desk_groups.is_valid(code, now=now + timedelta(minutes=61)))
    assert "/link " in recare("desk", "link", folder=clinic).stdout


def test_without_a_group_the_desk_is_in_the_browser(clinic: Path) -> None:
    assert recare("desk", "show", folder=clinic).stdout.startswith("No group is linked")
    shown = told(clinic, "desk", "show")
    assert (shown["state"], shown["group"], shown["remedy"]) == ("none", None, "")


def test_the_desk_tells_its_group_and_who_is_not_known_there(clinic: Path) -> None:
    link_group(clinic)
    recare("staff", "add", ROBIN, folder=clinic)
    assert told(clinic, "desk", "show")["staff"] == [{"name": ROBIN, "role": "reception", "connected": False}]
    assert f'recare staff telegram "{ROBIN}"' in recare("desk", "show", folder=clinic).stdout
    staff_id = do(clinic, lambda uow: uow.staff.all()[0].id)
    do(clinic, lambda uow: uow.staff_accounts.link(staff_id, 777, now=SystemClock().now()))
    assert told(clinic, "desk", "show")["staff"] == [{"name": ROBIN, "role": "reception", "connected": True}]
    text = recare("desk", "show", folder=clinic).stdout
    assert text.startswith("Example staff is linked since")
    assert "not known there" not in text


def test_a_group_that_does_not_work_is_shown_with_its_remedy(clinic: Path) -> None:
    link_group(clinic)
    do(clinic, lambda uow: uow.desk_groups.set_problem(GroupProblem.NO_FORUM, now=SystemClock().now()))
    shown = told(clinic, "desk", "show")
    assert shown["state"] == "no_forum"
    assert "switch them on" in str(shown["remedy"])
    assert str(shown["remedy"]) in recare("desk", "show", folder=clinic).stdout


def test_a_group_is_unlinked_once(clinic: Path) -> None:
    link_group(clinic)
    assert recare("desk", "unlink", folder=clinic).returncode == 0
    assert told(clinic, "desk", "show")["state"] == "none"
    one_line(recare("desk", "unlink", folder=clinic), "no group is linked")


def test_a_colleague_gets_a_code_and_a_link_where_the_bot_is_named(clinic: Path) -> None:
    recare("staff", "add", ROBIN, folder=clinic)
    plain = told(clinic, "staff", "telegram", ROBIN)
    assert plain["link"] is None
    assert plain["command"] == f"/start {plain['code']}"
    assert "writes to the staff's bot" in recare("staff", "telegram", ROBIN, folder=clinic).stdout
    file = clinic / "clinic.toml"
    named = file.read_text(encoding="utf-8") + '\n[telegram]\ndesk_username = "example_desk_bot"\n'
    file.write_text(named, encoding="utf-8")
    made = told(clinic, "staff", "telegram", ROBIN)
    assert made["link"] == f"https://t.me/example_desk_bot?start={made['code']}"
    assert "https://t.me/example_desk_bot?start=" in recare("staff", "telegram", ROBIN, folder=clinic).stdout
    now, code = SystemClock().now(), str(made["code"])
    staff_id = do(clinic, lambda uow: uow.staff.all()[0].id)
    opened = do(clinic, lambda uow: uow.passes.use(PassKind.STAFF_ACCOUNT, code, now=now))
    assert opened == Holder(staff_id=staff_id)
    one_line(recare("staff", "telegram", "Nobody Example", folder=clinic), "nobody at the desk is called")


def test_who_is_signed_out_everywhere_is_nobody_in_the_group_either(clinic: Path) -> None:
    recare("staff", "add", ROBIN, folder=clinic)
    staff_id = do(clinic, lambda uow: uow.staff.all()[0].id)
    do(clinic, lambda uow: uow.staff_accounts.link(staff_id, 777, now=SystemClock().now()))
    recare("staff", "sign-out", ROBIN, folder=clinic)
    assert do(clinic, lambda uow: uow.staff_accounts.whose(777)) is None
    do(clinic, lambda uow: uow.staff_accounts.link(staff_id, 777, now=SystemClock().now()))
    recare("staff", "deactivate", ROBIN, folder=clinic)
    assert do(clinic, lambda uow: uow.staff_accounts.users()) == {}
