"""What a bot asks and sets about itself: who it is, where its updates go, its commands and profile, its files."""

import re

from tests.botapi import errors
from tests.botapi.files import MOST_DOWNLOADED
from tests.botapi.handling import handles
from tests.botapi.hub import BotAccount, Hub
from tests.botapi.inbox import Webhook
from tests.botapi.model import Json

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
SECRET = re.compile(r"[A-Za-z0-9_-]*")


@handles("getMe")
def get_me(hub: Hub, bot: BotAccount, params: Json) -> Json:  # noqa: ARG001  # every handler takes the same
    """Tell who the bot is."""
    return bot.shown()


@handles("logOut", "close")
def leave_server(hub: Hub, bot: BotAccount, params: Json) -> bool:  # noqa: ARG001  # every handler takes the same
    """Nothing to leave."""
    return True


@handles("setWebhook")
def set_webhook(hub: Hub, bot: BotAccount, params: Json) -> bool:  # noqa: ARG001  # every handler takes the same
    """Post updates to an address from now on."""
    if not params["url"]:
        bot.inbox.set_webhook(None, allowed=_allowed(params))
        return True
    if not re.match(r"https?://", params["url"]):
        raise errors.bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if not SECRET.fullmatch(params.get("secret_token", "")):
        raise errors.bad_request("secret token contains unallowed characters")
    if params.get("drop_pending_updates"):
        bot.inbox.waiting.clear()
    webhook = Webhook(
        url=params["url"],
        secret=params.get("secret_token", ""),
        most_connections=params.get("max_connections", 40),
    )
    bot.inbox.set_webhook(webhook, allowed=_allowed(params))
    return True


@handles("deleteWebhook")
def delete_webhook(hub: Hub, bot: BotAccount, params: Json) -> bool:  # noqa: ARG001  # every handler takes the same
    """Keep updates for polling from now on."""
    if params.get("drop_pending_updates"):
        bot.inbox.waiting.clear()
    bot.inbox.set_webhook(None, allowed=None)
    return True


@handles("getWebhookInfo")
def get_webhook_info(hub: Hub, bot: BotAccount, params: Json) -> Json:  # noqa: ARG001  # every handler takes the same
    """Tell what is set."""
    hook = bot.inbox.webhook
    fields: Json = {
        "url": hook.url if hook else "",
        "has_custom_certificate": False,
        "pending_update_count": len(bot.inbox.waiting),
    }
    if hook is not None:
        fields["max_connections"] = hook.most_connections
        if hook.last_error:
            fields |= {"last_error_date": hook.last_error_at, "last_error_message": hook.last_error}
    return fields | ({"allowed_updates": sorted(bot.inbox.allowed)} if bot.inbox.allowed else {})


@handles("getUpdates")
async def get_updates(hub: Hub, bot: BotAccount, params: Json) -> list[Json]:  # noqa: ARG001  # every handler takes the same
    """Give what waits for the bot."""
    allowed = _allowed(params)
    if allowed is not None:
        bot.inbox.allowed = allowed or None
    return await bot.inbox.fetch(
        offset=params.get("offset", 0), limit=params.get("limit", 100), seconds=min(params.get("timeout", 0), 50)
    )


def _allowed(params: Json) -> frozenset[str] | None:
    return frozenset(params["allowed_updates"]) if "allowed_updates" in params else None


@handles("setMyCommands", "getMyCommands", "deleteMyCommands")
def my_commands(hub: Hub, bot: BotAccount, params: Json) -> bool | list[Json]:  # noqa: ARG001  # every handler takes the same
    """Set, tell or forget the commands of a scope and language."""
    scope = params.get("scope") or {"type": "default"}
    key = ("/".join(str(part) for part in scope.values()), params.get("language_code", ""))
    if "commands" in params:
        if not all(COMMAND.fullmatch(each["command"].removeprefix("/")) for each in params["commands"]):
            raise errors.bad_request("BOT_COMMAND_INVALID")
        bot.commands[key] = params["commands"]
        return True
    if params["_method"] == "getmycommands":
        return bot.commands.get(key, [])
    bot.commands.pop(key, None)
    return True


@handles("setChatMenuButton")
def set_menu_button(hub: Hub, bot: BotAccount, params: Json) -> bool:  # noqa: ARG001  # every handler takes the same
    """Set the button beside the input field; chat 0: everywhere."""
    bot.menu_buttons[params.get("chat_id", 0)] = params.get("menu_button") or {"type": "default"}
    return True


@handles("getChatMenuButton")
def get_menu_button(hub: Hub, bot: BotAccount, params: Json) -> Json:  # noqa: ARG001  # every handler takes the same
    """Tell the button beside the input field."""
    return bot.menu_buttons.get(params.get("chat_id", 0)) or bot.menu_buttons.get(0) or {"type": "commands"}


@handles(
    "setMyName", "setMyDescription", "setMyShortDescription", "getMyName", "getMyDescription", "getMyShortDescription"
)
def my_profile(hub: Hub, bot: BotAccount, params: Json) -> bool | Json:  # noqa: ARG001  # every handler takes the same
    """Set or tell what stands in the bot's profile, by language."""
    part = {"name": "name", "description": "description", "shortdescription": "short_description"}[
        params["_method"].removeprefix("setmy").removeprefix("getmy")
    ]
    key = (part, params.get("language_code", ""))
    if params["_method"].startswith("set"):
        bot.profile[key] = params.get(part, "")
        return True
    return {part: bot.profile.get(key, bot.account.first_name if part == "name" else "")}


@handles("getFile")
def get_file(hub: Hub, bot: BotAccount, params: Json) -> Json:
    """Make a file ready to be downloaded."""
    file = hub.shelf.find(bot.id, params["file_id"])
    if file is None:
        raise errors.INVALID_FILE_ID
    if file.size > MOST_DOWNLOADED:
        raise errors.FILE_TOO_BIG
    path = hub.shelf.opened(bot.id, file)
    return {
        "file_id": params["file_id"],
        "file_unique_id": file.unique_id,
        "file_size": file.size,
        "file_path": path,
    }
