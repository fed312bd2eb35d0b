"""Accounts that come before their person is known, or speak for several; what patients send beside text; pulses."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_ONE_PERSON = sa.text("channel = 'webchat'")
_CHATS = sa.text("channel IN ('webchat', 'telegram')")
_UNKNOWN = sa.text("status = 'unknown'")


def upgrade() -> None:
    # One chat of a messenger may speak for a family; a page in the browser is opened by one person's link.
    op.drop_index("uq_address_chat", "address")
    op.create_index(
        "uq_address_chat",
        "address",
        ["clinic_id", "channel", "lookup"],
        unique=True,
        sqlite_where=_ONE_PERSON,
        postgresql_where=_ONE_PERSON,
    )
    op.create_index(
        "ix_patient_unknown",
        "patient",
        ["clinic_id", "id"],
        unique=False,
        sqlite_where=_UNKNOWN,
        postgresql_where=_UNKNOWN,
    )
    op.create_index(op.f("ix_patient_clinic_id_birth_month"), "patient", ["clinic_id", "birth_month"], unique=False)
    _create_account()
    _create_attachment()
    op.create_table(
        "pulse",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("part", sa.String(40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.clinic_id"], name=op.f("fk_pulse_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "part", name=op.f("pk_pulse")),
        sqlite_with_rowid=False,
    )


def _create_account() -> None:
    op.create_table(
        "account",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("lookup", sa.LargeBinary(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("known", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.SmallInteger(), nullable=False),
        sa.Column("tries_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("slowed", sa.SmallInteger(), nullable=False),
        sa.Column("slowed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "conversation_id"],
            ["conversation.clinic_id", "conversation.id"],
            name=op.f("fk_account_clinic_id_conversation_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "channel", "lookup", name=op.f("pk_account")),
        sqlite_with_rowid=False,
    )


def _create_attachment() -> None:
    op.create_table(
        "attachment",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("about", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "conversation_id"],
            ["conversation.clinic_id", "conversation.id"],
            name=op.f("fk_attachment_clinic_id_conversation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "staff_id"], ["staff.clinic_id", "staff.id"], name=op.f("fk_attachment_clinic_id_staff_id")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_attachment")),
    )
    op.create_index(
        op.f("ix_attachment_clinic_id_conversation_id_at"),
        "attachment",
        ["clinic_id", "conversation_id", "at"],
        unique=False,
    )


def downgrade() -> None:
    for table in ("pulse", "attachment", "account"):
        op.drop_table(table)
    op.drop_index(op.f("ix_patient_clinic_id_birth_month"), "patient")
    op.drop_index("ix_patient_unknown", "patient")
    op.drop_index("uq_address_chat", "address")
    op.create_index(
        "uq_address_chat",
        "address",
        ["clinic_id", "channel", "lookup"],
        unique=True,
        sqlite_where=_CHATS,
        postgresql_where=_CHATS,
    )
