"""Who drew zones in the console, random draws of shops, and photos of squads."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | Sequence[str] | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_ID = sa.String(length=128)
_SHA256 = sa.String(length=64)
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """To this version. The way back is the backup."""
    op.add_column("zone_versions", sa.Column("saved_at", _TIME, nullable=True))
    op.add_column("zone_versions", sa.Column("saved_by", _ID, nullable=True))
    op.create_table(
        "draws",
        sa.Column("draw_id", _ID, nullable=False),
        sa.Column("drawn_at", _TIME, nullable=False),
        sa.Column("drawn_by", _ID, nullable=False),
        sa.Column("seed", _ID, nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("candidates", sa.Text(), nullable=False),
        sa.Column("drawn", sa.Text(), nullable=False),
        sa.Column("inspectors", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("draw_id", name=op.f("pk_draws")),
    )
    op.create_index(op.f("ix_draws_drawn_at"), "draws", ["drawn_at"])
    op.create_table(
        "case_photos",
        sa.Column("photo_id", _ID, nullable=False),
        sa.Column("violation_id", _ID, nullable=False),
        sa.Column("added_at", _TIME, nullable=False),
        sa.Column("added_by", _ID, nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sha256", _SHA256, nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("original_sha256", _SHA256, nullable=False),
        sa.Column("width_px", sa.Integer(), nullable=False),
        sa.Column("height_px", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["violation_id"], ["cases.violation_id"], name=op.f("fk_case_photos_cases")),
        sa.PrimaryKeyConstraint("photo_id", name=op.f("pk_case_photos")),
    )
    op.create_index(op.f("ix_case_photos_violation_id"), "case_photos", ["violation_id"])
