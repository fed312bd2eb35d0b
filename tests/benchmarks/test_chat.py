"""Lets recare lead a chat on Telegram beside other bots that lead the same, in turn, over HTTP.

`make bench ARGS="-k chat --write-docs"` measures all that docs/benchmarks.md shows, in some ten minutes; without the
option nothing is written. How fast a machine is decides nothing here: the goals are told, and what fails the benchmark
is only a bot that does not answer, or one that does other work than recare for a turn.
"""

import statistics
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.benchmarks.bars import Group, draw_bars
from tests.benchmarks.chat.driving import Load, Peer, Round, drive
from tests.benchmarks.measuring import machine

pytestmark = pytest.mark.timeout(3600)

DOCS = Path(__file__).parents[2] / "docs"
BEGIN, END = "<!-- chat: begin -->", "<!-- chat: end -->"
CHART = "![A chat on Telegram](benchmarks/chat.svg)"
CALLS_A_TURN = 3.0
NEARLY = 0.1

MANY = "64 patients, 0 ms"
LONE = "1 patient, 0 ms"
FAR = "256 patients, 50 ms"

Results = Mapping[str, Mapping[Peer, Round]]


async def test_a_chat_beside_other_bots(tmp_path: Path, rounds: int, turns: int, writes_docs: bool) -> None:  # noqa: FBT001  # a fixture
    peers = [peer for peer in Peer if peer.is_here]
    results = {
        name: await _take_turns(load, peers, rounds, tmp_path / str(place))
        for place, (name, load) in enumerate(_loads(turns).items())
    }
    told = "\n\n".join([_table(results), _goals(results), _conditions(results, rounds, turns)])
    print(f"\n{told}")
    if writes_docs:
        _write(results, told)


def _loads(turns: int) -> dict[str, Load]:
    return {
        MANY: Load(patients=64, latency=0.0, warm_up=256, turns=turns),
        LONE: Load(patients=1, latency=0.0, warm_up=50, turns=turns // 5),
        FAR: Load(patients=256, latency=0.05, warm_up=512, turns=turns),
    }


async def _take_turns(load: Load, peers: list[Peer], rounds: int, folder: Path) -> dict[Peer, Round]:
    """Measure each once, then each again: whatever else the machine does hits all alike. The medians of each."""
    measured: dict[Peer, list[Round]] = {peer: [] for peer in peers}
    for place in range(rounds):
        for peer in peers:
            own = folder / f"{place}-{peer.name}"
            own.mkdir(parents=True)
            done = await drive(peer, load.of(peer), own)
            assert done.lost == 0, f"{peer.title}: {done.lost} presses were not answered"
            # What is under way as measuring begins and ends belongs to turns that do not count.
            nearly = NEARLY + load.patients / load.turns
            assert done.calls_a_turn == pytest.approx(CALLS_A_TURN, abs=nearly), f"{peer.title}: {done.calls}"
            print(f"{load.patients} patients: {peer.title}: {done.turns_a_second:.0f} turns/s")
            measured[peer].append(done)
    return {peer: _median(each) for peer, each in measured.items()}


def _median(rounds: list[Round]) -> Round:
    def of(name: str) -> float:
        return float(statistics.median(getattr(each, name) for each in rounds))

    return Round(
        turns_a_second=of("turns_a_second"),
        p50=of("p50"),
        p99=of("p99"),
        cpu=of("cpu"),
        own_cpu=of("own_cpu"),
        peak=of("peak"),
        calls=rounds[0].calls,
        lost=0,
    )


def _table(results: Results) -> str:
    lines = [
        "| load | bot | turns a second | of bare | p50 | p99 | processor for 1,000 turns | memory at its peak |",
        "|---|---|---:|---:|---:|---:|---:|---:|",
    ]
    for name, measured in results.items():
        about = name
        for peer, each in measured.items():
            lines.append(
                f"| {about} | {peer.title} | {each.turns_a_second:,.0f} | {_ratio(measured, peer):.2f} "
                f"| {each.p50:,.1f} ms | {each.p99:,.1f} ms | {each.cpu:.2f} s | {each.peak:,.0f} MB |"
            )
            about = ""
    return "\n".join(lines)


def _goals(results: Results) -> str:
    many, lone, far = (results[name] for name in (MANY, LONE, FAR))
    goals = [
        _at_least(f"{MANY}: recare to bare", _ratio(many, Peer.RECARE), 0.5),
        _at_most(f"{MANY}: p99", many[Peer.RECARE].p99, 150.0),
        _at_most(f"{LONE}: p50", lone[Peer.RECARE].p50, 2.5),
        _at_least(f"{FAR}: recare to bare", _ratio(far, Peer.RECARE), 0.9),
        _at_least(
            f"{MANY}: recare to ConversationHandler", _ratio(many, Peer.RECARE) / _ratio(many, Peer.CONVERSATION), 1.0
        ),
    ]
    if Peer.DIALOG_REDIS in many:
        ahead = _ratio(many, Peer.RECARE) / _ratio(many, Peer.DIALOG_REDIS)
        goals.append(_at_least(f"{MANY}: recare to aiogram-dialog on Redis", ahead, 1.0))
    return "\n".join(["| goal | at least, at most | measured | met |", "|---|---:|---:|---|", *goals])


def _at_least(name: str, measured: float, goal: float) -> str:
    return f"| {name} | {goal:.1f} × | {measured:.2f} × | {'yes' if measured >= goal else 'no'} |"


def _at_most(name: str, measured: float, goal: float) -> str:
    return f"| {name} | {goal:,.1f} ms | {measured:,.1f} ms | {'yes' if measured <= goal else 'no'} |"


def _conditions(results: Results, rounds: int, turns: int) -> str:
    own = statistics.median(each.own_cpu for measured in results.values() for each in measured.values())
    absent = "".join(f" {peer.title} is not measured: it is not installed." for peer in Peer if not peer.is_here)
    return (
        f"Medians of {rounds} rounds of up to {turns:,} turns, measured on {machine()}. The patients and their "
        f"messenger took {own:.1f} s of the processor for 1,000 turns.{absent}"
    )


def _ratio(measured: Mapping[Peer, Round], peer: Peer) -> float:
    return measured[peer].turns_a_second / measured[Peer.BARE].turns_a_second


def _write(results: Results, told: str) -> None:
    groups = [
        Group(title=name, values={peer.title: each.turns_a_second for peer, each in measured.items()})
        for name, measured in results.items()
    ]
    (DOCS / "benchmarks" / "chat.svg").write_text(
        draw_bars("A chat on Telegram", groups, unit="turns a second"), "utf-8"
    )
    page = DOCS / "benchmarks.md"
    head, _, rest = page.read_text("utf-8").partition(BEGIN)
    _, _, tail = rest.partition(END)
    page.write_text(f"{head}{BEGIN}\n{CHART}\n\n{told}\n{END}{tail}", "utf-8")
