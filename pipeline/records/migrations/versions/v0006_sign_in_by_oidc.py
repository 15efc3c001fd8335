"""Accounts that sign in by an OpenID provider."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | Sequence[str] | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_ID = sa.String(length=128)
_SHA256 = sa.String(length=64)
_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """To this version. The way back is the backup."""
    op.add_column("accounts", sa.Column("oidc_since", _TIME, nullable=True))
    op.add_column("accounts", sa.Column("oidc_issuer", sa.Text(), nullable=True))
    op.add_column("accounts", sa.Column("oidc_subject", sa.Text(), nullable=True))
    op.create_index(op.f("ix_accounts_oidc_issuer_oidc_subject"), "accounts", ["oidc_issuer", "oidc_subject"], unique=True)
    op.add_column("sessions", sa.Column("id_token", sa.Text(), nullable=True))
    op.create_table(
        "sign_ins",
        sa.Column("state_sha256", _SHA256, nullable=False),
        sa.Column("browser_sha256", _SHA256, nullable=False),
        sa.Column("nonce", _ID, nullable=False),
        sa.Column("verifier", _ID, nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("state_sha256", name=op.f("pk_sign_ins")),
    )
    op.create_index(op.f("ix_sign_ins_expires_at"), "sign_ins", ["expires_at"])
