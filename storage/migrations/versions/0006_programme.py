"""What the programme keeps of a patient: its calls, its letters, where somebody stands."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_LOTS = 10_000
_BATCH = 1000
_PATIENTS = sa.table(
    "patient",
    sa.column("clinic_id", sa.BigInteger),
    sa.column("id", sa.BigInteger),
    sa.column("number_hash", sa.LargeBinary),
    sa.column("lot", sa.SmallInteger),
)
_OPEN = sa.text("outcome IS NULL")


def upgrade() -> None:
    op.add_column("patient", sa.Column("lot", sa.SmallInteger(), nullable=False, server_default=sa.text("0")))
    op.add_column("patient", sa.Column("staying_away_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("patient", sa.Column("off_list_at", sa.DateTime(timezone=True), nullable=True))
    _draw_lots()
    op.create_table(
        "worklist_item",
        sa.Column("clinic_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("patient_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("campaign", sa.String(64), nullable=False),
        sa.Column("step", sa.SmallInteger(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("outcome", sa.String(40), nullable=True),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patient.clinic_id", "patient.id"],
            name=op.f("fk_worklist_item_clinic_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "staff_id"], ["staff.clinic_id", "staff.id"], name=op.f("fk_worklist_item_clinic_id_staff_id")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_worklist_item")),
        sa.UniqueConstraint(
            "clinic_id",
            "patient_id",
            "campaign",
            "step",
            "kind",
            name=op.f("uq_worklist_item_clinic_id_patient_id_campaign_step_kind"),
        ),
    )
    op.create_index(
        "ix_worklist_item_open",
        "worklist_item",
        ["clinic_id", "kind", "due_at", "id"],
        unique=False,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.create_index(
        op.f("ix_worklist_item_clinic_id_step_closed_at"),
        "worklist_item",
        ["clinic_id", "step", "closed_at"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("worklist_item")
    for name in ("off_list_at", "staying_away_at", "lot"):
        op.drop_column("patient", name)


def _draw_lots() -> None:
    """Draw for whoever is there already, from the keyed hash of their number: uniform, and nobody can guess it."""
    known = op.get_bind().execute(sa.select(_PATIENTS.c.clinic_id, _PATIENTS.c.id, _PATIENTS.c.number_hash)).all()
    draw = (
        _PATIENTS.update()
        .where(_PATIENTS.c.clinic_id == sa.bindparam("of_clinic"), _PATIENTS.c.id == sa.bindparam("of_patient"))
        .values(lot=sa.bindparam("drawn"))
    )
    drawn = [
        {"of_clinic": row.clinic_id, "of_patient": row.id, "drawn": int.from_bytes(row.number_hash[:4]) * _LOTS >> 32}
        for row in known
    ]
    for start in range(0, len(drawn), _BATCH):
        op.get_bind().execute(draw, drawn[start : start + _BATCH])
