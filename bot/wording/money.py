"""Shows amounts of money: cents only where there are some."""

from decimal import Decimal

from babel.numbers import format_currency, get_currency_precision

from bot.wording.style import Style
from flows.messages.text import Money


def show_money(amount: Money, style: Style) -> str:
    """Show an amount in the manner of a language."""
    digits = get_currency_precision(amount.currency)
    value = Decimal(amount.minor).scaleb(-digits)
    pattern = style.money.whole if value == value.to_integral_value() else style.money.broken
    return format_currency(value, amount.currency, format=pattern, locale=style.locale, currency_digits=False)
