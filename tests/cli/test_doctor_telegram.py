"""`recare doctor` about Telegram: tokens, webhooks, the group, the clock; nothing is sent, fetched or set."""

import base64
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.intake import webhook_of
from bot.services.enrolment import ONLY_CLINIC
from storage.database import Database
from tests.cli.checkups import set_up, told
from tests.cli.shell import KEY, recare
from tests.desk_telegram.answers import ME, TOKEN, Api, serving_beside
from tests.desk_telegram.heard import FORUM, GROUP

NOW = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
PATIENTS = "888:synthetic-token-of-the-patients"
TOKENS = {"RECARE_TELEGRAM_TOKEN": PATIENTS, "RECARE_DESK_TOKEN": TOKEN}
TAKES_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
FULL: dict[str, Any] = {
    **FORUM,
    "accent_color_id": 1,
    "max_reaction_count": 11,
    "accepted_gift_types": dict.fromkeys(TAKES_GIFTS, False),
}
RIGHTS = (
    "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
    "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
    "can_edit_stories", "can_delete_stories",
)  # fmt: skip
NO_WEBHOOK = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
SITE = "https://recall.example.com"
OURS = SITE + webhook_of(TOKEN).path


def stands_at(clinic: Path, site: str, mode: str) -> None:
    """Let a clinic be reached at this address, and get its updates in this way."""
    file = clinic / "clinic.toml"
    text = file.read_text(encoding="utf-8").replace('"http://127.0.0.1:8080"', f'"{site}"')
    file.write_text(f'{text}\nmode = "{mode}"\n', encoding="utf-8")


@pytest.fixture(scope="module")
def served() -> Iterator[Api]:
    """The Bot API."""
    with serving_beside() as serves:
        yield serves


@pytest.fixture
def api(served: Api, clinic: Path) -> Api:
    """The Bot API, and a clinic that speaks with it; one group is linked, in which the bot manages the topics."""
    served.forget()
    set_up(clinic, f'[telegram]\napi_base = "{served.base}"\n')
    assert recare("plan", folder=clinic).returncode == 0
    database = Database.open(
        f"sqlite:///{clinic / 'recare.sqlite'}", master_key=base64.urlsafe_b64decode(KEY), clock=lambda: NOW
    )
    with database.unit_of_work(ONLY_CLINIC) as uow:
        uow.desk_groups.link(GROUP, "Desk", now=NOW)
        uow.commit()
    database.close_now()
    served.grant("getWebhookInfo", NO_WEBHOOK)
    served.grant("getChat", FULL)
    served.grant("getChatMember", {"status": "creator", "is_anonymous": False, "user": ME})
    return served


def test_bots_whose_tokens_are_good_are_named(clinic: Path, api: Api) -> None:
    found = told(clinic, environment=TOKENS)
    for check in ("telegram.patients", "telegram.desk", "webhook.patients", "webhook.desk", "telegram.group", "clock"):
        assert found[check]["health"] == "ok", found[check]
    assert "@deskbot" in found["telegram.desk"]["says"]
    assert "'Desk'" in found["telegram.group"]["says"]
    assert {"sendMessage", "setWebhook", "deleteWebhook", "getUpdates"}.isdisjoint(api.methods())


def test_tokens_that_were_swapped_are_told_with_the_remedy(clinic: Path, api: Api) -> None:
    del api
    set_up(clinic, 'username = "example_recall_bot"\ndesk_username = "DeskBot"\n')
    found = told(clinic, environment=TOKENS)
    # Telegram tells apart no upper and lower case in a name.
    assert (found["telegram.patients"]["health"], found["telegram.desk"]["health"]) == ("fail", "ok")
    says = "RECARE_TELEGRAM_TOKEN is the token of @deskbot, but [telegram] username is example_recall_bot"
    assert found["telegram.patients"]["says"] == f"{says}: personal links lead to another bot"
    assert found["telegram.patients"]["remedy"] == "swap the two tokens, or correct username"


def test_a_revoked_token_fails_its_own_bot_alone(clinic: Path, api: Api) -> None:
    api.revoked.add(PATIENTS)
    found = told(clinic, environment=TOKENS)
    assert (found["telegram.patients"]["health"], found["telegram.desk"]["health"]) == ("fail", "ok")
    assert "@BotFather" in found["telegram.patients"]["remedy"]
    assert "RECARE_TELEGRAM_TOKEN" in found["telegram.patients"]["remedy"]
    assert "webhook.patients" not in found


def test_no_token_is_ever_shown(clinic: Path, api: Api) -> None:
    api.revoked |= {PATIENTS, TOKEN}
    ran = recare("doctor", folder=clinic, environment=TOKENS)
    assert ran.returncode == 1
    assert "synthetic-token" not in ran.stdout + ran.stderr


def test_a_token_that_is_not_set_is_a_doubt_and_none_at_all_a_failure(clinic: Path, api: Api) -> None:
    del api
    found = told(clinic, environment={"RECARE_DESK_TOKEN": TOKEN})
    assert (found["telegram.patients"]["health"], found["telegram.desk"]["health"]) == ("warn", "ok")
    assert "RECARE_TELEGRAM_TOKEN" in found["telegram.patients"]["says"]
    assert told(clinic)["telegram"]["health"] == "fail"


@pytest.mark.parametrize(
    ("mode", "info", "health", "remedy"),
    [
        ("polling", {"url": OURS}, "fail", "recare webhook delete"),
        ("webhook", {}, "fail", "recare webhook set"),
        ("webhook", {"url": "https://elsewhere.example.com/hooks/x"}, "fail", "recare webhook set"),
        ("webhook", {"url": f"{SITE}/somewhere/else"}, "fail", "recare webhook set"),
        ("webhook", {"url": SITE + webhook_of(PATIENTS).path}, "fail", "recare webhook set"),
        ("webhook", {"url": OURS}, "ok", ""),
        ("webhook", {"url": OURS, "last_error_message": "Connection refused"}, "warn", "reached from outside"),
        ("webhook", {"url": OURS, "pending_update_count": 500}, "warn", "recare run"),
    ],
)
def test_a_webhook_that_does_not_fit_the_settings_is_told(
    clinic: Path, api: Api, mode: str, info: dict[str, object], health: str, remedy: str
) -> None:
    stands_at(clinic, SITE, mode)
    api.grant("getWebhookInfo", NO_WEBHOOK | info)
    found = told(clinic, environment=TOKENS)["webhook.desk"]
    assert (found["health"], remedy in found["remedy"]) == (health, True)
    assert "/hooks/" not in found["says"] + found["remedy"], "half a key"


@pytest.mark.parametrize(
    ("site", "health", "remedy"),
    [
        ("http://recall.example.com", "fail", "https://"),
        ("https://recall.example.com:9999", "fail", "443"),
        ("https://recall.example.com:8443", "ok", ""),
        ("http://localhost:8080", "ok", ""),
    ],
)
def test_an_address_that_nothing_can_be_brought_to_is_told_whatever_is_set(
    clinic: Path, api: Api, site: str, health: str, remedy: str
) -> None:
    stands_at(clinic, site, "webhook")
    api.grant("getWebhookInfo", NO_WEBHOOK | {"url": site + webhook_of(TOKEN).path})
    found = told(clinic, environment=TOKENS)["webhook.desk"]
    assert (found["health"], remedy in found["remedy"]) == (health, True)
    api.grant("getWebhookInfo", NO_WEBHOOK)
    found = told(clinic, environment=TOKENS)["webhook.desk"]
    assert (found["health"], remedy in found["remedy"]) == ("fail", True)
    assert ("recare webhook set" in found["remedy"]) is (health == "ok"), "it would refuse"


@pytest.mark.parametrize(
    ("chat", "member", "health", "remedy"),
    [
        ({"is_forum": False}, {"status": "creator", "is_anonymous": False}, "fail", "switch them on"),
        ({}, {"status": "member"}, "fail", '"Manage topics"'),
        (
            {},
            {"status": "administrator", **dict.fromkeys(RIGHTS, False), "can_manage_topics": True},
            "warn",
            '"Delete messages"',
        ),
    ],
)
def test_a_group_the_desk_cannot_work_in_is_told_with_the_remedy(
    clinic: Path, api: Api, chat: dict[str, object], member: dict[str, object], health: str, remedy: str
) -> None:
    api.grant("getChat", FULL | chat)
    api.grant("getChatMember", {"user": ME, **member})
    found = told(clinic, environment=TOKENS)["telegram.group"]
    assert (found["health"], remedy in found["remedy"]) == (health, True)


@pytest.mark.parametrize(
    ("code", "description", "parameters", "health"),
    [
        (403, "Forbidden: bot was kicked from the supergroup chat", {}, "fail"),
        (400, "Bad Request: group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": -1002}, "warn"),
        (500, "Internal Server Error", {}, "warn"),
    ],
)
def test_a_group_that_cannot_be_looked_at_is_told(
    clinic: Path, api: Api, code: int, description: str, parameters: dict[str, int], health: str
) -> None:
    api.refuse("getChat", code, description, **parameters)
    assert told(clinic, environment=TOKENS)["telegram.group"]["health"] == health


def test_a_desk_without_a_group_is_told_how_to_get_one(clinic: Path, api: Api) -> None:
    with sqlite3.connect(clinic / "recare.sqlite") as connection:
        connection.execute("DELETE FROM desk_group")
    connection.close()
    found = told(clinic, environment=TOKENS)["telegram.group"]
    assert (found["health"], "recare desk link" in found["remedy"]) == ("warn", True)
    assert "getChat" not in api.methods()


@pytest.mark.parametrize(("seconds", "health"), [(20, "warn"), (-3600, "fail"), (0, "ok")])
def test_a_clock_that_is_off_is_told(clinic: Path, api: Api, seconds: int, health: str) -> None:
    api.ahead = seconds
    assert told(clinic, environment=TOKENS)["clock"]["health"] == health


def test_a_server_out_of_reach_fails_with_its_address(clinic: Path, unused_tcp_port: int) -> None:
    set_up(clinic, f'[telegram]\napi_base = "http://127.0.0.1:{unused_tcp_port}"\n')
    found = told(clinic, environment=TOKENS)
    assert (found["telegram.patients"]["health"], found["telegram.desk"]["health"]) == ("fail", "fail")
    assert f"http://127.0.0.1:{unused_tcp_port}" in found["telegram.desk"]["says"]
    assert found["clock"]["health"] == "warn"
