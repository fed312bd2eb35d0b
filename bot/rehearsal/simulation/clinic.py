"""The simulated clinic's settings: the example clinic, with as many dentists as its patients need."""

from importlib import resources

from bot.settings import ClinicSettings
from bot.settings.clinic import ProviderPart
from bot.settings.reading import parse_clinic

PATIENTS_A_DENTIST = 2000
HOLD_OUT = 0.05
"""The share that is left alone; the auditor knows it by its lots."""


def simulated_settings(patients: int) -> ClinicSettings:
    """The settings of a clinic with so many patients. Their zone and policy are the example's."""
    text = (resources.files("bot.settings") / "example.toml").read_text(encoding="utf-8")
    settings = parse_clinic(text, source="example.toml")
    fewer = len(settings.provider)
    more = max(0, patients // PATIENTS_A_DENTIST - fewer)
    return settings.model_copy(
        update={
            "recall": settings.recall.model_copy(update={"hold_out": HOLD_OUT}),
            "provider": (
                *settings.provider,
                *(_colleague(settings.provider[0], fewer + each + 1) for each in range(more)),
            ),
        }
    )


def _colleague(of: ProviderPart, number: int) -> ProviderPart:
    """A dentist who works when another does."""
    return of.model_copy(update={"key": f"dentist{number}", "name": f"Dr Example-{number}", "names": ()})
