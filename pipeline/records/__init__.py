"""Runs, violations and evidence in SQLite or PostgreSQL. No SQL, session or table leaves this package."""

from pipeline.records.account_rows import Account, AuditEntry, AuditRow, Json, Login, check_account
from pipeline.records.accounts import AccountRecords
from pipeline.records.case_rows import (
    CaseCounts,
    CaseDetail,
    CaseFilter,
    CaseOrder,
    CasePage,
    CaseRow,
    ClaimedCaseError,
    NoSuchCaseError,
    NoSuchPageError,
    StaleCaseError,
)
from pipeline.records.casebook import CaseBook
from pipeline.records.export import ExportFormat, export_violations
from pipeline.records.figures import UNCONFIRMED, UNDECIDED, CaseFigures, ShopTally, Tally
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
from pipeline.records.sheets import Cell, csv_lines, write_sheet
from pipeline.records.tokens import ApiToken, ApiTokens, Scope

__all__ = [
    "UNCONFIRMED",
    "UNDECIDED",
    "Account",
    "AccountRecords",
    "ApiToken",
    "ApiTokens",
    "AuditEntry",
    "AuditRow",
    "CameraWatcher",
    "CaseBook",
    "CaseCounts",
    "CaseDetail",
    "CaseFigures",
    "CaseFilter",
    "CaseOrder",
    "CasePage",
    "CaseRow",
    "Cell",
    "ClaimedCaseError",
    "ClaimedMessage",
    "EventRow",
    "ExportFormat",
    "Json",
    "Login",
    "MessageState",
    "NoSuchCaseError",
    "NoSuchPageError",
    "OutboxRow",
    "OutgoingMessage",
    "Records",
    "RunRow",
    "RunState",
    "Scope",
    "ShopTally",
    "SourceRow",
    "SourceStart",
    "StaleCaseError",
    "Tally",
    "ViolationDetail",
    "ViolationEntry",
    "ViolationFilter",
    "ViolationRow",
    "check_account",
    "csv_lines",
    "export_violations",
    "write_sheet",
]
