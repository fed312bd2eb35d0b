"""What the ledger tells of each event beside the first schema, and the checkpoints of a clinic."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_GUARD_SQLITE = """
CREATE TRIGGER {table}_never_{act} BEFORE {act} ON {table}
BEGIN SELECT RAISE(ABORT, 'checkpoints are only added'); END
"""
_GUARD_POSTGRES = """
CREATE TRIGGER {table}_only_added BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_ledger_change()
"""
_TEXTS = ("notice", "withdraw_by", "source_system")
_NUMBERS = ("key_version", "form")
_ERASED = sa.text("act = 'erased'")


def upgrade() -> None:
    # What is there already was hashed in the first form, and says none of this.
    op.add_column("ledger_event", sa.Column("address_hash", sa.LargeBinary(), nullable=True))
    for name in _TEXTS:
        op.add_column("ledger_event", sa.Column(name, sa.String(), nullable=False, server_default=sa.text("''")))
    for name in _NUMBERS:
        op.add_column("ledger_event", sa.Column(name, sa.SmallInteger(), nullable=False, server_default="1"))
    _index_erased()
    _make_checkpoints()
    _guard_checkpoints()


def downgrade() -> None:
    op.drop_table("ledger_head")
    op.drop_table("ledger_checkpoint")
    op.drop_index("ix_ledger_event_erased", "ledger_event")
    for name in ("address_hash", *_TEXTS, *_NUMBERS):
        op.drop_column("ledger_event", name)


def _make_checkpoints() -> None:
    op.create_table(
        "ledger_checkpoint",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column("key_version", sa.SmallInteger(), nullable=False),
        sa.Column("previous_mac", sa.LargeBinary(), nullable=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinic.clinic_id"], name=op.f("fk_ledger_checkpoint_clinic_id")),
        sa.PrimaryKeyConstraint("clinic_id", "seq", name=op.f("pk_ledger_checkpoint")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ledger_head",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("checkpoint", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_ledger_head_clinic_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "patient_id", "seq", name=op.f("pk_ledger_head")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_ledger_head_clinic_id_checkpoint_patient_id"),
        "ledger_head",
        ["clinic_id", "checkpoint", "patient_id"],
        unique=True,
    )


def _index_erased() -> None:
    op.create_index(
        "ix_ledger_event_erased",
        "ledger_event",
        ["clinic_id", "address_hash"],
        unique=False,
        sqlite_where=_ERASED,
        postgresql_where=_ERASED,
    )


def _guard_checkpoints() -> None:
    """Have the database refuse to change or remove a row."""
    for table in ("ledger_checkpoint", "ledger_head"):
        if op.get_bind().dialect.name == "postgresql":
            op.execute(_GUARD_POSTGRES.format(table=table))
            continue
        for act in ("UPDATE", "DELETE"):
            op.execute(_GUARD_SQLITE.format(table=table, act=act))
