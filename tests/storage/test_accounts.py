"""Accounts, placeholders, attachments and pulses, as stored on both databases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from flows.ids import ConversationId, PatientId
from flows.vocabulary import AttachmentKind, Channel, Language, PatientStatus
from storage.errors import ConstraintError, KeyErasedError, NotFoundError
from storage.records.attachments import NewAttachment
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import ReceivedKind
from tests.storage.conftest import NOW, Clinic
from tests.storage.given import listed

TELEGRAM, CHAT = Channel.TELEGRAM, "5001"


def stranger(clinic: Clinic, chat: str = CHAT) -> tuple[PatientId, ConversationId]:
    """Let somebody unknown write."""

    def begin(uow: UnitOfWork) -> tuple[PatientId, ConversationId]:
        patient_id = uow.placeholders.add(Language.FR, now=clinic.clock.now)
        address_id = uow.addresses.add(patient_id, TELEGRAM, chat, now=clinic.clock.now)
        talk = uow.conversations.create(patient_id, address_id, TELEGRAM, now=clinic.clock.now)
        assert uow.accounts.begin(TELEGRAM, chat, talk, now=clinic.clock.now, known=False)
        return patient_id, talk

    return clinic.do(begin)


def attached(clinic: Clinic, patient_id: PatientId, chat: str = CHAT) -> ConversationId:
    """Let the account speak for a patient."""

    def attach(uow: UnitOfWork) -> ConversationId:
        address_id = uow.addresses.add(patient_id, TELEGRAM, chat, verified_how="personal_link", now=NOW)
        return uow.conversations.create(patient_id, address_id, TELEGRAM, now=NOW)

    return clinic.do(attach)


def test_an_account_is_found_with_all_a_turn_needs(clinic: Clinic) -> None:
    assert clinic.do(lambda uow: uow.accounts.find(TELEGRAM, CHAT)) is None
    assert clinic.do(lambda uow: uow.conversations.snapshot_of_account(TELEGRAM, CHAT, now=NOW)) is None
    patient_id, talk = stranger(clinic)
    seen = clinic.do(lambda uow: uow.conversations.snapshot_of_account(TELEGRAM, CHAT, now=NOW))
    assert seen == clinic.do(lambda uow: uow.conversations.snapshot(talk, now=NOW))
    assert seen is not None
    assert (seen.patient.id, seen.patient.status, seen.address) == (patient_id, PatientStatus.UNKNOWN, CHAT)
    assert (seen.patient.language, seen.household) == (Language.FR, 1)
    found = clinic.do(lambda uow: uow.accounts.of_conversation(talk))
    assert found == clinic.do(lambda uow: uow.accounts.lock(TELEGRAM, CHAT))
    assert found is not None
    assert (found.conversation_id, found.known, found.tries) == (talk, False, 0)


def test_an_account_begins_once(clinic: Clinic) -> None:
    _, talk = stranger(clinic)
    assert not clinic.do(lambda uow: uow.accounts.begin(TELEGRAM, CHAT, talk, now=NOW, known=False))


def test_an_account_may_speak_for_several_and_a_page_for_one(clinic: Clinic) -> None:
    first, second = clinic.add_patient(), clinic.add_patient()
    talks = [attached(clinic, first), attached(clinic, second)]
    clinic.do(lambda uow: uow.accounts.begin(TELEGRAM, CHAT, talks[0], now=NOW, known=True))
    members = clinic.do(lambda uow: uow.accounts.members_at(TELEGRAM, CHAT))
    assert [(member.patient_id, member.conversation_id) for member in members] == [
        (first, talks[0]),
        (second, talks[1]),
    ]
    assert clinic.do(lambda uow: uow.conversations.snapshot(talks[1], now=NOW)).household == 2
    clinic.do(lambda uow: uow.addresses.add(first, Channel.WEBCHAT, "page", now=NOW))
    with pytest.raises(ConstraintError):
        clinic.do(lambda uow: uow.addresses.add(second, Channel.WEBCHAT, "page", now=NOW))


def test_an_account_goes_on_in_another_talk(clinic: Clinic) -> None:
    _, before = stranger(clinic)
    after = attached(clinic, clinic.add_patient())

    def move(uow: UnitOfWork) -> None:
        account = uow.accounts.lock(TELEGRAM, CHAT)
        assert account is not None
        uow.accounts.set_tries(replace(account, tries=3, tries_since=NOW, slowed=1, slowed_until=NOW))
        uow.accounts.move(account, after)

    clinic.do(move)
    account = clinic.do(lambda uow: uow.accounts.find(TELEGRAM, CHAT))
    assert account is not None
    assert (account.conversation_id, account.known, account.tries) == (after, True, 3)
    assert (account.tries_since, account.slowed, account.slowed_until) == (NOW, 1, NOW)
    clinic.do(lambda uow: uow.accounts.forget(before))
    assert clinic.do(lambda uow: uow.accounts.find(TELEGRAM, CHAT)) == account
    clinic.do(lambda uow: uow.accounts.forget(after))
    assert clinic.do(lambda uow: uow.accounts.find(TELEGRAM, CHAT)) is None


def test_another_clinic_sees_nothing_of_an_account(clinic: Clinic) -> None:
    _, talk = stranger(clinic)
    other = clinic.neighbour()
    assert other.do(lambda uow: uow.accounts.find(TELEGRAM, CHAT)) is None
    assert other.do(lambda uow: uow.accounts.of_conversation(talk)) is None
    assert other.do(lambda uow: uow.accounts.members_at(TELEGRAM, CHAT)) == []
    assert other.do(lambda uow: uow.conversations.snapshot_of_account(TELEGRAM, CHAT, now=NOW)) is None


def test_a_placeholder_is_found_by_no_list_and_no_number(clinic: Clinic) -> None:
    patient_id, _ = stranger(clinic)
    number = clinic.do(lambda uow: uow.patients.get(patient_id)).profile.number
    assert number.startswith("?")
    assert clinic.do(lambda uow: uow.patients.by_number(number)) is None
    assert clinic.do(lambda uow: uow.patients.page(limit=10)) == []
    clinic.do(lambda uow: uow.patients.upsert_many([listed(number)], now=NOW))
    assert clinic.do(lambda uow: uow.patients.get(patient_id)).status is PatientStatus.UNKNOWN


def test_an_erased_placeholder_stays_one_without_words(clinic: Clinic) -> None:
    patient_id, talk = stranger(clinic)
    picture = NewAttachment(kind=AttachmentKind.PICTURE, name="", media_type="image/jpeg", content=b"1")
    kept = clinic.do(lambda uow: uow.attachments.add(talk, picture, now=NOW))
    clinic.do(lambda uow: uow.placeholders.erase(patient_id, now=NOW))
    with pytest.raises(KeyErasedError):
        clinic.do(lambda uow: uow.patients.get(patient_id))
    with pytest.raises(NotFoundError):
        clinic.do(lambda uow: uow.attachments.get(kept))
    assert clinic.do(lambda uow: uow.accounts.members_at(TELEGRAM, CHAT)) == []
    assert clinic.do(lambda uow: uow.placeholders.silent(before=NOW + timedelta(days=99), limit=9)) == []
    with pytest.raises(KeyErasedError):
        clinic.do(lambda uow: uow.conversations.snapshot_of_account(TELEGRAM, CHAT, now=NOW))


def test_placeholders_that_fell_silent_are_found(clinic: Clinic) -> None:
    silent, _ = stranger(clinic, "1")
    _, talking = stranger(clinic, "2")
    clinic.add_talk()
    clinic.do(lambda uow: uow.conversations.heard(talking, now=NOW + timedelta(days=5)))
    found = clinic.do(lambda uow: uow.placeholders.silent(before=NOW + timedelta(days=1), limit=9))
    assert found == [silent]


def test_an_attachment_comes_back_as_it_was_sent(clinic: Clinic) -> None:
    talk = clinic.add_talk().conversation_id
    staff_id = clinic.add_staff()
    new = NewAttachment(kind=AttachmentKind.VOICE, name="été.ogg", media_type="audio/ogg", content=b"\0\xff" * 9)
    theirs = clinic.do(lambda uow: uow.attachments.add(talk, new, now=NOW))
    ours = clinic.do(lambda uow: uow.attachments.add(talk, new, now=NOW, staff_id=staff_id))
    read = clinic.do(lambda uow: uow.attachments.get(theirs))
    assert (read.kind, read.name, read.media_type, read.content) == (new.kind, new.name, new.media_type, new.content)
    assert (read.conversation_id, read.staff_id, read.size, read.at) == (talk, None, 18, NOW)
    assert clinic.do(lambda uow: uow.attachments.get(ours)).staff_id == staff_id
    assert clinic.do(lambda uow: uow.attachments.count_since([talk], NOW - timedelta(days=1))) == 1
    assert clinic.do(lambda uow: uow.attachments.count_since([talk], NOW)) == 0
    with pytest.raises(NotFoundError):
        clinic.neighbour().do(lambda uow: uow.attachments.get(theirs))


def test_a_beat_tells_of_the_one_before(clinic: Clinic) -> None:
    assert clinic.do(lambda uow: uow.pulses.beat("telegram", now=NOW)) is None
    later = NOW + timedelta(minutes=5)
    assert clinic.do(lambda uow: uow.pulses.beat("telegram", now=later)) == NOW
    assert clinic.do(lambda uow: uow.pulses.last("telegram")) == later
    assert clinic.neighbour().do(lambda uow: uow.pulses.last("telegram")) is None


def test_only_talks_of_accounts_in_which_somebody_spoke_are_in_talk(clinic: Clinic) -> None:
    _, talk = stranger(clinic)
    assert clinic.do(lambda uow: uow.pulses.in_talk(TELEGRAM, since=NOW, limit=9)) == []
    clinic.do(lambda uow: uow.updates.received(talk, ReceivedKind.TEXT, {"text": "hello"}, NOW))
    clinic.do(lambda uow: uow.conversations.heard(talk, now=NOW))
    page = clinic.add_talk().conversation_id
    clinic.do(lambda uow: uow.conversations.heard(page, now=NOW))
    assert clinic.do(lambda uow: uow.pulses.in_talk(TELEGRAM, since=NOW, limit=9)) == [talk]
    assert clinic.do(lambda uow: uow.pulses.in_talk(TELEGRAM, since=NOW + timedelta(seconds=1), limit=9)) == []


def test_people_are_found_by_their_month_of_birth(clinic: Clinic) -> None:
    born = clinic.add_patient(birth_date=date(1984, 5, 20))
    clinic.add_patient(birth_date=date(1984, 6, 1))
    found = clinic.do(lambda uow: uow.patients.born_in(date(1984, 5, 1), limit=9))
    assert [patient.id for patient in found] == [born]
