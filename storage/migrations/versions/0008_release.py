"""Batches that a person releases before anything of them leaves."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "batch_release",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("batch", sa.String(64), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "staff_id"],
            ["staff.clinic_id", "staff.id"],
            name=op.f("fk_batch_release_clinic_id_staff_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_batch_release")),
    )
    op.create_table(
        "batch_choice",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("outbox_id", sa.BigInteger(), nullable=False),
        sa.Column("release_id", sa.BigInteger(), nullable=False),
        sa.Column("choice", sa.String(40), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "outbox_id"],
            ["outbox.clinic_id", "outbox.id"],
            name=op.f("fk_batch_choice_clinic_id_outbox_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "release_id"],
            ["batch_release.clinic_id", "batch_release.id"],
            name=op.f("fk_batch_choice_clinic_id_release_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "outbox_id", name=op.f("pk_batch_choice")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_batch_choice_clinic_id_release_id"), "batch_choice", ["clinic_id", "release_id"])


def downgrade() -> None:
    op.drop_table("batch_choice")
    op.drop_table("batch_release")
