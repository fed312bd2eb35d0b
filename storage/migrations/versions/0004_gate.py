"""What the gate says beside yes and no: why it waits, and under exactly which rules it judged."""

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
