"""Draws groups of bars as SVG: what is compared, one below the other, each group on a scale of its own.

Loads differ by a hundred times, bots of one load by ten: a common scale would show nothing of the smaller ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from tests.benchmarks.chart import COLOURS, FONT

WIDTH = 760
LEFT, RIGHT, TOP = 290, 90, 50
BAR, GAP, HEAD, FOOT = 18, 6, 30, 22


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """What is compared with what: values by name."""

    title: str
    values: Mapping[str, float]


def draw_bars(title: str, groups: Sequence[Group], *, unit: str) -> str:
    """Draw the groups, one below the other. unit: of the values."""
    parts: list[str] = []
    y = float(TOP)
    for group in groups:
        parts.append(f'<text x="20" y="{y + 18:.0f}" font-weight="bold">{escape(group.title)}</text>')
        y += HEAD
        for place, (name, value) in enumerate(group.values.items()):
            parts += _bar(y, name, value, of=max(group.values.values()), colour=COLOURS[place % len(COLOURS)])
            y += BAR + GAP
        y += FOOT
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y:.0f}" role="img" {FONT}>',
            f"<title>{escape(title)}</title>",
            f'<rect width="{WIDTH}" height="{y:.0f}" fill="#fff"/>',
            f'<text x="20" y="26" font-size="16" font-weight="bold">{escape(title)}, {escape(unit)}</text>',
            *parts,
            "</svg>",
            "",
        ]
    )


def _bar(y: float, name: str, value: float, *, of: float, colour: str) -> list[str]:
    width = (WIDTH - LEFT - RIGHT) * value / of
    middle = y + BAR / 2 + 5
    return [
        f'<text x="{LEFT - 10}" y="{middle:.0f}" text-anchor="end">{escape(name)}</text>',
        f'<rect x="{LEFT}" y="{y:.0f}" width="{width:.1f}" height="{BAR}" fill="{colour}"/>',
        f'<text x="{LEFT + width + 8:.1f}" y="{middle:.0f}">{value:,.0f}</text>',
    ]
