"""Who watches which camera."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | Sequence[str] | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """To this version. The way back is the backup."""
    op.create_table(
        "camera_watches",
        sa.Column("camera_id", sa.String(length=128), nullable=False),
        sa.Column("watcher", sa.String(length=128), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("camera_id", name=op.f("pk_camera_watches")),
    )
