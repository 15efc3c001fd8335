"""Cases with their steps, accounts, sessions, and who did what."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | Sequence[str] | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_ID = sa.String(length=128)
_WORD = sa.String(length=32)
_TIME = sa.DateTime(timezone=True)

# A case for every violation that was opened; where several runs found the same one, of the first of these runs.
_CASES_OF_WHAT_THERE_IS = """
INSERT INTO cases (violation_id, run_id, state, version, squad, kind, camera_id, street, listed_at, dwell_s, standing, ambiguous,
                   gaps, complete)
SELECT v.violation_id, v.run_id, 'candidate', 0, '', v.kind, v.camera_id,
       COALESCE((SELECT MIN(t.street) FROM violation_shops s JOIN tenancies t ON t.tenancy_id = s.tenancy_id
                 WHERE s.run_id = v.run_id AND s.violation_id = v.violation_id AND t.street <> ''), c.camera_street),
       COALESCE(v.first_seen_at, {long_ago}), v.dwell_s, v.cleared_media_s IS NULL, v.target = 'ambiguous', v.gap_s > 0, v.complete
FROM violations v JOIN sources c ON c.source_id = v.source_id
WHERE v.confirmed_media_s IS NOT NULL
  AND v.run_id = (SELECT MIN(o.run_id) FROM violations o WHERE o.violation_id = v.violation_id AND o.confirmed_media_s IS NOT NULL)
"""
_REFUSED = "audit rows are never changed or removed"


def upgrade() -> None:
    """To this version. The way back is the backup."""
    op.create_table(
        "cases",
        sa.Column("violation_id", _ID, nullable=False),
        sa.Column("run_id", _ID, nullable=False),
        sa.Column("state", _WORD, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("shop_code", _ID, nullable=True),
        sa.Column("squad", sa.Text(), nullable=False),
        sa.Column("deadline", _TIME, nullable=True),
        sa.Column("kind", _WORD, nullable=False),
        sa.Column("camera_id", _ID, nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("listed_at", _TIME, nullable=False),
        sa.Column("dwell_s", sa.Double(), nullable=False),
        sa.Column("standing", sa.Boolean(), nullable=False),
        sa.Column("ambiguous", sa.Boolean(), nullable=False),
        sa.Column("gaps", sa.Boolean(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("claimed_by", _ID, nullable=True),
        sa.Column("claimed_until", _TIME, nullable=True),
        sa.Column("updated_at", _TIME, nullable=True),
        sa.ForeignKeyConstraint(
            ["run_id", "violation_id"], ["violations.run_id", "violations.violation_id"], name=op.f("fk_cases_violations")
        ),
        sa.PrimaryKeyConstraint("violation_id", name=op.f("pk_cases")),
    )
    op.create_index(op.f("ix_cases_state_listed_at_violation_id"), "cases", ["state", "listed_at", "violation_id"])
    op.create_index(op.f("ix_cases_listed_at_violation_id"), "cases", ["listed_at", "violation_id"])
    op.create_index(op.f("ix_cases_claimed_by"), "cases", ["claimed_by"])
    op.create_index(op.f("ix_cases_state_standing_dwell_s_violation_id"), "cases", ["state", "standing", "dwell_s", "violation_id"])
    op.create_index(op.f("ix_cases_street_state_listed_at"), "cases", ["street", "state", "listed_at"])
    op.create_index(op.f("ix_cases_camera_id_listed_at"), "cases", ["camera_id", "listed_at"])
    op.create_table(
        "case_steps",
        sa.Column("violation_id", _ID, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("action", _WORD, nullable=False),
        sa.Column("by", _ID, nullable=False),
        sa.Column("role", _WORD, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("shop_code", _ID, nullable=True),
        sa.Column("squad", sa.Text(), nullable=False),
        sa.Column("deadline", _TIME, nullable=True),
        sa.ForeignKeyConstraint(["violation_id"], ["cases.violation_id"], name=op.f("fk_case_steps_cases")),
        sa.PrimaryKeyConstraint("violation_id", "number", name=op.f("pk_case_steps")),
    )
    op.create_table(
        "accounts",
        sa.Column("name", _ID, nullable=False),
        sa.Column("shown_as", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("squad", sa.Text(), nullable=False),
        sa.Column("streets", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("disabled_at", _TIME, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("barred_until", _TIME, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_accounts")),
    )
    op.create_table(
        "sessions",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("account", _ID, nullable=False),
        sa.Column("form_token", _ID, nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("seen_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.ForeignKeyConstraint(["account"], ["accounts.name"], name=op.f("fk_sessions_accounts")),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_account"), "sessions", ["account"])
    op.create_index(op.f("ix_sessions_expires_at"), "sessions", ["expires_at"])
    op.create_table(
        "api_tokens",
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("account", _ID, nullable=False),
        sa.Column("called", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("created_at", _TIME, nullable=False),
        sa.Column("expires_at", _TIME, nullable=False),
        sa.Column("revoked_at", _TIME, nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.name"], name=op.f("fk_api_tokens_accounts")),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_api_tokens")),
    )
    op.create_index(op.f("ix_api_tokens_account"), "api_tokens", ["account"])
    op.create_table(
        "audit",
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("account", _ID, nullable=False),
        sa.Column("did", _ID, nullable=False),
        sa.Column("subject", _ID, nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("remote", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_subject_audit_id"), "audit", ["subject", "audit_id"])
    op.create_index(op.f("ix_audit_account_audit_id"), "audit", ["account", "audit_id"])
    # Each database as it stores UTC.
    long_ago = "'1970-01-01 00:00:00.000000'" if op.get_bind().dialect.name == "sqlite" else "TIMESTAMPTZ '1970-01-01 00:00:00+00'"
    op.execute(_CASES_OF_WHAT_THERE_IS.format(long_ago=long_ago))
    _refuse_changes_of_audit_rows()


def _refuse_changes_of_audit_rows() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # INSERT OR REPLACE removes a row without the trigger on DELETE.
        replaces = "WHEN EXISTS (SELECT 1 FROM audit WHERE audit_id = NEW.audit_id)"
        op.execute(f"CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit {replaces} BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END")
        for what in ("UPDATE", "DELETE"):
            op.execute(f"CREATE TRIGGER audit_no_{what.lower()} BEFORE {what} ON audit BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END")
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION doorline_keep_audit() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION doorline_keep_audit()"
    )
