"""The first tables: cameras, zones, shops, runs, sources, violations and their evidence."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | Sequence[str] | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """To this version. The way back is the backup."""
    op.create_table(
        "cameras",
        sa.Column("camera_id", sa.String(length=128), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("camera_id", name=op.f("pk_cameras")),
    )
    op.create_table(
        "runs",
        sa.Column("run_id", sa.String(length=128), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("code_version", sa.Text(), nullable=False),
        sa.Column("model_sha256", sa.Text(), nullable=False),
        sa.Column("config_sha256", sa.Text(), nullable=False),
        sa.Column("zones_sha256", sa.Text(), nullable=False),
        sa.Column("rules_sha256", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("pid", sa.BigInteger(), nullable=False),
        sa.Column("process_mark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_runs")),
    )
    op.create_index(op.f("ix_runs_started_at"), "runs", ["started_at"], unique=False)
    op.create_table(
        "shops", sa.Column("code", sa.String(length=128), nullable=False), sa.PrimaryKeyConstraint("code", name=op.f("pk_shops"))
    )
    op.create_table(
        "sources",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.String(length=128), nullable=False),
        sa.Column("uri", sa.Text(), nullable=False),
        sa.Column("camera_id", sa.String(length=128), nullable=False),
        sa.Column("camera_name", sa.Text(), nullable=False),
        sa.Column("camera_place", sa.Text(), nullable=False),
        sa.Column("camera_street", sa.Text(), nullable=False),
        sa.Column("clock_source", sa.String(length=32), nullable=False),
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("duration_s", sa.Double(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("looks", sa.BigInteger(), nullable=False),
        sa.Column("missed_looks", sa.BigInteger(), nullable=False),
        sa.Column("frames_decoded", sa.BigInteger(), nullable=False),
        sa.Column("damaged_packets", sa.BigInteger(), nullable=False),
        sa.Column("first_media_s", sa.Double(), nullable=True),
        sa.Column("last_media_s", sa.Double(), nullable=True),
        sa.Column("faults", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["camera_id"], ["cameras.camera_id"], name=op.f("fk_sources_cameras")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.run_id"], name=op.f("fk_sources_runs")),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_sources")),
        sa.UniqueConstraint("run_id", "camera_id", "uri", name=op.f("uq_sources_run_id_camera_id_uri")),
        sa.UniqueConstraint("run_id", "source_id", name=op.f("uq_sources_run_id_source_id")),
    )
    op.create_table(
        "tenancies",
        sa.Column("tenancy_id", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=128), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("squad", sa.Text(), nullable=False),
        sa.Column("trade", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["code"], ["shops.code"], name=op.f("fk_tenancies_shops")),
        sa.PrimaryKeyConstraint("tenancy_id", name=op.f("pk_tenancies")),
    )
    op.create_index(op.f("ix_tenancies_code"), "tenancies", ["code"], unique=False)
    op.create_table(
        "zone_versions",
        sa.Column("camera_id", sa.String(length=128), nullable=False),
        sa.Column("version", sa.String(length=128), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("drawn_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("geojson", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["camera_id"], ["cameras.camera_id"], name=op.f("fk_zone_versions_cameras")),
        sa.PrimaryKeyConstraint("camera_id", "version", name=op.f("pk_zone_versions")),
    )
    op.create_table(
        "violations",
        sa.Column("run_id", sa.String(length=128), nullable=False),
        sa.Column("violation_id", sa.String(length=128), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("camera_id", sa.String(length=128), nullable=False),
        sa.Column("target", sa.String(length=32), nullable=False),
        sa.Column("shop_codes", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("box", sa.Text(), nullable=False),
        sa.Column("things", sa.Text(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_seen_media_s", sa.Double(), nullable=False),
        sa.Column("warned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("warned_media_s", sa.Double(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_media_s", sa.Double(), nullable=True),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_seen_media_s", sa.Double(), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cleared_media_s", sa.Double(), nullable=True),
        sa.Column("peak_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("peak_media_s", sa.Double(), nullable=False),
        sa.Column("peak_things", sa.Integer(), nullable=False),
        sa.Column("dwell_s", sa.Double(), nullable=False),
        sa.Column("gap_s", sa.Double(), nullable=False),
        sa.Column("present_looks", sa.BigInteger(), nullable=False),
        sa.Column("observed_looks", sa.BigInteger(), nullable=False),
        sa.Column("hidden_looks", sa.BigInteger(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("missing", sa.Text(), nullable=False),
        sa.Column("manifest_sha256", sa.String(length=64), nullable=True),
        sa.Column("zone_version", sa.String(length=128), nullable=False),
        sa.Column("rule_version", sa.String(length=128), nullable=False),
        sa.CheckConstraint("NOT complete OR (missing = '[]' AND manifest_sha256 IS NOT NULL)", name=op.f("ck_violations_complete")),
        sa.ForeignKeyConstraint(
            ["camera_id", "zone_version"], ["zone_versions.camera_id", "zone_versions.version"], name=op.f("fk_violations_zone_versions")
        ),
        sa.ForeignKeyConstraint(["run_id", "source_id"], ["sources.run_id", "sources.source_id"], name=op.f("fk_violations_sources")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.run_id"], name=op.f("fk_violations_runs")),
        sa.PrimaryKeyConstraint("run_id", "violation_id", name=op.f("pk_violations")),
    )
    op.create_index(op.f("ix_violations_camera_id_first_seen_at"), "violations", ["camera_id", "first_seen_at"], unique=False)
    op.create_index(op.f("ix_violations_first_seen_at"), "violations", ["first_seen_at"], unique=False)
    op.create_table(
        "events",
        sa.Column("run_id", sa.String(length=128), nullable=False),
        sa.Column("violation_id", sa.String(length=128), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("phase", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("media_s", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id", "violation_id"], ["violations.run_id", "violations.violation_id"], name=op.f("fk_events_violations")
        ),
        sa.PrimaryKeyConstraint("run_id", "violation_id", "position", name=op.f("pk_events")),
    )
    op.create_table(
        "evidence_files",
        sa.Column("run_id", sa.String(length=128), nullable=False),
        sa.Column("violation_id", sa.String(length=128), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("media_s", sa.Double(), nullable=True),
        sa.Column("what", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id", "violation_id"], ["violations.run_id", "violations.violation_id"], name=op.f("fk_evidence_files_violations")
        ),
        sa.PrimaryKeyConstraint("run_id", "violation_id", "position", name=op.f("pk_evidence_files")),
        sa.UniqueConstraint("run_id", "path", name=op.f("uq_evidence_files_run_id_path")),
    )
    op.create_table(
        "violation_shops",
        sa.Column("run_id", sa.String(length=128), nullable=False),
        sa.Column("violation_id", sa.String(length=128), nullable=False),
        sa.Column("code", sa.String(length=128), nullable=False),
        sa.Column("tenancy_id", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["code"], ["shops.code"], name=op.f("fk_violation_shops_shops")),
        sa.ForeignKeyConstraint(
            ["run_id", "violation_id"], ["violations.run_id", "violations.violation_id"], name=op.f("fk_violation_shops_violations")
        ),
        sa.ForeignKeyConstraint(["tenancy_id"], ["tenancies.tenancy_id"], name=op.f("fk_violation_shops_tenancies")),
        sa.PrimaryKeyConstraint("run_id", "violation_id", "code", name=op.f("pk_violation_shops")),
    )
    op.create_index(op.f("ix_violation_shops_code"), "violation_shops", ["code"], unique=False)
