"""Runs, violations and evidence in SQLite or PostgreSQL. No SQL, session or table leaves this package."""

from pipeline.records.export import ExportFormat, export_violations
from pipeline.records.repository import Records
from pipeline.records.rows import (
    CameraWatcher,
    ClaimedMessage,
    EventRow,
    MessageState,
    OutboxRow,
    OutgoingMessage,
    RunRow,
    RunState,
    SourceRow,
    SourceStart,
    ViolationDetail,
    ViolationEntry,
    ViolationFilter,
    ViolationRow,
)

__all__ = [
    "CameraWatcher",
    "ClaimedMessage",
    "EventRow",
    "ExportFormat",
    "MessageState",
    "OutboxRow",
    "OutgoingMessage",
    "Records",
    "RunRow",
    "RunState",
    "SourceRow",
    "SourceStart",
    "ViolationDetail",
    "ViolationEntry",
    "ViolationFilter",
    "ViolationRow",
    "export_violations",
]
