"""Ids: ordered by time, unique over threads, growing whatever the clock does."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from storage.ids import EPOCH, NODES, IdMaker, made_at
from tests.storage.conftest import NOW, Clock


def test_an_id_tells_when_it_was_made_and_fits_in_63_bits() -> None:
    maker = IdMaker(clock=Clock(), node=NODES - 1)
    assert made_at(maker.next()) == NOW
    assert 0 < IdMaker(clock=lambda: datetime(2094, 1, 1, tzinfo=UTC), node=0).next() < 2**63


def test_ids_grow_while_the_clock_stands_and_when_it_steps_back() -> None:
    clock = Clock()
    maker = IdMaker(clock=clock, node=5)
    made = maker.take(10_000)
    clock.forward(hours=-1)
    made += maker.take(10)
    clock.forward(hours=2)
    made.append(maker.next())
    assert all(before < after for before, after in pairwise(made))
    assert made_at(made[-1]) == NOW + timedelta(hours=1)


def test_a_clock_before_the_epoch_still_gives_growing_ids() -> None:
    maker = IdMaker(clock=lambda: EPOCH - timedelta(days=1), node=0)
    assert 0 <= maker.next() < maker.next()


def test_threads_never_get_the_same_id() -> None:
    maker = IdMaker(clock=Clock(), node=1)
    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(lambda _: [maker.next() for _ in range(2_000)], range(8)))
    assert all(before < after for one in taken for before, after in pairwise(one))
    assert len({made for one in taken for made in one}) == 16_000


def test_two_nodes_never_make_the_same_id() -> None:
    one, other = IdMaker(clock=Clock(), node=1), IdMaker(clock=Clock(), node=2)
    assert not set(one.take(9_000)) & set(other.take(9_000))


@pytest.mark.parametrize("node", [-1, NODES])
def test_a_node_that_does_not_fit_is_refused(node: int) -> None:
    with pytest.raises(ValueError, match="node"):
        IdMaker(clock=Clock(), node=node)
