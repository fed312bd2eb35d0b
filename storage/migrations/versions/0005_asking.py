"""What patients are asked: when, and how and how often they want to hear from us."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("patient", sa.Column("preferred_channel", sa.String(40), nullable=True))
    op.add_column("patient", sa.Column("rhythm_months", sa.SmallInteger(), nullable=True))
    op.add_column("patient", sa.Column("consent_asked_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    for name in ("consent_asked_at", "rhythm_months", "preferred_channel"):
        op.drop_column("patient", name)
