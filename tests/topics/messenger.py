"""A messenger of the patient's, to which what members of the group write goes."""

from dataclasses import dataclass, field

from bot.services.ports import OutgoingMessage
from bot.services.topic_ports import StaffFile
from tests.house.line import Line

PLAN = StaffFile(file_id="f1", name="plan.pdf", media_type="application/pdf")


@dataclass(kw_only=True)
class Messenger(Line):
    """A messenger of the patient's; handed: what it was given."""

    handed: list[OutgoingMessage] = field(default_factory=list)

    async def send(self, address: str, message: OutgoingMessage) -> str:
        """Let it arrive."""
        self.handed.append(message)
        return await super().send(address, message)
