"""Nothing that identifies or describes a person stands readable in the database's files."""

from datetime import date, timedelta
from pathlib import Path

from flows.ids import PatientId
from flows.vocabulary import Channel, ContactKind, Purpose, Sex, TicketReason, Urgency
from storage.database import Database
from storage.records.outgoing import NewOutbox
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import OutboxKind, ReceivedKind
from tests.storage.conftest import KEY, NOW, SETUP, Clinic, Clock
from tests.storage.given import listed

SECRETS = {
    "number": "NUMBER-Q7",
    "given_name": "Wilhelmina-Proef",
    "family_name": "Voorbeeldstra",
    "patronymic": "Obraztsovna",
    "title": "Jonkvrouwe-Test",
    "concern": "a crown on tooth 36",
    "mobile": "+32470555111",
    "email": "proef.q7@example.org",
}
WORDS = (
    "second-mobile-+32470555222",
    "chat-id-99887766",
    "what the patient wrote",
    "the label of a choice",
    "what the bot said",
    "where the dialog stands",
    "a note at the desk",
    "an update nobody understood",
)


def _write_everything(clinic: Clinic) -> tuple[PatientId, str]:
    """Store each kind of personal data once, at every place that takes it."""
    second_mobile, chat_id, wrote, label, said, state, note, raw = WORDS
    row = listed(birth_date=date(1961, 7, 29), sex=Sex.FEMALE, **SECRETS)
    staff_id = clinic.add_staff()

    def write(uow: UnitOfWork) -> PatientId:
        patient_id = uow.patients.upsert_many([row], now=NOW)[0].patient_id
        uow.patients.change_contact(patient_id, ContactKind.MOBILE, second_mobile, now=NOW)
        address_id = uow.addresses.add(patient_id, Channel.WEBCHAT, chat_id, now=NOW)
        talk = uow.conversations.create(patient_id, address_id, Channel.WEBCHAT, now=NOW)
        uow.updates.received(talk, ReceivedKind.TEXT, {"text": wrote}, NOW)
        uow.updates.received(talk, ReceivedKind.PRESS, {"label": label}, NOW)
        uow.conversations.save(talk, state={"chat": state}, lock_version=0, now=NOW)
        message = NewOutbox(
            patient_id=patient_id,
            conversation_id=talk,
            channel=Channel.WEBCHAT,
            kind=OutboxKind.PROACTIVE,
            message_key="invitation",
            level=1,
            not_before=NOW,
            purpose=Purpose.RECALL,
        )
        (outbox_id,) = uow.outbox.put([message], now=NOW)
        uow.outbox.claim_due(NOW, 1, "t", 60)
        uow.outbox.word(outbox_id, "t", {"text": said}, patient_id=patient_id, message_key="invitation", level=1)
        ticket = uow.tickets.open(
            talk, reason=TicketReason.WORRY, urgency=Urgency.NOW, due_at=NOW + timedelta(hours=1), now=NOW
        )
        uow.tickets.note(ticket.ticket_id, note, staff_id=staff_id, now=NOW)
        uow.updates.quarantine(Channel.WEBCHAT, "u1", raw={"text": raw}, error="KeyError", now=NOW)
        return patient_id

    return clinic.do(write), row.profile.number


def _bytes_on_disk(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.iterdir()))


def test_no_personal_words_stand_in_the_files(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'recare.db'}", master_key=KEY, clock=Clock())
    database.migrate()
    clinic = Clinic(database=database, clinic_id=database.clinic_id(SETUP.slug), clock=Clock())
    clinic.do(lambda uow: uow.clinics.set_up(SETUP))
    patient_id, number = _write_everything(clinic)
    secrets = {*SECRETS.values(), *WORDS, "1961-07-29", "+32470555222"}
    seen = _bytes_on_disk(tmp_path)  # while open, most of it stands in the write-ahead log
    assert b"De Linde" in seen
    assert {secret for secret in secrets if secret.encode() in seen} == set()
    opened = clinic.do(lambda uow: uow.patients.get(patient_id)).profile
    assert (opened.number, opened.family_name) == (number, SECRETS["family_name"])
    database.close_now()
    seen = _bytes_on_disk(tmp_path)
    assert b"De Linde" in seen
    assert {secret for secret in secrets if secret.encode() in seen} == set()


def test_an_erased_key_stands_nowhere_in_the_files_any_more(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'recare.db'}", master_key=KEY, clock=Clock())
    database.migrate()
    clinic = Clinic(database=database, clinic_id=database.clinic_id(SETUP.slug), clock=Clock())
    clinic.do(lambda uow: uow.clinics.set_up(SETUP))
    patient_id = clinic.add_patient()
    with database._engines.read.connect() as connection:  # noqa: SLF001  # no repository hands out sealed keys
        sealed_key: bytes = connection.exec_driver_sql("SELECT sealed_key FROM person_key").scalar_one()
    clinic.do(lambda uow: uow.patients.erase(patient_id, now=NOW))
    database.close_now()
    assert len(sealed_key) > 32
    assert sealed_key not in _bytes_on_disk(tmp_path)
