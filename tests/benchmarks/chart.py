"""Draws a chart of times over sizes as SVG: both axes logarithmic, a full line for recare, a dashed one for bare SQL.

On such axes a straight line that rises one square a square is a cost that grows with the size, and no faster.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 760, 440
LEFT, RIGHT, TOP, BOTTOM = 80, 190, 50, 60
FONT = 'font-family="sans-serif" font-size="13"'
COLOURS = ("#0b6e99", "#b3541e", "#5b7f2b", "#7a4b94")


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """Times in milliseconds by size, of recare and of bare SQL."""

    name: str
    ours: Mapping[int, float]
    bare: Mapping[int, float]


def draw(title: str, lines: Sequence[Line]) -> str:
    """Draw the lines; every one needs the same sizes."""
    times = [time for line in lines for side in (line.ours, line.bare) for time in side.values()]
    across = _Axis.around(lines[0].ours, LEFT, WIDTH - RIGHT)
    up = _Axis.around(times, HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" {FONT}>',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="26" font-size="16" font-weight="bold">{escape(title)}</text>',
        *_grid(across, up),
    ]
    for place, (line, colour) in enumerate(zip(lines, COLOURS, strict=False)):
        parts.append(_path(line.ours, across, up, f'stroke="{colour}" stroke-width="2.5"'))
        parts.append(_path(line.bare, across, up, f'stroke="{colour}" stroke-width="1.5" stroke-dasharray="5 4"'))
        parts += [
            f'<circle cx="{across.at(size):.1f}" cy="{up.at(time):.1f}" r="3.5" fill="{colour}"/>'
            for size, time in line.ours.items()
        ]
        x, y = WIDTH - RIGHT + 20, TOP + 14 + 22 * place
        parts.append(f'<text x="{x}" y="{y}" fill="{colour}" font-weight="bold">{escape(line.name)}</text>')
    x, y = WIDTH - RIGHT + 20, TOP + 24 + 22 * len(lines)
    parts += [f'<text x="{x}" y="{y}">full: recare</text>', f'<text x="{x}" y="{y + 18}">dashed: bare SQL</text>']
    return "\n".join([*parts, "</svg>", ""])


@dataclass(frozen=True, kw_only=True, slots=True)
class _Axis:
    """Powers of ten from `low` to `high`, drawn from pixel `begin` to `end`."""

    low: int
    high: int
    begin: float
    end: float

    @staticmethod
    def around(values: Iterable[float], begin: float, end: float) -> "_Axis":
        powers = [math.log10(value) for value in values]
        low, high = math.floor(min(powers)), math.ceil(max(powers))
        return _Axis(low=low, high=max(high, low + 1), begin=begin, end=end)

    def at(self, value: float) -> float:
        return self.begin + (self.end - self.begin) * (math.log10(value) - self.low) / (self.high - self.low)

    def marks(self) -> list[float]:
        return [10.0**power for power in range(self.low, self.high + 1)]


def _grid(across: _Axis, up: _Axis) -> list[str]:
    parts = []
    for size in across.marks():
        x = across.at(size)
        parts.append(f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{size:,.0f}</text>')
    for time in up.marks():
        y = up.at(time)
        name = f"{time:g} ms" if time < 1000 else f"{time / 1000:g} s"
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{name}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    return [*parts, f'<text x="{middle:.0f}" y="{HEIGHT - 14}" text-anchor="middle">patients of the clinic</text>']


def _path(times: Mapping[int, float], across: _Axis, up: _Axis, style: str) -> str:
    points = " ".join(f"{across.at(size):.1f},{up.at(time):.1f}" for size, time in times.items())
    return f'<polyline points="{points}" fill="none" {style}/>'
