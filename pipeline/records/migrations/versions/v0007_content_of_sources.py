"""What each source held: done work is known by its content."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | Sequence[str] | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """To this version. The way back is the backup."""
    op.add_column("sources", sa.Column("content", sa.Text(), nullable=True))
