"""Delivery reports that come back: an address that reaches nobody is closed, once, and a forged report closes none."""

import mailbox
from collections import Counter
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from bot.channels.email import UnreadableReportsError, read_reports
from bot.services.bouncing import Bounce, Outcome, Reported, take_bounce
from flows.outreach.ledger import Act
from flows.vocabulary import Channel
from tests.house.records import Records
from tests.invites.batches import chosen_for, mail
from tests.invites.post import Server, add_listed
from tests.world import World

REPORT = """\
From: MAILER-DAEMON@mail.example.com
To: practice@example.com
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="limit"

--limit
Content-Type: text/plain; charset=us-ascii

This is the mail system. Your message could not be delivered.

--limit
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.com
{envelope}
Final-Recipient: rfc822; {to}
Action: {action}
Status: {status} (as in RFC 3463)

--limit
Content-Type: {returned}

Message-ID: {message_id}
Subject: what came back

--limit--
"""


def report(sent: EmailMessage, *, action: str, status: str, by: str = "message") -> bytes:
    """Write a delivery report as RFC 3462 and 3464 have it; by: what in it tells which e-mail came back."""
    mark = sent["Message-ID"].strip("<>").partition("@")[0]
    return REPORT.format(
        envelope=f"Original-Envelope-Id: {mark}\n" if by == "envelope" else "",
        to=sent["To"],
        action=action,
        status=status,
        returned="text/rfc822-headers" if by == "headers" else "message/rfc822",
        message_id="<1@elsewhere.example>" if by == "envelope" else sent["Message-ID"],
    ).encode()


async def sent_mail(world: World, server: Server) -> EmailMessage:
    """Let one invitation arrive, and tell what it was."""
    add_listed(world, "1")
    mail(world)
    await world.house.delivery.send_due()
    return server.mails[0]


def take(world: World, path: Path) -> list[Outcome]:
    """Take in what stands at a path."""
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        now = world.clock.now()
        found = [take_bounce(uow, world.house.clinic, each, now) for mails in read_reports(path) for each in mails]
        uow.commit()
    return found


def eml(folder: Path, content: bytes, name: str = "report.eml") -> Path:
    """Keep a mail in a file."""
    (folder / name).write_bytes(content)
    return folder / name


@pytest.mark.parametrize("by", ["envelope", "message", "headers"])
async def test_an_address_that_reaches_nobody_is_closed_once(
    world: World, server: Server, records: Records, tmp_path: Path, by: str
) -> None:
    sent = await sent_mail(world, server)
    path = eml(tmp_path, report(sent, action="failed", status="5.1.1", by=by))
    assert take(world, path) == [Outcome.CLOSED]
    assert take(world, path) == [Outcome.KNOWN]
    assert [row["act"] for row in records.of("ledger_event")] == [Act.PERMIT, Act.BOUNCED]
    (row,) = records.of("outbox")
    assert (row["status"], row["status_reason"]) == ("failed", "bounced")
    assert chosen_for(world, Channel.EMAIL)[1].going == []


async def test_who_was_never_reached_by_mail_may_get_a_letter(world: World, server: Server, tmp_path: Path) -> None:
    sent = await sent_mail(world, server)
    assert chosen_for(world, Channel.LETTER)[1].going == []
    take(world, eml(tmp_path, report(sent, action="failed", status="5.1.1")))
    assert len(chosen_for(world, Channel.LETTER)[1].going) == 1


@pytest.mark.parametrize(
    ("action", "status", "outcome", "acts"),
    [
        ("failed", "5.2.1", Outcome.CLOSED, [Act.PERMIT, Act.BOUNCED]),
        ("Failed", "5.0.0", Outcome.CLOSED, [Act.PERMIT, Act.BOUNCED]),
        ("failed", "5.2.2", Outcome.NOT_DELIVERED, [Act.PERMIT]),
        ("failed", "5.7.1", Outcome.NOT_DELIVERED, [Act.PERMIT]),
        ("failed", "4.4.7", Outcome.NOT_DELIVERED, [Act.PERMIT]),
        ("delayed", "4.4.1", Outcome.LATE, [Act.PERMIT]),
    ],
)
async def test_the_status_tells_a_wrong_address_from_a_full_one(
    world: World,
    server: Server,
    records: Records,
    tmp_path: Path,
    action: str,
    status: str,
    outcome: Outcome,
    acts: list[Act],
) -> None:
    sent = await sent_mail(world, server)
    assert take(world, eml(tmp_path, report(sent, action=action, status=status))) == [outcome]
    assert [row["act"] for row in records.of("ledger_event")] == acts


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded", ""])
async def test_what_arrived_is_no_bounce(world: World, server: Server, tmp_path: Path, action: str) -> None:
    sent = await sent_mail(world, server)
    assert take(world, eml(tmp_path, report(sent, action=action, status="2.0.0"))) == []


@pytest.mark.parametrize("mark", ["", "1", "zz.abc", "10.abcdefghijklmnopqrstuvwx", "-1.x", "1" * 400 + ".x"])
async def test_a_forged_mark_closes_nobodys_address(world: World, records: Records, mark: str) -> None:
    patient_id = add_listed(world, "1")
    mail(world)
    await world.house.delivery.send_due()
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        bounce = Bounce(mark=mark, reported=Reported.GONE, status="5.1.1")
        assert take_bounce(uow, world.house.clinic, bounce, world.clock.now()) is Outcome.NOT_OURS
        theirs = uow.invites.mark_of(records.of("outbox", patient_id=patient_id)[0]["id"])
        forged = Bounce(mark=theirs[:-1] + ("A" if theirs[-1] != "A" else "B"), reported=Reported.GONE, status="5.1.1")
        assert take_bounce(uow, world.house.clinic, forged, world.clock.now()) is Outcome.NOT_OURS


async def test_reports_are_read_from_whatever_a_mail_program_keeps(
    world: World, server: Server, tmp_path: Path
) -> None:
    sent = await sent_mail(world, server)
    content = report(sent, action="failed", status="5.1.1")
    plain = EmailMessage()
    plain["Message-ID"] = sent["Message-ID"]
    plain.set_content("Thank you for your message. I am away until Monday.")
    folder = tmp_path / "mails"
    folder.mkdir()
    eml(folder, content)
    eml(folder, plain.as_bytes(), "away.eml")
    box = mailbox.mbox(tmp_path / "box")
    maildir = mailbox.Maildir(tmp_path / "Maildir")
    for each in (content, plain.as_bytes()):
        box.add(each)
        maildir.add(each)
    box.close()
    for path in (folder, tmp_path / "box", tmp_path / "Maildir"):
        assert Counter(len(bounces) for bounces in read_reports(path)) == {1: 1, 0: 1}, path
    assert len(list(read_reports(folder / "report.eml"))) == 1


@pytest.mark.parametrize("name", ["nothing", "empty"])
def test_a_path_without_mail_is_said_in_one_line(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnreadableReportsError) as told:
        list(read_reports(tmp_path / name))
    assert len(str(told.value).splitlines()) == 1


CUT_OFF = b"Content-Type: multipart/report; boundary=x\n\n--x\nContent-Type: message/delivery-status\n\n"


def nested(kind: str, deep: int) -> bytes:
    """A mail whose parts stand in one another."""
    if kind == "message":
        return b"Content-Type: message/rfc822\n\n" * deep
    heads = (f'Content-Type: multipart/mixed; boundary="b{place}"\n\n--b{place}\n' for place in range(deep))
    return "".join(heads).encode()


@pytest.mark.parametrize("kind", ["message", "parts"])
async def test_a_mail_nested_beyond_reason_does_not_keep_the_others_from_being_read(
    world: World, server: Server, tmp_path: Path, kind: str
) -> None:
    sent = await sent_mail(world, server)
    eml(tmp_path, nested(kind, 3000), "a.eml")
    eml(tmp_path, report(sent, action="failed", status="5.1.1"), "b.eml")
    assert take(world, tmp_path) == [Outcome.CLOSED]


@pytest.mark.parametrize("status", ["5.\x00.1", "5.1.<b>", "5.1.1\udcff", "5.", "5.1.1.1"])
async def test_a_status_that_is_none_closes_no_address(
    world: World, server: Server, records: Records, tmp_path: Path, status: str
) -> None:
    sent = await sent_mail(world, server)
    # Whoever got the e-mail can write a report with its mark: what else they write is never believed.
    known = report(sent, action="failed", status="5.1.1")
    forged = known.replace(b"5.1.1", status.encode(errors="surrogateescape"))
    assert take(world, eml(tmp_path, forged)) == [Outcome.NOT_DELIVERED]
    assert [row["act"] for row in records.of("ledger_event")] == [Act.PERMIT]


@pytest.mark.parametrize("rubbish", [b"", b"\x00\xff" * 50, CUT_OFF])
def test_rubbish_is_no_report(tmp_path: Path, rubbish: bytes) -> None:
    assert list(read_reports(eml(tmp_path, rubbish))) == [()]


async def test_a_bounce_of_last_year_leaves_todays_contact_alone(
    world: World, server: Server, records: Records, tmp_path: Path
) -> None:
    sent = await sent_mail(world, server)
    patient_id = records.of("patient")[0]["id"]
    later = world.clock.now() + timedelta(days=40)
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        uow.patients.contacted([patient_id], now=later)
        uow.commit()
    take(world, eml(tmp_path, report(sent, action="failed", status="5.1.1")))
    with world.house.database.reading(world.house.clinic.id) as uow:
        assert uow.patients.get(patient_id).last_contacted_at == later
