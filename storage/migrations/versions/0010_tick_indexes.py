"""What a tick asks of the past, who was contacted lately and which steps left, is found without reading all of it."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_CONTACTED = sa.text("last_contacted_at IS NOT NULL")
_LEFT = sa.text("step IS NOT NULL AND sent_at IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_patient_contacted",
        "patient",
        ["clinic_id", "last_contacted_at"],
        unique=False,
        sqlite_where=_CONTACTED,
        postgresql_where=_CONTACTED,
    )
    op.create_index(
        "ix_outbox_left",
        "outbox",
        ["clinic_id", "step", "sent_at", "patient_id"],
        unique=False,
        sqlite_where=_LEFT,
        postgresql_where=_LEFT,
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_left", "outbox")
    op.drop_index("ix_patient_contacted", "patient")
