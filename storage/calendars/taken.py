"""Taken chair time as numbers: each quarter of an hour of a provider is one bit, so that a day is looked at at once.

Pure. What a database keeps as rows is told in blocks of half a day: a block's number and the bits of its quarters.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from flows.ids import ProviderId

BLOCK = 48
"""Quarters: as many as a database's whole numbers have bits for, and half a day."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """Which quarters are booked or held. bits: by provider, bit n says it of the quarter `first` + n."""

    first: int = 0
    bits: Mapping[ProviderId, int] = field(default_factory=dict)

    @classmethod
    def of_blocks(cls, blocks: Iterable[tuple[Any, ...]], *, since: int) -> Self:
        """Take blocks, each as its provider, number and bits; none lies before the quarter `since`."""
        first = since // BLOCK * BLOCK
        bits: dict[ProviderId, int] = {}
        for provider, number, taken in blocks:
            bits[provider] = bits.get(provider, 0) | taken << (number * BLOCK - first)
        return cls(first=first, bits=bits)

    def free(self, provider: ProviderId, quarters: range) -> int:
        """Return the free ones of a provider's quarters, none before `first`: bit n says it of the n-th."""
        taken = self.bits.get(provider, 0) >> (quarters.start - self.first)
        return ~taken & ((1 << len(quarters)) - 1)
