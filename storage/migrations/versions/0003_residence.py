"""Where a patient lives, which decides the rules that protect them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("patient", sa.Column("residence", sa.String(6), nullable=True))


def downgrade() -> None:
    op.drop_column("patient", "residence")
