"""Invitations by e-mail, all the way to a real mail server: what arrives, what does not, and what is known of each.

Longer than other files: one mail, followed from its plan to the answer of a server.
"""

from datetime import timedelta
from html.parser import HTMLParser

import pytest

from bot.channels.email import EmailChannel, Postbox, Security, Sender
from bot.services.links import make_stop_link
from flows.ids import LedgerEventId
from flows.outreach.ledger import Act
from flows.vocabulary import Channel, Language
from tests.house.records import Records
from tests.house.test_release import release_all
from tests.invites.batches import chosen_for, mail
from tests.invites.post import PUBLIC, Server, add_listed
from tests.storage.given import ledger_event
from tests.world import World

MINUTE, HALF_AN_HOUR = timedelta(minutes=1), timedelta(minutes=30)

NOWHERE = Postbox(host="127.0.0.1", port=9, security=Security.NONE)
SENDER = Sender(name="De Linde", names={}, mailbox="practice@example.com", reply_to="desk@example.com")


class Links(HTMLParser):
    """Where the links of a page lead, and whatever it would load."""

    def __init__(self, html: str) -> None:
        """Read a page."""
        super().__init__()
        self.led: list[str] = []
        self.loaded: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect addresses."""
        for name, value in attrs:
            if name == "href":
                (self.led if tag == "a" else self.loaded).append(value or "")
            elif name in {"src", "srcset", "background"}:
                self.loaded.append(value or "")


def outcome(records: Records) -> list[tuple[str, str | None]]:
    """What became of each e-mail."""
    return [(row["status"], row["status_reason"]) for row in records.of("outbox", kind="proactive")]


@pytest.mark.parametrize("language", Language)
async def test_an_independent_parser_reads_all_of_an_invitation(
    world: World, server: Server, language: Language
) -> None:
    add_listed(world, "1", language=language)
    mail(world)
    await world.house.delivery.send_due()
    (read,) = server.mails
    assert read.defects == []
    assert read["To"].addresses[0].addr_spec == "patient-1@example.com"
    assert read["From"].addresses[0].addr_spec == "practice@example.com"
    assert read["From"].addresses[0].display_name
    assert read["Reply-To"].addresses[0].addr_spec == "desk@example.com"
    assert abs(read["Date"].datetime - world.clock.now()) < MINUTE
    assert read["Content-Language"] == language.value
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["Message-ID"].endswith("@example.com>")
    assert read["List-Unsubscribe"].startswith(f"<{PUBLIC}/u/")
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    plain, html = read.get_body(("plain",)), read.get_body(("html",))
    assert plain is not None
    assert html is not None
    stop_link = read["List-Unsubscribe"].strip("<>")
    links = Links(html.get_content())
    assert links.loaded == []
    assert links.led[0].startswith(f"{PUBLIC}/p/")
    assert links.led[1] == stop_link
    words = plain.get_content().replace("\u00a0", " ")
    for told in (links.led[0], stop_link, "Lindelaan 1, 1234 AB Voorbeeldstad", "+31 20 000 0000"):
        assert told in words
    assert "Anna" not in words


async def test_a_released_invitation_to_russia_says_that_it_advertises_and_warns(
    world: World, server: Server, records: Records
) -> None:
    patient_id, now = add_listed(world, "1", act=None, language=Language.RU), world.clock.now()
    records.change("UPDATE patient SET residence = 'RU'")
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        # There a list's yes is none: it has to be the patient's own.
        uow.ledger.append([ledger_event(LedgerEventId(uow.new_id()), patient_id, Act.PERMIT, at=now)])
        for part in world.house.clinic.policy_for("RU", Channel.EMAIL).parts:
            uow.decisions.sign(part.id, part.version, part.content_hash, signed_by="Dr A. Example", now=now)
        uow.commit()
    assert mail(world).left_out == {}
    await release_all(world, world.add_staff())
    await world.house.delivery.send_due()
    assert outcome(records) == [("sent", None)]
    (read,) = server.mails
    for kind in ("plain", "html"):
        body = read.get_body((kind,))
        assert body is not None
        words = body.get_content()
        assert "Реклама." in words
        assert "Имеются противопоказания, необходима консультация специалиста." in words
        assert "Lindelaan 1, 1234 AB Voorbeeldstad" in words


async def test_every_line_of_an_invitation_is_short_and_ascii_on_the_wire(world: World, server: Server) -> None:
    add_listed(world, "1", language=Language.RU)
    mail(world)
    await world.house.delivery.send_due()
    content = server.envelopes[0].content
    assert isinstance(content, bytes)
    assert content.isascii()
    assert max(len(line) for line in content.splitlines()) <= 300
    # The server joins nothing: what it took ends lines as RFC 5321 wants.
    assert content.count(b"\n") == content.count(b"\r\n")


async def test_an_invitation_rests_on_a_right_and_is_judged_twice(world: World, records: Records) -> None:
    add_listed(world, "1")
    mail(world)
    await world.house.delivery.send_due()
    assert outcome(records) == [("sent", None)]
    assert records.of("outbox")[0]["campaign"].startswith("invite:2026-11-23-")
    decisions = records.of("gate_decision")
    assert [(row["stage"], row["verdict"]) for row in decisions] == [("planned", "permit"), ("sending", "permit")]
    assert {row["right_event_id"] for row in decisions} == {records.of("ledger_event")[0]["id"]}


@pytest.mark.parametrize("act", [None, Act.DENY, Act.WITHDRAW, Act.OBJECT])
async def test_who_said_no_or_nothing_is_not_invited(world: World, server: Server, act: Act | None) -> None:
    add_listed(world, "1", act=act)
    chosen = mail(world)
    await world.house.delivery.send_due()
    assert chosen.going == []
    assert chosen.left_out.total() == 1
    assert server.mails == []


async def test_a_no_between_planning_and_sending_wins(world: World, server: Server, records: Records) -> None:
    add_listed(world, "1")
    mail(world)
    assert await _end(world, await _stop_token(world, records)) is Language.EN
    await world.house.delivery.send_due()
    assert server.mails == []
    assert outcome(records) == [("withdrawn", "stopped")]


async def test_an_invitation_waits_for_the_hours_of_the_policy(world: World, server: Server) -> None:
    world.clock.move_to(world.clock.now() + timedelta(hours=9))
    add_listed(world, "1")
    mail(world)
    await world.house.delivery.send_due()
    assert server.mails == []
    world.clock.move_to(world.clock.now() + timedelta(hours=14))
    await world.house.delivery.send_due()
    assert len(server.mails) == 1


async def test_nobody_is_invited_twice(world: World, server: Server) -> None:
    add_listed(world, "1")
    mail(world)
    await world.house.delivery.send_due()
    assert mail(world).going == []
    await world.house.delivery.send_due()
    assert len(server.mails) == 1


async def test_a_lost_answer_after_the_content_is_unknown_and_never_repeated(
    world: World, server: Server, records: Records
) -> None:
    add_listed(world, "1")
    mail(world)
    server.drops = True
    await world.house.delivery.send_due()
    assert outcome(records) == [("unknown", "no_answer")]
    server.drops = False
    world.clock.move_to(world.clock.now() + HALF_AN_HOUR)
    await world.house.delivery.send_due()
    assert len(server.mails) == 1


@pytest.mark.parametrize(
    ("command", "answer", "status", "reason"),
    [
        ("RCPT", "550 5.1.1 no such mailbox", "failed", "address_closed"),
        ("RCPT", "550 unknown user", "failed", "address_closed"),
        ("RCPT", "550 5.7.1 we take nothing from you", "failed", "refused_by_channel"),
        ("RCPT", "451 4.7.1 try again later", "planned", "not_sent"),
        ("MAIL", "452 4.3.1 no room", "planned", "not_sent"),
        ("MAIL", "550 5.7.1 not you", "failed", "refused_by_channel"),
        ("DATA", "554 5.6.0 not like this", "failed", "refused_by_channel"),
        ("DATA", "451 4.3.0 later", "planned", "not_sent"),
    ],
)
async def test_what_the_server_answers_decides(
    world: World, server: Server, records: Records, command: str, answer: str, status: str, reason: str
) -> None:
    add_listed(world, "1")
    mail(world)
    server.answers[command] = answer
    await world.house.delivery.send_due()
    assert outcome(records) == [(status, reason)]
    closed = [row["act"] for row in records.of("ledger_event")].count(Act.BLOCKED)
    assert closed == (reason == "address_closed")
    if reason == "address_closed":
        assert chosen_for(world, Channel.EMAIL)[1].going == []


async def test_what_is_put_off_leaves_later_and_holds_up_nobody(world: World, server: Server) -> None:
    add_listed(world, "1")
    add_listed(world, "2")
    mail(world)
    server.answers["RCPT"] = "451 4.7.1 try again later"
    await world.house.delivery.send_due()
    server.answers.clear()
    world.clock.move_to(world.clock.now() + HALF_AN_HOUR)
    await world.house.delivery.send_due()
    assert sorted(read["To"] for read in server.mails) == ["patient-1@example.com", "patient-2@example.com"]


async def test_without_a_mail_server_nothing_is_lost(world: World, records: Records) -> None:
    add_listed(world, "1")
    mail(world)
    world.house.delivery.channels[Channel.EMAIL] = EmailChannel(postbox=NOWHERE, sender=SENDER, clock=world.clock)
    await world.house.delivery.send_due()
    assert outcome(records) == [("planned", "not_sent")]


async def test_looking_ends_nothing_and_ending_reminders_is_written_once(world: World, records: Records) -> None:
    patient_id = add_listed(world, "1")
    token = await _stop_token(world, records)
    for _ in range(3):
        assert await world.house.unsubscribing.peek(token) is Language.EN
    assert [row["act"] for row in records.of("ledger_event")] == [Act.PERMIT]
    for _ in range(2):
        assert await _end(world, token) is Language.EN
    acts = [row["act"] for row in records.of("ledger_event", patient_id=patient_id)]
    assert acts == [Act.PERMIT, Act.WITHDRAW, Act.WITHDRAW, Act.WITHDRAW]
    assert await _end(world, "nobody's") is None


async def _end(world: World, token: str) -> Language | None:
    return await world.house.unsubscribing.end(token)


async def _stop_token(world: World, records: Records) -> str:
    clinic = world.house.clinic
    with world.house.database.unit_of_work(clinic.id) as uow:
        link = make_stop_link(uow, records.of("patient")[0]["id"], clinic.settings, world.clock.now())
        uow.commit()
    return link.rpartition("/")[2]


async def test_who_said_yes_again_ends_reminders_again(world: World, records: Records) -> None:
    patient_id = add_listed(world, "1")
    token = await _stop_token(world, records)
    await _end(world, token)
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        now = world.clock.now()
        uow.ledger.append([ledger_event(LedgerEventId(uow.new_id()), patient_id, Act.PERMIT, at=now)])
        uow.commit()
    assert records.of("patient", id=patient_id)[0]["recall_ok"]
    await _end(world, token)
    assert not records.of("patient", id=patient_id)[0]["recall_ok"]


async def test_the_link_of_an_erased_person_opens_nothing(world: World, records: Records) -> None:
    patient_id = add_listed(world, "1")
    token = await _stop_token(world, records)
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        uow.patients.erase(patient_id, now=world.clock.now())
        uow.commit()
    assert await world.house.unsubscribing.peek(token) is None
    assert await _end(world, token) is None
