"""What the practice may write about, as the patient decides it."""

from dataclasses import dataclass

from flows.messages.text import Text


@dataclass(frozen=True, kw_only=True)
class SettingsShown(Text, key="settings.shown"):
    """Buttons follow, for each kind of message ("on", "off"), for how and for how often; pressing one changes it."""


@dataclass(frozen=True, kw_only=True)
class SettingsReceipt(Text, key="settings.receipt"):
    """The attached file holds what the patient has allowed and refused so far, for them to keep. No question."""


@dataclass(frozen=True, kw_only=True)
class SettingsDone(Text, key="settings.done"):
    """The patient has finished changing settings. They are kept as shown. No question."""
