"""Shows one value in one gap, by its kind: day, instant, amount, number or words."""

from datetime import date

from bot.wording.moments import Calendar, show_moment
from bot.wording.money import show_money
from bot.wording.plain_lines import one_line
from bot.wording.style import MomentStyle, Style
from flows.messages.text import Money, Parameter


class UnshowableError(ValueError):
    """The value and the style of its gap do not fit."""


def show_value(value: Parameter, style_name: str | None, style: Style, calendar: Calendar) -> str:
    """Show a value. Days and instants need a style, nothing else has one. Raises UnshowableError."""
    if isinstance(value, date):
        if style_name is None:
            raise UnshowableError("a date is shown in a style")
        return show_moment(value, MomentStyle(style_name), style, calendar)
    if style_name is not None:
        raise UnshowableError(f"only dates are shown in the style {style_name}")
    if isinstance(value, Money):
        return show_money(value, style)
    return one_line(value) if isinstance(value, str) else str(value)
