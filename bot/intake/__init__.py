"""Intake: takes raw updates from messengers, by long poll or webhook, and hands them to the bots chat by chat."""

from bot.intake.intake import HealthWithIntake, Intake, Mode
from bot.intake.reach import out_of_bounds
from bot.intake.ways_in import WayIn, Webhook, way_in, webhook_of

__all__ = ["HealthWithIntake", "Intake", "Mode", "WayIn", "Webhook", "out_of_bounds", "way_in", "webhook_of"]
