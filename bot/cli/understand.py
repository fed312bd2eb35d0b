"""`recare understand`: what texts mean, one line of JSON each, as the dialogs are told it.

Memory stays the same however much comes in: a line is read, answered and forgotten.
"""

import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, time
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, TextIO
from zoneinfo import ZoneInfo

import click

from bot.cli.understand_options import DEFAULT_ZONE, moment, moments, zone
from bot.cli.understand_text import explained
from bot.clocks import SystemClock
from bot.errors import RecareError
from bot.settings import read_clinic
from bot.understanding import Reading, Understander, WordsError, load_understander
from bot.understanding.explaining import explain
from bot.understanding.normal import LONGEST_TEXT
from bot.understanding.offers import named_offer
from flows.meaning import Expecting, Flag, Meaning
from flows.vocabulary import Language

LONGEST_LINE = 1 << 22
"""Bytes of a line; what comes after them is left out."""

_BYTE_ORDER_MARK = "\ufeff"
_SHOWN_AS = {Flag.ROBOT_QUESTION: "robot"}


@click.command(name="understand", epilog='Example: recare understand --expecting slots "after five on Thursday"')
@click.argument("texts", nargs=-1, metavar="[TEXT]...")
@click.option("--lang", type=click.Choice([each.value for each in Language]), help="The patient's; else recognised.")
@click.option(
    "--now", metavar="ISO", callback=moment, help="When it is read, as 2026-11-18T10:00; with no zone, the clinic's."
)
@click.option(
    "--expecting",
    type=click.Choice([each.value for each in Expecting]),
    default=Expecting.NOTHING.value,
    help="What was just asked.",
)
@click.option(
    "--offers", metavar="ISO,ISO", callback=moments, default="", help="The times on the table, with commas between."
)
@click.option("--visit", metavar="ISO", callback=moment, help="When the patient's own visit begins.")
@click.option(
    "--zone",
    "there",
    metavar="NAME",
    callback=zone,
    help=f"The clinic's; else that of clinic.toml here, else {DEFAULT_ZONE}.",
)
@click.option("--explain", "explains", is_flag=True, help="Show below each line of JSON what decided.")
def command(
    texts: tuple[str, ...],
    *,
    lang: str | None,
    now: datetime | None,
    expecting: str,
    offers: tuple[datetime, ...],
    visit: datetime | None,
    there: ZoneInfo | None,
    explains: bool,
) -> None:
    """Tell what texts mean: each TEXT, or each line of standard input, as a line of JSON.

    Of a text the first 4,096 characters count, as in a dialog. No text leaves this machine, and nothing is kept.
    """
    here = there or _zone_here()
    reading = Reading(
        language=None if lang is None else Language(lang),
        expecting=Expecting(expecting),
        now=SystemClock().now() if now is None else _aware(now, here),
        zone=here,
        offers=tuple(sorted(_aware(offer, here) for offer in offers)),
        visit=None if visit is None else _aware(visit, here),
    )
    understander = _load()
    out = _written_in_utf8(sys.stdout)
    for text in map(_sound, texts) if texts else lines(sys.stdin.buffer):
        read = text[:LONGEST_TEXT]
        meaning = understander.understand(read, reading)
        out.write(f"{json.dumps(as_data(text, meaning, reading), ensure_ascii=False)}\n")
        if explains:
            out.write(f"{explained(explain(understander, read, reading), meaning)}\n")
        out.flush()


def as_data(text: str, meaning: Meaning, reading: Reading) -> dict[str, object]:
    """Give a meaning as it is printed. An offer that the text points at stands there as its date and time."""
    times = named_offer(meaning, reading)
    return {
        "text": text,
        "intent": meaning.intent.value,
        "sure": meaning.sure,
        "confidence": meaning.confidence,
        "alternatives": [intent.value for intent in meaning.alternatives],
        "flags": [_SHOWN_AS.get(flag, flag.value) for flag in Flag if flag in meaning.flags],
        "dates": None if times.dates is None else [day.isoformat() for day in times.dates],
        "from": _clock(times.earliest),
        "to": _clock(times.latest),
    }


def lines(stream: BinaryIO) -> Iterator[str]:
    """Read the lines of a stream one by one; what is no UTF-8 is replaced."""
    mark = _BYTE_ORDER_MARK
    while line := stream.readline(LONGEST_LINE):
        rest = line
        while not rest.endswith(b"\n") and (rest := stream.readline(LONGEST_LINE)):
            pass
        yield line.decode("utf-8", errors="replace").removesuffix("\n").removesuffix("\r").removeprefix(mark)
        mark = ""


def _written_in_utf8(stream: TextIO) -> TextIO:
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(encoding="utf-8")
    return stream


def _sound(argument: str) -> str:
    return os.fsencode(argument).decode("utf-8", errors="replace")


def _clock(bound: time | None) -> str | None:
    return None if bound is None else bound.strftime("%H:%M")


def _aware(given: datetime, here: ZoneInfo) -> datetime:
    known = given if given.tzinfo else given.replace(tzinfo=here)
    return known.astimezone(UTC)


def _zone_here() -> ZoneInfo:
    file = Path("clinic.toml")
    if not file.exists():
        return ZoneInfo(DEFAULT_ZONE)
    try:
        return read_clinic(file).zone
    except RecareError as wrong:
        raise click.ClickException(f"{wrong}; or name the time zone with --zone") from wrong


def _load() -> Understander:
    try:
        return load_understander()
    except (WordsError, RecareError) as wrong:
        raise click.ClickException(str(wrong)) from wrong
