"""What is still open of a patient is found without reading what is over: the next visit, the programme's messages."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_BOOKED = sa.text("status = 'booked'")
_PROACTIVE = sa.text("kind = 'proactive'")


def upgrade() -> None:
    op.create_index(
        "ix_appointment_ahead",
        "appointment",
        ["clinic_id", "patient_id", "starts_at"],
        unique=False,
        sqlite_where=_BOOKED,
        postgresql_where=_BOOKED,
    )
    op.create_index(
        "ix_outbox_proactive",
        "outbox",
        ["clinic_id", "patient_id"],
        unique=False,
        sqlite_where=_PROACTIVE,
        postgresql_where=_PROACTIVE,
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_proactive", "outbox")
    op.drop_index("ix_appointment_ahead", "appointment")
