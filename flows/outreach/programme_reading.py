"""Reads a programme from its file, documented in `docs/programme.md`.

A programme that lacks a field, holds one nobody knows, or would offer before it asked is refused with key and remedy.
"""

from collections.abc import Iterator, Mapping

from flows.messages.recall import INVITATIONS
from flows.outreach.policy_fields import Fields
from flows.outreach.programme import End, Next, Programme, ProgrammeStep, StepKind
from flows.vocabulary import Purpose, StayingAway

SCHEMA = 1
LONGEST_WAIT_DAYS = 365
LONGEST_REST_MONTHS = 120
MOST_ATTEMPTS = 5
BEFORE_AN_OFFER = 2
"""So many messages without an offer come before one with it (DOMAIN.md: "only after messages without one")."""

_OF_RECALL = (Purpose.RECALL, Purpose.OFFER)


def parse_programme(raw: Mapping[str, object], *, source: str) -> Programme:
    """Check a programme as TOML gives it; source: the file, for errors. Raises PolicyError."""
    with Fields(raw, source=source).complete() as fields:
        schema = fields.whole("schema", least=1, most=999)
        if schema != SCHEMA:
            fields.refuse("schema", f"is {schema}", f"use {SCHEMA}, or a version of recare that knows {schema}")
        ends = fields.some_words("ends", End)
        if ends != frozenset(End):
            fields.refuse("ends", "lacks what always ends a campaign", f"name all of {', '.join(End)}")
        return Programme(
            id=fields.filled("id"),
            version=fields.whole("version", least=1, most=1_000_000),
            rest_months=fields.whole("rest_months", least=1, most=LONGEST_REST_MONTHS),
            call_attempts=fields.whole("call_attempts", least=1, most=MOST_ATTEMPTS),
            ends=ends,
            steps=tuple(_steps(fields)),
            after=_after(fields),
        )


def _steps(fields: Fields) -> Iterator[ProgrammeStep]:
    tables = fields.tables("step")
    before: list[StepKind] = []
    plain = 0
    for number, table in enumerate(tables, start=1):
        with table.complete():
            step = _step(table, number)
            if list(StepKind).index(step.kind) < max(map(list(StepKind).index, before), default=0):
                table.refuse("kind", f'is "{step.kind}" too late', f"keep this order: {', '.join(StepKind)}")
            if step.kind is not StepKind.MESSAGE and step.kind in before:
                table.refuse("kind", f'is "{step.kind}" for the second time', "have each but messages once")
            if step.purpose is Purpose.OFFER and plain < BEFORE_AN_OFFER:
                table.refuse("purpose", 'is "offer" too early', f"have {BEFORE_AN_OFFER} messages without one before")
        plain += step.kind is StepKind.MESSAGE
        before.append(step.kind)
        yield step
    if before[:1] != [StepKind.MESSAGE]:
        fields.refuse("step", "does not begin with a message", 'make the first one a "message"')


def _step(fields: Fields, number: int) -> ProgrammeStep:
    kind = fields.word("kind", StepKind)
    purpose = fields.word("purpose", Purpose) if kind is StepKind.MESSAGE else Purpose.RECALL
    if purpose not in _OF_RECALL:
        fields.refuse("purpose", f'is "{purpose}"', 'give "recall" or "offer"')
    wordings = fields.some_texts("wordings") if kind is StepKind.MESSAGE else ()
    for wording in wordings:
        if wording not in INVITATIONS:
            fields.refuse("wordings", f'holds "{wording}"', f"give some of {', '.join(INVITATIONS)}")
    if len(set(wordings)) != len(wordings):
        fields.refuse("wordings", "holds one text twice", "name each once")
    days = fields.whole("days", least=0 if number == 1 else 1, most=LONGEST_WAIT_DAYS)
    return ProgrammeStep(number=number, kind=kind, days=days, purpose=purpose, wordings=wordings)


def _after(fields: Fields) -> Mapping[StayingAway, Next]:
    with fields.table("after").complete() as after:
        return {reason: after.word(reason.value, Next) for reason in StayingAway}
