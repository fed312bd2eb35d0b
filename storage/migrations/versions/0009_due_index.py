"""Who may be invited is read in the order of the programme, from an index that holds nobody else."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_LAPSED = sa.text("status = 'active' AND next_visit_at IS NULL")
_DUE_SQLITE = sa.text("status = 'active' AND next_visit_at IS NULL AND recall_ok = 1 AND frozen = 0")
_DUE_POSTGRES = sa.text("status = 'active' AND next_visit_at IS NULL AND recall_ok AND NOT frozen")


def upgrade() -> None:
    op.drop_index("ix_patient_lapsed", "patient")
    op.create_index(
        "ix_patient_due",
        "patient",
        ["clinic_id", "has_concern", "last_visit_on", "id"],
        unique=False,
        sqlite_where=_DUE_SQLITE,
        postgresql_where=_DUE_POSTGRES,
    )


def downgrade() -> None:
    op.drop_index("ix_patient_due", "patient")
    op.create_index(
        "ix_patient_lapsed",
        "patient",
        ["clinic_id", "last_visit_on", "id"],
        unique=False,
        sqlite_where=_LAPSED,
        postgresql_where=_LAPSED,
    )
