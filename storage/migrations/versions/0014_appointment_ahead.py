"""The next visit of a patient is found without reading those that were kept, missed or cancelled."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_BOOKED = sa.text("status = 'booked'")


def upgrade() -> None:
    op.create_index(
        "ix_appointment_ahead",
        "appointment",
        ["clinic_id", "patient_id", "starts_at"],
        unique=False,
        sqlite_where=_BOOKED,
        postgresql_where=_BOOKED,
    )


def downgrade() -> None:
    op.drop_index("ix_appointment_ahead", "appointment")
