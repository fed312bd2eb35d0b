"""The language a patient chose, and what staff say a text meant."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("patient", sa.Column("language_chosen_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "correction",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("line_hash", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.String(40), nullable=True),
        sa.Column("understood", sa.String(40), nullable=False),
        sa.Column("sure", sa.Boolean(), nullable=False),
        sa.Column("meant", sa.String(40), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "staff_id"],
            ["staff.clinic_id", "staff.id"],
            name=op.f("fk_correction_clinic_id_staff_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_correction")),
        sa.UniqueConstraint("clinic_id", "line_hash", name=op.f("uq_correction_clinic_id_line_hash")),
    )


def downgrade() -> None:
    op.drop_table("correction")
    op.drop_column("patient", "language_chosen_at")
