"""Whether a token belongs to the bot that `clinic.toml` names: links lead by the name, updates come by the token."""

from dataclasses import dataclass

from bot.services.intake_ports import BotIdentity
from bot.settings.clinic import TelegramPart
from bot.settings.reading import DESK_TOKEN_VARIABLE, PATIENTS_TOKEN_VARIABLE


@dataclass(frozen=True, kw_only=True, slots=True)
class BotName:
    """A bot as it is named here. token: its variable in the environment; setting: of its name; links: what use it."""

    token: str
    setting: str
    username: str | None
    links: str

    def mistake(self, who: BotIdentity) -> str | None:
        """Tell what is wrong if the token is another bot's; None if nothing is, or no name is set."""
        if self.username is None or self.username.casefold() == who.username.casefold():
            return None
        said = f"[telegram] {self.setting} is {self.username}"
        return f"{self.token} is the token of @{who.username}, but {said}: {self.links} lead to another bot"

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return f"swap the two tokens, or correct {self.setting}"


def patients_name(part: TelegramPart) -> BotName:
    """Tell how the patients' bot is named."""
    return BotName(token=PATIENTS_TOKEN_VARIABLE, setting="username", username=part.username, links="personal links")


def desk_name(part: TelegramPart) -> BotName:
    """Tell how the staff's bot is named."""
    return BotName(
        token=DESK_TOKEN_VARIABLE, setting="desk_username", username=part.desk_username, links="colleagues' links"
    )
