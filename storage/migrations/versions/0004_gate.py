"""What the gate says beside yes and no: why it waits, and under exactly which rules it judged."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_WORDS_BEFORE = {
    "cap_cycle": "cap_reached",
    "cap_year": "cap_reached",
    "cap_household": "cap_reached",
    "deceased": "never_contact",
    "suppressed": "key_missing",
    "complaint_open": "frozen",
    "must_say": "content_level",
    "sending_stopped": "policy_unsigned",
}
_REASONS = sa.table("gate_decision", sa.column("reason", sa.String))


def upgrade() -> None:
    op.add_column("gate_decision", sa.Column("wait", sa.String(40), nullable=True))
    op.add_column("gate_decision", sa.Column("policy_hash", sa.String(64), nullable=True))
    # One word became three; until now only the cap of the cycle refused.
    _rename("cap_reached", "cap_cycle")


def downgrade() -> None:
    for word, before in _WORDS_BEFORE.items():
        _rename(word, before)
    op.drop_column("gate_decision", "policy_hash")
    op.drop_column("gate_decision", "wait")


def _rename(word: str, becomes: str) -> None:
    op.execute(_REASONS.update().where(_REASONS.c.reason == word).values(reason=becomes))
