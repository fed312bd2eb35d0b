"""The first schema: every table of recare, and the guard that keeps the ledger append-only.

Longer than other files because a migration is written once, in one piece, and never split afterwards.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_GUARD_SQLITE = """
CREATE TRIGGER ledger_event_never_{act} BEFORE {act} ON ledger_event
BEGIN SELECT RAISE(ABORT, 'ledger events are only added'); END
"""
_REFUSE_POSTGRES = """
CREATE FUNCTION refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'ledger events are only added'; END $$
"""
_GUARD_POSTGRES = """
CREATE TRIGGER ledger_event_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_event
FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change()
"""


def upgrade() -> None:
    _clinic()
    _people()
    _talks()
    _chair_time()
    _messages()
    _guard_ledger()


def downgrade() -> None:
    op.drop_table("gate_decision")
    op.drop_table("outbox")
    op.drop_table("chair_time")
    op.drop_table("visit")
    op.drop_table("hold")
    op.drop_table("appointment")
    op.drop_table("pass")
    op.drop_table("ticket")
    op.drop_table("received")
    op.drop_table("quarantined_update")
    op.drop_table("claimed_update")
    op.drop_table("conversation")
    op.drop_table("staff_action")
    op.drop_table("ledger_event")
    op.drop_table("address")
    op.drop_table("person_key")
    op.drop_table("patient")
    op.drop_table("household")
    op.drop_table("policy_signature")
    op.drop_table("job_run")
    op.drop_table("import_run")
    op.drop_table("staff")
    op.drop_table("visit_type")
    op.drop_table("working_hours")
    op.drop_table("provider")
    op.drop_table("clinic")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_ledger_change()")


def _clinic() -> None:
    """The clinic, what it offers, who works there, what ran."""
    op.create_table(
        "clinic",
        sa.Column("clinic_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("slug", sa.String(64), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("country", sa.String(8), nullable=False),
        sa.Column("language", sa.String(40), nullable=False),
        sa.Column("config_hash", sa.String(64), nullable=False),
        sa.Column("sending_stopped", sa.String(), nullable=True),
        sa.Column("key_check", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", name=op.f("pk_clinic")),
        sa.UniqueConstraint("slug", name=op.f("uq_clinic_slug")),
    )
    op.create_table(
        "provider",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.clinic_id"], name=op.f("fk_provider_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_provider")),
        sa.UniqueConstraint("clinic_id", "key", name=op.f("uq_provider_clinic_id_key")),
    )
    op.create_table(
        "working_hours",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("provider_id", sa.BigInteger(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("opens_minute", sa.SmallInteger(), nullable=False),
        sa.Column("closes_minute", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "provider_id"],
            ["provider.clinic_id", "provider.id"],
            name=op.f("fk_working_hours_clinic_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_working_hours")),
        sa.UniqueConstraint(
            "clinic_id",
            "provider_id",
            "weekday",
            "opens_minute",
            name=op.f("uq_working_hours_clinic_id_provider_id_weekday_opens_minute"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "visit_type",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("price_minor", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(3), nullable=True),
        sa.Column("surgical", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.clinic_id"], name=op.f("fk_visit_type_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_visit_type")),
        sa.UniqueConstraint("clinic_id", "key", name=op.f("uq_visit_type_clinic_id_key")),
    )
    op.create_table(
        "staff",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.clinic_id"], name=op.f("fk_staff_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_staff")),
    )
    op.create_table(
        "import_run",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("file_hash", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.clinic_id"], name=op.f("fk_import_run_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_import_run")),
    )
    op.create_index(op.f("ix_import_run_clinic_id_file_hash"), "import_run", ["clinic_id", "file_hash"], unique=False)
    op.create_table(
        "job_run",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("job", sa.String(64), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(40), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.clinic_id"], name=op.f("fk_job_run_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_job_run")),
    )
    op.create_index(op.f("ix_job_run_clinic_id_job_id"), "job_run", ["clinic_id", "job", "id"], unique=False)
    op.create_table(
        "policy_signature",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("policy", sa.String(64), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("signed_by", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.clinic_id"], name=op.f("fk_policy_signature_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_policy_signature")),
        sa.UniqueConstraint(
            "clinic_id", "policy", "policy_version", "content_hash", name="uq_policy_signature_content"
        ),
    )


def _people() -> None:
    """The people, how they are reached, what they allow."""
    op.create_table(
        "household",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.clinic_id"], name=op.f("fk_household_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_household")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "patient",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("number_hash", sa.LargeBinary(), nullable=False),
        sa.Column("import_hash", sa.LargeBinary(), nullable=True),
        sa.Column("household_id", sa.BigInteger(), nullable=True),
        sa.Column("provider_id", sa.BigInteger(), nullable=True),
        sa.Column("language", sa.String(40), nullable=True),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("birth_month", sa.Date(), nullable=True),
        sa.Column("last_visit_on", sa.Date(), nullable=True),
        sa.Column("recall_months", sa.SmallInteger(), nullable=True),
        sa.Column("next_visit_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_contacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("contact_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("has_concern", sa.Boolean(), nullable=False),
        sa.Column("staying_away", sa.String(40), nullable=True),
        sa.Column("rested_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recall_ok", sa.Boolean(), nullable=False),
        sa.Column("postvisit_ok", sa.Boolean(), nullable=False),
        sa.Column("offer_ok", sa.Boolean(), nullable=False),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("frozen", sa.Boolean(), nullable=False),
        sa.Column("profile", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "household_id"],
            ["household.clinic_id", "household.id"],
            name=op.f("fk_patient_clinic_id_household_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "provider_id"],
            ["provider.clinic_id", "provider.id"],
            name=op.f("fk_patient_clinic_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.clinic_id"], name=op.f("fk_patient_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_patient")),
    )
    op.create_index(op.f("ix_patient_clinic_id_household_id"), "patient", ["clinic_id", "household_id"], unique=False)
    op.create_index(op.f("ix_patient_clinic_id_number_hash"), "patient", ["clinic_id", "number_hash"], unique=True)
    op.create_index(
        "ix_patient_lapsed",
        "patient",
        ["clinic_id", "last_visit_on", "id"],
        unique=False,
        sqlite_where=sa.text("status = 'active' AND next_visit_at IS NULL"),
        postgresql_where=sa.text("status = 'active' AND next_visit_at IS NULL"),
    )
    op.create_table(
        "person_key",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_person_key_clinic_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", name=op.f("pk_person_key")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "address",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("lookup", sa.LargeBinary(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("verified_how", sa.String(40), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_why", sa.String(40), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_address_clinic_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_address")),
    )
    op.create_index(
        op.f("ix_address_clinic_id_channel_lookup"), "address", ["clinic_id", "channel", "lookup"], unique=False
    )
    op.create_index(
        op.f("ix_address_clinic_id_patient_id_channel_lookup"),
        "address",
        ["clinic_id", "patient_id", "channel", "lookup"],
        unique=True,
    )
    op.create_index(
        "uq_address_chat",
        "address",
        ["clinic_id", "channel", "lookup"],
        unique=True,
        sqlite_where=sa.text("channel IN ('webchat', 'telegram')"),
        postgresql_where=sa.text("channel IN ('webchat', 'telegram')"),
    )
    op.create_table(
        "ledger_event",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acted_by", sa.String(40), nullable=False),
        sa.Column("act", sa.String(40), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=True),
        sa.Column("basis", sa.String(40), nullable=True),
        sa.Column("address_id", sa.BigInteger(), nullable=True),
        sa.Column("channel", sa.String(40), nullable=True),
        sa.Column("policy", sa.String(64), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("collected", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("previous_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_ledger_event_clinic_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_ledger_event")),
        sa.UniqueConstraint("clinic_id", "patient_id", "seq", name=op.f("uq_ledger_event_clinic_id_patient_id_seq")),
    )
    op.create_table(
        "staff_action",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.String(40), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_staff_action_clinic_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "staff_id"], ["staff.clinic_id", "staff.id"], name=op.f("fk_staff_action_clinic_id_staff_id")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_staff_action")),
    )
    op.create_index(
        op.f("ix_staff_action_clinic_id_patient_id_id"), "staff_action", ["clinic_id", "patient_id", "id"], unique=False
    )
    op.create_index(
        op.f("ix_staff_action_clinic_id_staff_id_id"), "staff_action", ["clinic_id", "staff_id", "id"], unique=False
    )


def _talks() -> None:
    """Conversations, updates, tickets, passes."""
    op.create_table(
        "conversation",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("address_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=True),
        sa.Column("owner", sa.String(40), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lock_version", sa.Integer(), nullable=False),
        sa.Column("last_patient_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_bot_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_by_staff_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "address_id"],
            ["address.clinic_id", "address.id"],
            name=op.f("fk_conversation_clinic_id_address_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_conversation_clinic_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "staff_id"], ["staff.clinic_id", "staff.id"], name=op.f("fk_conversation_clinic_id_staff_id")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_conversation")),
        sa.UniqueConstraint("clinic_id", "address_id", name=op.f("uq_conversation_clinic_id_address_id")),
    )
    op.create_index(
        op.f("ix_conversation_clinic_id_last_patient_at"),
        "conversation",
        ["clinic_id", "last_patient_at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_conversation_clinic_id_patient_id"), "conversation", ["clinic_id", "patient_id"], unique=False
    )
    op.create_table(
        "claimed_update",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("external_id", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.clinic_id"], name=op.f("fk_claimed_update_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "channel", "external_id", name=op.f("pk_claimed_update")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_claimed_update_clinic_id_at"), "claimed_update", ["clinic_id", "at"], unique=False)
    op.create_table(
        "quarantined_update",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("external_id", sa.String(200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error", sa.String(200), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.clinic_id"], name=op.f("fk_quarantined_update_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_quarantined_update")),
        sa.UniqueConstraint(
            "clinic_id", "channel", "external_id", name=op.f("uq_quarantined_update_clinic_id_channel_external_id")
        ),
    )
    op.create_table(
        "received",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("intent", sa.String(40), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "conversation_id"],
            ["conversation.clinic_id", "conversation.id"],
            name=op.f("fk_received_clinic_id_conversation_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_received")),
    )
    op.create_index(
        op.f("ix_received_clinic_id_conversation_id_id"),
        "received",
        ["clinic_id", "conversation_id", "id"],
        unique=False,
    )
    op.create_table(
        "ticket",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("urgency", sa.String(40), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("holder_id", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notes", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "acknowledged_by"],
            ["staff.clinic_id", "staff.id"],
            name=op.f("fk_ticket_clinic_id_acknowledged_by"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "conversation_id"],
            ["conversation.clinic_id", "conversation.id"],
            name=op.f("fk_ticket_clinic_id_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "holder_id"], ["staff.clinic_id", "staff.id"], name=op.f("fk_ticket_clinic_id_holder_id")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_ticket_clinic_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_ticket")),
    )
    op.create_index(
        op.f("ix_ticket_clinic_id_conversation_id"), "ticket", ["clinic_id", "conversation_id"], unique=False
    )
    op.create_index(
        "ix_ticket_due",
        "ticket",
        ["clinic_id", "due_at"],
        unique=False,
        sqlite_where=sa.text("status IN ('open', 'taken')"),
        postgresql_where=sa.text("status IN ('open', 'taken')"),
    )
    op.create_index(
        "uq_ticket_under_way",
        "ticket",
        ["clinic_id", "conversation_id", "reason"],
        unique=True,
        sqlite_where=sa.text("status IN ('open', 'taken')"),
        postgresql_where=sa.text("status IN ('open', 'taken')"),
    )
    op.create_table(
        "pass",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=True),
        sa.Column("conversation_id", sa.BigInteger(), nullable=True),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "patient_id IS NOT NULL OR conversation_id IS NOT NULL OR staff_id IS NOT NULL", name=op.f("ck_pass_holder")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "conversation_id"],
            ["conversation.clinic_id", "conversation.id"],
            name=op.f("fk_pass_clinic_id_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patient.clinic_id", "patient.id"], name=op.f("fk_pass_clinic_id_patient_id")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "staff_id"], ["staff.clinic_id", "staff.id"], name=op.f("fk_pass_clinic_id_staff_id")
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.clinic_id"], name=op.f("fk_pass_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "token_hash", name=op.f("pk_pass")),
    )
    op.create_index(op.f("ix_pass_clinic_id_expires_at"), "pass", ["clinic_id", "expires_at"], unique=False)


def _chair_time() -> None:
    """Appointments, holds, visits, and the quarters of an hour they occupy."""
    op.create_table(
        "appointment",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("provider_id", sa.BigInteger(), nullable=False),
        sa.Column("visit_type_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("booked_by", sa.String(40), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_appointment_clinic_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "provider_id"],
            ["provider.clinic_id", "provider.id"],
            name=op.f("fk_appointment_clinic_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "visit_type_id"],
            ["visit_type.clinic_id", "visit_type.id"],
            name=op.f("fk_appointment_clinic_id_visit_type_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_appointment")),
    )
    op.create_index(
        "ix_appointment_booked",
        "appointment",
        ["clinic_id", "starts_at"],
        unique=False,
        sqlite_where=sa.text("status = 'booked'"),
        postgresql_where=sa.text("status = 'booked'"),
    )
    op.create_index(
        op.f("ix_appointment_clinic_id_patient_id_starts_at"),
        "appointment",
        ["clinic_id", "patient_id", "starts_at"],
        unique=False,
    )
    op.create_table(
        "hold",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("provider_id", sa.BigInteger(), nullable=False),
        sa.Column("visit_type_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "conversation_id"],
            ["conversation.clinic_id", "conversation.id"],
            name=op.f("fk_hold_clinic_id_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "provider_id"],
            ["provider.clinic_id", "provider.id"],
            name=op.f("fk_hold_clinic_id_provider_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "visit_type_id"],
            ["visit_type.clinic_id", "visit_type.id"],
            name=op.f("fk_hold_clinic_id_visit_type_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_hold")),
    )
    op.create_index(op.f("ix_hold_clinic_id_conversation_id"), "hold", ["clinic_id", "conversation_id"], unique=False)
    op.create_index(op.f("ix_hold_clinic_id_expires_at"), "hold", ["clinic_id", "expires_at"], unique=False)
    op.create_table(
        "visit",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("appointment_id", sa.BigInteger(), nullable=True),
        sa.Column("visited_on", sa.Date(), nullable=False),
        sa.Column("surgical", sa.Boolean(), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("marked_by", sa.BigInteger(), nullable=True),
        sa.Column("check_in_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "appointment_id"],
            ["appointment.clinic_id", "appointment.id"],
            name=op.f("fk_visit_clinic_id_appointment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "marked_by"], ["staff.clinic_id", "staff.id"], name=op.f("fk_visit_clinic_id_marked_by")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"], ["patient.clinic_id", "patient.id"], name=op.f("fk_visit_clinic_id_patient_id")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_visit")),
    )
    op.create_index(
        "ix_visit_check_in",
        "visit",
        ["clinic_id", "check_in_due_at"],
        unique=False,
        sqlite_where=sa.text("check_in_due_at IS NOT NULL"),
        postgresql_where=sa.text("check_in_due_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_visit_clinic_id_appointment_id"), "visit", ["clinic_id", "appointment_id"], unique=True)
    op.create_index(
        op.f("ix_visit_clinic_id_patient_id_visited_on"),
        "visit",
        ["clinic_id", "patient_id", "visited_on"],
        unique=False,
    )
    op.create_table(
        "chair_time",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("provider_id", sa.BigInteger(), nullable=False),
        sa.Column("quarter", sa.BigInteger(), nullable=False),
        sa.Column("appointment_id", sa.BigInteger(), nullable=True),
        sa.Column("hold_id", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(appointment_id IS NULL) <> (hold_id IS NULL)", name=op.f("ck_chair_time_one_taker")),
        sa.CheckConstraint("(hold_id IS NULL) = (expires_at IS NULL)", name=op.f("ck_chair_time_holds_expire")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "appointment_id"],
            ["appointment.clinic_id", "appointment.id"],
            name=op.f("fk_chair_time_clinic_id_appointment_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "hold_id"], ["hold.clinic_id", "hold.id"], name=op.f("fk_chair_time_clinic_id_hold_id")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "provider_id"],
            ["provider.clinic_id", "provider.id"],
            name=op.f("fk_chair_time_clinic_id_provider_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "provider_id", "quarter", name=op.f("pk_chair_time")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_chair_time_clinic_id_appointment_id"), "chair_time", ["clinic_id", "appointment_id"], unique=False
    )
    op.create_index(op.f("ix_chair_time_clinic_id_hold_id"), "chair_time", ["clinic_id", "hold_id"], unique=False)


def _messages() -> None:
    """The outbox, and why a message was or was not sent."""
    op.create_table(
        "outbox",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=True),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=True),
        sa.Column("campaign", sa.String(64), nullable=True),
        sa.Column("step", sa.SmallInteger(), nullable=True),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("message_key", sa.String(100), nullable=False),
        sa.Column("reach", sa.String(40), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("status_reason", sa.String(100), nullable=True),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("lease_token", sa.String(64), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("external_id", sa.String(200), nullable=True),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "conversation_id"],
            ["conversation.clinic_id", "conversation.id"],
            name=op.f("fk_outbox_clinic_id_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_outbox_clinic_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "staff_id"], ["staff.clinic_id", "staff.id"], name=op.f("fk_outbox_clinic_id_staff_id")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_outbox")),
        sa.UniqueConstraint(
            "clinic_id", "patient_id", "campaign", "step", name=op.f("uq_outbox_clinic_id_patient_id_campaign_step")
        ),
    )
    op.create_index(
        op.f("ix_outbox_clinic_id_conversation_id_id"), "outbox", ["clinic_id", "conversation_id", "id"], unique=False
    )
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["clinic_id", "not_before", "id"],
        unique=False,
        sqlite_where=sa.text("status IN ('planned', 'queued')"),
        postgresql_where=sa.text("status IN ('planned', 'queued')"),
    )
    op.create_index(
        "ix_outbox_lease",
        "outbox",
        ["clinic_id", "lease_until"],
        unique=False,
        sqlite_where=sa.text("status = 'leased'"),
        postgresql_where=sa.text("status = 'leased'"),
    )
    op.create_table(
        "gate_decision",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("outbox_id", sa.BigInteger(), nullable=True),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.String(40), nullable=False),
        sa.Column("stage", sa.String(40), nullable=False),
        sa.Column("verdict", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(40), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("right_event_id", sa.BigInteger(), nullable=True),
        sa.Column("policy", sa.String(64), nullable=False),
        sa.Column("policy_version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "outbox_id"],
            ["outbox.clinic_id", "outbox.id"],
            name=op.f("fk_gate_decision_clinic_id_outbox_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_gate_decision_clinic_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "right_event_id"],
            ["ledger_event.clinic_id", "ledger_event.id"],
            name=op.f("fk_gate_decision_clinic_id_right_event_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_gate_decision")),
    )
    op.create_index(
        op.f("ix_gate_decision_clinic_id_outbox_id"), "gate_decision", ["clinic_id", "outbox_id"], unique=False
    )
    op.create_index(
        op.f("ix_gate_decision_clinic_id_patient_id_id"),
        "gate_decision",
        ["clinic_id", "patient_id", "id"],
        unique=False,
    )


def _guard_ledger() -> None:
    """Have the database refuse to change or remove an event."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_REFUSE_POSTGRES)
        op.execute(_GUARD_POSTGRES)
        return
    for act in ("UPDATE", "DELETE"):
        op.execute(_GUARD_SQLITE.format(act=act))
