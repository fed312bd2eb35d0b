"""A mailbox named in the chat: one e-mail asks whether it is theirs, and a press on its page is the proof, once.

Longer than other files: one proof, from the address that is named to the press, and all that comes between.
"""

from collections.abc import AsyncIterator
from datetime import timedelta
from email.message import EmailMessage

import httpx
import pytest

from bot.app import build_web_of
from flows.engine.choices import Choice
from flows.ids import ConversationId, PatientId
from flows.vocabulary import Channel, Language
from storage.records.people import Address
from storage.repositories.addresses import UNPROVEN
from tests.house.acts import choices, chooses, said
from tests.house.records import Records
from tests.invites.post import PUBLIC, Server
from tests.world import World

MAILBOX = "anna@example.net"
MY_ADDRESS = {
    Language.EN: "my e-mail address is {}",
    Language.FR: "mon adresse e-mail est {}",
    Language.NL: "mijn e-mailadres is {}",
    Language.RU: "мой адрес электронной почты {}",
}
TOLD = ("contact.email_to_prove", "sent")
NOT_TOLD = ("contact.email_changed", "sent")


@pytest.fixture
async def stranger(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """Whoever comes without a cookie, over the public address."""
    transport = httpx.ASGITransport(build_web_of(world.house))
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC) as client:
        yield client


async def names(world: World, talk: ConversationId, mailbox: str = MAILBOX, language: Language = Language.EN) -> None:
    """Let a patient name a mailbox and confirm it as it is read back."""
    await world.writes(talk, MY_ADDRESS[language].format(mailbox))
    await chooses(world, talk, Choice.CORRECT)


def mailbox_of(world: World, patient_id: PatientId, value: str = MAILBOX) -> Address:
    """A mailbox of the patient's, as it is stored."""
    with world.house.database.reading(world.house.clinic.id) as uow:
        return next(each for each in uow.addresses.of_patient(patient_id) if each.value == value)


def plain(mail: EmailMessage) -> str:
    """The words of an e-mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(mail: EmailMessage) -> str:
    """The one link that an e-mail holds."""
    (link,) = [word for word in plain(mail).split() if word.startswith("http")]
    assert link.startswith(f"{PUBLIC}/e/")
    return link


def proofs(records: Records) -> list[tuple[str, str | None]]:
    """What became of each e-mail that asks for a proof."""
    return [(row["status"], row["status_reason"]) for row in records.of("outbox", message_key="proof.why")]


async def sent_to(world: World, server: Server, talk: ConversationId, mailbox: str = MAILBOX) -> str:
    """Let a patient name a mailbox and its e-mail arrive: the link in it."""
    await names(world, talk, mailbox)
    await world.house.delivery.send_due()
    return link_in(server.mails[-1])


@pytest.mark.parametrize("language", Language)
async def test_one_mail_goes_to_the_mailbox_and_names_nobody(
    world: World, server: Server, records: Records, language: Language
) -> None:
    patient_id, talk = world.add_patient(language=language)
    await names(world, talk, language=language)
    assert said(records, talk)[-1] == TOLD
    for _ in range(2):
        await world.house.delivery.send_due()
    (mail,) = server.mails
    assert mail.defects == []
    assert mail["To"].addresses[0].addr_spec == MAILBOX
    assert mail["Content-Language"] == language.value
    assert mail["List-Unsubscribe"] is None, "there is nothing to end"
    html = mail.get_body(("html",))
    assert html is not None
    with world.house.database.reading(world.house.clinic.id) as uow:
        profile = uow.patients.get(patient_id).profile
    for words in (mail["Subject"], plain(mail), html.get_content()):
        assert profile.given_name not in words
        assert profile.family_name not in words
    assert link_in(mail) in html.get_content()
    (row,) = records.of("outbox", message_key="proof.why")
    assert (row["kind"], row["purpose"], row["status"], row["level"]) == ("reply", None, "sent", 0)
    assert records.of("gate_decision", outbox_id=row["id"]) == []
    assert mailbox_of(world, patient_id).closed_why == UNPROVEN


async def test_looking_proves_nothing_and_one_press_does(
    world: World, server: Server, stranger: httpx.AsyncClient
) -> None:
    patient_id, talk = world.add_patient(language=Language.NL)
    await names(world, talk, language=Language.NL)
    await world.house.delivery.send_due()
    link = link_in(server.mails[0])
    for method in ("HEAD", "GET"):
        assert (await stranger.request(method, link)).status_code == 200
    page = await stranger.get(link)
    assert "Anna" not in page.text
    assert MAILBOX not in page.text
    assert '<html lang="nl">' in page.text
    assert "Ja, dit is mijn adres" in page.text
    assert mailbox_of(world, patient_id).closed_why == UNPROVEN

    pressed_at = world.clock.now() + timedelta(days=6)
    world.clock.move_to(pressed_at)
    done = await stranger.post(link, headers={"origin": "null", "sec-fetch-site": "same-origin"})
    assert (done.status_code, "uw adres is bevestigd" in done.text) == (200, True)
    proven = mailbox_of(world, patient_id)
    assert proven.verified_how == "secret_by_mail"
    assert proven.verified_at is not None
    assert proven.verified_at >= pressed_at
    assert (proven.closed_at, proven.closed_why) == (None, None)


async def test_a_used_link_and_an_expired_one_say_so_kindly(
    world: World, server: Server, stranger: httpx.AsyncClient
) -> None:
    patient_id, talk = world.add_patient()
    used = await sent_to(world, server, talk)
    assert (await stranger.post(used)).status_code == 200
    before = mailbox_of(world, patient_id)

    _, other = world.add_patient()
    expired = await sent_to(world, server, other, "other@example.net")
    world.clock.move_to(world.clock.now() + timedelta(days=7))
    for link in (used, expired, f"{PUBLIC}/e/nobodys"):
        for method in ("GET", "POST"):
            gone = await stranger.request(method, link)
            assert gone.status_code == 404
            assert "there is nothing left to do" in gone.text
            assert world.house.clinic.settings.clinic.phone.replace(" ", "\u00a0") in gone.text
    assert mailbox_of(world, patient_id) == before


async def test_the_door_is_open_for_the_link_alone(world: World, server: Server, stranger: httpx.AsyncClient) -> None:
    patient_id, talk = world.add_patient()
    link = await sent_to(world, server, talk)
    assert (await stranger.put(link, data={"yes": "1"})).status_code == 403
    assert (await stranger.options(link)).status_code == 405
    assert (await stranger.post(link, content=b"x" * 70_000)).status_code == 413
    assert (await stranger.post(link, headers={"host": "elsewhere.example"})).status_code == 400
    for elsewhere in ("/p/", "/u/"):
        assert (await stranger.get(link.replace("/e/", elsewhere))).status_code == 404
    assert mailbox_of(world, patient_id).closed_why == UNPROVEN


async def test_a_proven_mailbox_can_be_chosen_as_a_way(
    world: World, server: Server, stranger: httpx.AsyncClient
) -> None:
    _, talk = world.add_patient()
    link = await sent_to(world, server, talk)
    ways = []
    for turn in range(2):
        await world.house.patient.press(world.session(talk), f"settings-{turn}", "1:settings:0:0")
        await chooses(world, talk, Choice.HOW)
        ways.append((await choices(world, talk)).count(Choice.WAY))
        await stranger.post(link)
    assert ways == [1, 2]


async def test_a_link_proves_no_other_mailbox_than_the_one_it_went_to(
    world: World, server: Server, stranger: httpx.AsyncClient
) -> None:
    patient_id, talk = world.add_patient()
    first = await sent_to(world, server, talk)
    second = await sent_to(world, server, talk, "anna@example.org")
    assert [envelope.rcpt_tos for envelope in server.envelopes] == [[MAILBOX], ["anna@example.org"]]
    assert (await stranger.post(first)).status_code == 404
    assert (await stranger.post(second)).status_code == 200
    assert mailbox_of(world, patient_id, "anna@example.org").closed_at is None
    assert mailbox_of(world, patient_id).closed_at is not None


async def test_a_new_mobile_number_leaves_the_link_as_it_is(
    world: World, server: Server, stranger: httpx.AsyncClient
) -> None:
    _, talk = world.add_patient()
    link = await sent_to(world, server, talk)
    await world.writes(talk, "my new number is +31 6 12345678")
    await chooses(world, talk, Choice.CORRECT)
    assert (await stranger.post(link)).status_code == 200


async def test_what_waits_to_leave_goes_to_the_mailbox_named_last(
    world: World, server: Server, records: Records
) -> None:
    _, talk = world.add_patient()
    server.answers["RCPT"] = "450 4.2.0 later, please"
    await names(world, talk)
    await world.house.delivery.send_due()
    await names(world, talk, "anna@example.org")
    assert proofs(records) == [("queued", "not_sent")]
    server.answers.clear()
    world.clock.move_to(world.clock.now() + timedelta(hours=1))
    await world.house.delivery.send_due()
    (envelope,) = [each for each in server.envelopes if each.content]
    assert envelope.rcpt_tos == ["anna@example.org"]


async def test_what_is_proven_before_it_leaves_is_not_sent(world: World, server: Server, records: Records) -> None:
    patient_id, talk = world.add_patient()
    await names(world, talk)
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        uow.addresses.reopen(mailbox_of(world, patient_id).id)
        uow.commit()
    await world.house.delivery.send_due()
    assert (server.mails, proofs(records)) == ([], [("refused", "nothing_to_prove")])


async def test_three_mails_a_day_are_all_that_come_of_it(world: World, server: Server, records: Records) -> None:
    _, talk = world.add_patient()
    for number in range(5):
        await names(world, talk, f"anna-{number}@example.net")
        await world.house.delivery.send_due()
    assert len(server.mails) == 3
    assert [line for line in said(records, talk) if line in {TOLD, NOT_TOLD}] == [TOLD] * 3 + [NOT_TOLD] * 2
    world.clock.move_to(world.clock.now() + timedelta(days=1, minutes=1))
    await sent_to(world, server, talk, "anna-5@example.net")
    assert len(server.mails) == 4


async def test_a_mailbox_known_before_gets_no_mail(world: World, server: Server, records: Records) -> None:
    patient_id, talk = world.add_patient()
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        uow.addresses.add(patient_id, Channel.EMAIL, MAILBOX, now=world.clock.now())
        uow.commit()
    await names(world, talk)
    await world.house.delivery.send_due()
    assert (server.mails, said(records, talk)[-1]) == ([], NOT_TOLD)


async def test_a_mailbox_that_refused_mail_once_is_used_again_when_it_is_proven(
    world: World, server: Server, records: Records, stranger: httpx.AsyncClient
) -> None:
    patient_id, talk = world.add_patient()
    server.answers["RCPT"] = "550 5.1.1 no such mailbox"
    await names(world, talk)
    await world.house.delivery.send_due()
    assert proofs(records) == [("failed", "address_closed")]
    assert mailbox_of(world, patient_id).closed_why == "closed_by_channel"
    server.answers.clear()
    assert (await stranger.post(await sent_to(world, server, talk))).status_code == 200
    assert mailbox_of(world, patient_id).closed_at is None
    assert [row["act"] for row in records.of("ledger_event")][-2:] == ["blocked", "unblocked"]


async def test_an_erased_person_is_asked_nothing(
    world: World, server: Server, records: Records, stranger: httpx.AsyncClient
) -> None:
    patient_id, talk = world.add_patient()
    link = await sent_to(world, server, talk)
    await names(world, talk, "anna@example.org")
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        uow.patients.erase(patient_id, now=world.clock.now())
        uow.commit()
    await world.house.delivery.send_due()
    assert len(server.mails) == 1
    assert proofs(records) == [("sent", None), ("refused", "nothing_to_prove")]
    for method in ("GET", "POST"):
        assert (await stranger.request(method, link)).status_code == 404
