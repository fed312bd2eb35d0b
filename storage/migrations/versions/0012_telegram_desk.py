"""The desk in a forum group: the group, staff's accounts, topics and what was posted there."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_NOT_OVER = sa.text("state IN ('queued', 'posting')")


def upgrade() -> None:
    _create_group()
    _create_accounts()
    _create_topics()


def _instant(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _clinic() -> sa.Column[int]:
    return sa.Column("clinic_id", sa.BigInteger(), nullable=False)


def _of_clinic(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["clinic_id"], ["clinic.clinic_id"], name=op.f(f"fk_{table}_clinic_id"))


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["clinic_id", column], [f"{other}.clinic_id", f"{other}.id"], name=op.f(f"fk_{table}_clinic_id_{column}")
    )


def _create_group() -> None:
    op.create_table(
        "desk_group",
        _clinic(),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(255), nullable=False),
        _instant("linked_at"),
        sa.Column("problem", sa.String(40), nullable=True),
        _instant("problem_at", nullable=True),
        _instant("busy_until", nullable=True),
        sa.Column("lease_token", sa.String(64), nullable=True),
        _instant("lease_until", nullable=True),
        _of_clinic("desk_group"),
        sa.PrimaryKeyConstraint("clinic_id", name=op.f("pk_desk_group")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "desk_code",
        _clinic(),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        _instant("expires_at"),
        _instant("used_at", nullable=True),
        _of_clinic("desk_code"),
        sa.PrimaryKeyConstraint("clinic_id", "token_hash", name=op.f("pk_desk_code")),
        sqlite_with_rowid=False,
    )


def _create_accounts() -> None:
    op.create_table(
        "staff_account",
        _clinic(),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("lookup", sa.LargeBinary(), nullable=False),
        sa.Column("user", sa.LargeBinary(), nullable=False),
        _instant("linked_at"),
        sa.Column("noting", sa.BigInteger(), nullable=True),
        _instant("noting_until", nullable=True),
        _refers("staff_account", "staff_id", "staff"),
        sa.PrimaryKeyConstraint("clinic_id", "staff_id", name=op.f("pk_staff_account")),
        sa.UniqueConstraint("clinic_id", "lookup", name=op.f("uq_staff_account_clinic_id_lookup")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "refused_account",
        _clinic(),
        sa.Column("lookup", sa.LargeBinary(), nullable=False),
        _instant("at"),
        _of_clinic("refused_account"),
        sa.PrimaryKeyConstraint("clinic_id", "lookup", name=op.f("pk_refused_account")),
        sqlite_with_rowid=False,
    )


def _create_topics() -> None:
    op.create_table(
        "topic",
        _clinic(),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("conversation_id", sa.BigInteger(), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=True),
        sa.Column("card_id", sa.BigInteger(), nullable=True),
        _instant("since", nullable=True),
        sa.Column("face", sa.LargeBinary(), nullable=True),
        sa.Column("card", sa.LargeBinary(), nullable=True),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("uncertain", sa.Boolean(), nullable=False),
        sa.Column("menu", sa.String(40), nullable=True),
        _instant("menu_until", nullable=True),
        _instant("reminded_at", nullable=True),
        _instant("escalated_at", nullable=True),
        _instant("created_at"),
        _refers("topic", "conversation_id", "conversation"),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_topic")),
        sa.UniqueConstraint("clinic_id", "conversation_id", name=op.f("uq_topic_clinic_id_conversation_id")),
    )
    op.create_index(op.f("ix_topic_clinic_id_chat_id_thread_id"), "topic", ["clinic_id", "chat_id", "thread_id"])
    op.create_table(
        "topic_post",
        _clinic(),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("topic_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        _instant("at"),
        _of_clinic("topic_post"),
        _refers("topic_post", "topic_id", "topic"),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_topic_post")),
    )
    op.create_index(op.f("ix_topic_post_clinic_id_at"), "topic_post", ["clinic_id", "at"])
    op.create_index(op.f("ix_topic_post_clinic_id_topic_id_id"), "topic_post", ["clinic_id", "topic_id", "id"])
    op.create_index(
        "ix_topic_post_not_over",
        "topic_post",
        ["clinic_id", "id"],
        sqlite_where=_NOT_OVER,
        postgresql_where=_NOT_OVER,
    )
    op.create_table(
        "topic_line",
        _clinic(),
        sa.Column("topic_id", sa.BigInteger(), nullable=False),
        sa.Column("side", sa.String(40), nullable=False),
        sa.Column("line_id", sa.BigInteger(), nullable=False),
        sa.Column("post_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("shown", sa.String(40), nullable=True),
        _refers("topic_line", "topic_id", "topic"),
        sa.PrimaryKeyConstraint("clinic_id", "topic_id", "side", "line_id", name=op.f("pk_topic_line")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_topic_line_clinic_id_topic_id_message_id"), "topic_line", ["clinic_id", "topic_id", "message_id"]
    )
    op.create_index(op.f("ix_topic_line_clinic_id_post_id"), "topic_line", ["clinic_id", "post_id"])


def downgrade() -> None:
    for table in ("topic_line", "topic_post", "topic", "refused_account", "staff_account", "desk_code", "desk_group"):
        op.drop_table(table)
