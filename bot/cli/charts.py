"""Charts in the terminal: bars of block characters, or of plain signs where blocks would not show."""

import sys
from enum import StrEnum

WIDTH = 40
EIGHTHS = " ▏▎▍▌▋▊▉"
FULL = "█"


class Style(StrEnum):
    """What bars are drawn with."""

    BLOCKS = "blocks"
    PLAIN = "plain"


def style_of(*, plain: bool) -> Style:
    """Blocks on a terminal that can show them, unless plain signs are asked for."""
    can = sys.stdout.isatty() and (sys.stdout.encoding or "").lower().startswith("utf")
    return Style.BLOCKS if can and not plain else Style.PLAIN


def bar(amount: float, most: float, style: Style, *, width: int = WIDTH) -> str:
    """Draw an amount beside the largest one of its chart; anything above nothing shows at least a little."""
    if most <= 0 or amount <= 0:
        return ""
    eighths = max(1, round(min(amount / most, 1) * width * 8))
    if style is Style.PLAIN:
        return "#" * max(1, round(eighths / 8))
    full, rest = divmod(eighths, 8)
    return FULL * full + (EIGHTHS[rest] if rest else "")
