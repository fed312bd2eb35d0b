"""Draws what was meant against what was understood as an SVG: a square of shades, blue where right, orange where not.

Blue and orange stay apart for the colour-blind; the shade is the share of what its row meant.
"""

from collections.abc import Mapping
from html import escape

from flows.meaning import Intent

CELL, LEFT, TOP, RIGHT, BOTTOM = 22, 150, 170, 60, 46
_RIGHT_HUE, _WRONG_HUE = (11, 90, 150), (200, 80, 0)
_DARK = 0.55
"""From this shade on, the number on it is white."""

_FAINTEST = 0.12
_FONT = 'font-family="sans-serif" font-size="11"'
_EMPTY, _GRID = "#fff", "#e4e4e4"
Counts = Mapping[tuple[Intent, Intent], int]


def draw_confusion(title: str, counts: Counts) -> str:
    """Draw counts of (meant, understood)."""
    intents = list(Intent)
    side = CELL * len(intents)
    width, height = LEFT + side + RIGHT, TOP + side + BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" {_FONT}>',
        f"<title>{escape(title)}</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        f'<text x="20" y="28" font-size="16" font-weight="bold">{escape(title)}</text>',
        '<text x="20" y="48" fill="#444">a row: what was meant; a column: what was understood</text>',
        f'<rect x="{LEFT}" y="{TOP}" width="{side}" height="{side}" fill="{_EMPTY}" stroke="{_GRID}"/>',
    ]
    for place, intent in enumerate(intents):
        parts += _labels(place, intent, side, sum(counts.get((intent, other), 0) for other in intents))
    for row, meant in enumerate(intents):
        whole = sum(counts.get((meant, other), 0) for other in intents)
        for column, understood in enumerate(intents):
            count = counts.get((meant, understood), 0)
            if count:
                parts += _cell(row, column, count, count / whole)
    return "\n".join([*parts, *_legend(TOP + side + 28), "</svg>", ""])


def _labels(place: int, intent: Intent, side: int, whole: int) -> list[str]:
    middle = CELL * place + CELL / 2
    x, y, edge = LEFT + middle, TOP + middle, CELL * place
    name = escape(intent.value)
    turned = f'x="{x + 4:.0f}" y="{TOP - 8}" transform="rotate(-60 {x + 4:.0f} {TOP - 8})"'
    return [
        f'<path d="M{LEFT} {TOP + edge}h{side}M{LEFT + edge} {TOP}v{side}" stroke="{_GRID}" fill="none"/>',
        f'<text x="{LEFT - 8}" y="{y + 4:.0f}" text-anchor="end">{name}</text>',
        f"<text {turned}>{name}</text>",
        f'<text x="{LEFT + side + 8}" y="{y + 4:.0f}" fill="#666">{whole}</text>',
    ]


def _cell(row: int, column: int, count: int, share: float) -> list[str]:
    x, y = LEFT + CELL * column, TOP + CELL * row
    shade = _FAINTEST + (1 - _FAINTEST) * share
    ink = "#fff" if shade >= _DARK else "#111"
    fill, side = _colour(row == column, shade), CELL - 1
    middle, base = x + CELL / 2 + 0.5, y + CELL / 2 + 4
    return [
        f'<rect x="{x + 1}" y="{y + 1}" width="{side}" height="{side}" fill="{fill}"/>',
        f'<text x="{middle:.1f}" y="{base:.0f}" text-anchor="middle" fill="{ink}">{count}</text>',
    ]


def _legend(y: int) -> list[str]:
    parts, x = [], LEFT
    for name, is_right in (("understood", True), ("mistaken", False)):
        for share in (0.05, 0.25, 0.5, 0.75, 1):
            fill = _colour(is_right, _FAINTEST + (1 - _FAINTEST) * share)
            parts.append(f'<rect x="{x}" y="{y - 10}" width="18" height="12" fill="{fill}"/>')
            x += 18
        parts.append(f'<text x="{x + 8}" y="{y}">{name}: a little to all of its row</text>')
        x += 240
    return parts


def _colour(is_right: bool, shade: float) -> str:  # noqa: FBT001 - the two hues there are
    hue = _RIGHT_HUE if is_right else _WRONG_HUE
    mixed = (round(255 - (255 - part) * shade) for part in hue)
    return "#" + "".join(f"{part:02x}" for part in mixed)
