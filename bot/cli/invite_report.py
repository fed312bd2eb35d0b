"""What `recare invites` says at its end: how many were made, and for everybody else why not."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import click

from bot.cli.plan import WHY
from bot.services.bouncing import Outcome
from bot.services.inviting import Aside, Chosen, LeftOut, Wanted
from flows.outreach.verdict import Refusal, Wait
from flows.vocabulary import Channel

SHOWN = 20
WIDEST_BAR = 30
ASIDE = {
    Aside.IN_A_CHAT: "a messenger reaches them already",
    Aside.HELD_BACK: "somebody held a message to them back lately",
    Aside.SAME_HOUSEHOLD: "somebody of their household is in this batch",
    Aside.NO_ROOM: "wait for the next batch, or for more free time",
}
UNREACHED = {Channel.LETTER: "no postal address known", Channel.EMAIL: "no e-mail address known"}
WAITING = {
    Wait.TALKING: "are talking with us now",
    Wait.CAP_DAY: "were written to today",
    Wait.CAP_WEEK: "were written to this week",
    Wait.GAP: "were written to lately",
    Wait.RHYTHM: "asked to be written to more rarely",
    Wait.HOLIDAY: "wait for the end of the holidays",
    Wait.WEEKDAY: "wait for a day on which we may write",
    Wait.QUIET_HOURS: "wait for the hours in which we may write",
}
RETURNED = {
    Outcome.CLOSED: "came back: the address reaches nobody and is closed",
    Outcome.NOT_DELIVERED: "came back, but the address may be right",
    Outcome.LATE: "late, still on their way",
    Outcome.KNOWN: "known already",
    Outcome.NOT_OURS: "not about an invitation of ours",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """A batch of letters or e-mails. file: where letters are; at: from when e-mails leave, in the clinic's zone."""

    batch: str
    channel: Channel
    made: int
    numbers: tuple[str, ...]
    left_out: Mapping[LeftOut, int]
    dry_run: bool
    file: Path | None
    at: datetime | None

    @staticmethod
    def of(
        wanted: Wanted,
        chosen: Chosen,
        *,
        made: int,
        file: Path | None = None,
        at: datetime | None = None,
        dry_run: bool = False,
    ) -> "Report":
        """Sum up what was chosen and made."""
        return Report(
            batch=wanted.batch,
            channel=wanted.channel,
            made=made,
            numbers=tuple(each.patient.profile.number for each in chosen.going),
            left_out=chosen.left_out,
            dry_run=dry_run,
            file=file if made else None,
            at=at if made else None,
        )

    def show(self, *, as_json: bool) -> None:
        """Print it."""
        if as_json:
            click.echo(json.dumps(self._data(), indent=2, ensure_ascii=False))
            return
        click.echo(self._first_line())
        if self.dry_run:
            for number in self.numbers[:SHOWN]:
                click.echo(f"  {number}")
            if len(self.numbers) > SHOWN:
                click.echo(f"  ... and {len(self.numbers) - SHOWN} more")
        left = Counter(dict(self.left_out))
        click.echo(f"Left out: {left.total()}")
        most = max(left.values(), default=1)
        for reason, count in left.most_common():
            bar = "#" * max(1, count * WIDEST_BAR // most)
            click.echo(f"  {count:>6}  {bar:<{WIDEST_BAR}}  {self._words(reason)}")

    def _first_line(self) -> str:
        if self.dry_run:
            return f"Would be invited: {self.made}. A dry run: nothing was made or recorded."
        if not self.made:
            return "Nobody was invited."
        if self.file is not None:
            return f"Invited: {self.made}, in {self.file} (batch {self.batch}). They count as sent: post them today."
        leaving = f"leaving from {self.at:%a %d %b %H:%M} on while `recare run` runs"
        return f"Planned: {self.made}, {leaving} (batch {self.batch})."

    def _words(self, reason: LeftOut) -> str:
        if isinstance(reason, Aside):
            return ASIDE[reason]
        if isinstance(reason, Wait):
            return WAITING[reason]
        return UNREACHED[self.channel] if reason is Refusal.UNREACHED else WHY[reason]

    def _data(self) -> dict[str, object]:
        return {
            "batch": None if self.dry_run or not self.made else self.batch,
            "invited": self.made,
            "numbers": list(self.numbers),
            "file": str(self.file) if self.file else None,
            "leaving_from": self.at.isoformat() if self.at else None,
            "dry_run": self.dry_run,
            "left_out": {reason.value: count for reason, count in self.left_out.items()},
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class CardsReport:
    """A batch of cards. links: by the patient's number.

    day: whose visitors were asked for; None: people were named. asked: how many were, but for whom a chat reaches.
    """

    day: date | None
    batch: str
    asked: int
    made: int
    file: Path
    links: Mapping[str, str]

    def show(self, *, as_json: bool) -> None:
        """Print it."""
        if as_json:
            data = {
                "batch": self.batch if self.made else None,
                "cards": self.made,
                "file": str(self.file) if self.made else None,
                "left_out": self.asked - self.made,
                "invitations": [{"number": number, "link": link} for number, link in self.links.items()],
            }
            click.echo(json.dumps(data, indent=2))
            return
        if self.day is not None and not self.asked:
            click.echo(f"Cards: 0. Nobody has a visit booked on {self.day:%a %d %b %Y} whom no messenger reaches yet.")
            return
        where = f", in {self.file} (batch {self.batch})" if self.made else ""
        click.echo(f"Cards: {self.made}{where}.")
        if self.asked > self.made:
            click.echo(f"Left out: {self.asked - self.made} who {WHY[Refusal.NEVER_CONTACT]}")


def print_bounces(mails: int, found: Counter[Outcome], *, dry_run: bool, as_json: bool) -> None:
    """Print what became of delivery reports."""
    if as_json:
        data = {"mails": mails, "dry_run": dry_run} | {outcome.value: found[outcome] for outcome in Outcome}
        click.echo(json.dumps(data, indent=2))
        return
    click.echo(f"Mails read: {mails}")
    for outcome in Outcome:
        if found[outcome]:
            click.echo(f"  {found[outcome]:>6}  {RETURNED[outcome]}")
    if dry_run:
        click.echo("A dry run: nothing was changed.")
