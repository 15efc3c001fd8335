"""The tables. Column names are the words of the glossary; every change here needs a migration."""

from __future__ import annotations

from pipeline.records.tables.base import Table
from pipeline.records.tables.cases import CasePhotoRecord, CaseRecord, CaseStepRecord
from pipeline.records.tables.people import AccountRecord, ApiTokenRecord, AuditRecord, SessionRecord, SignInRecord
from pipeline.records.tables.runs import RunRecord, SourceRecord, WatchRecord
from pipeline.records.tables.streets import CameraRecord, DrawRecord, ShopRecord, TenancyRecord, ZoneVersionRecord
from pipeline.records.tables.violations import EventRecord, EvidenceFileRecord, OutboxRecord, ViolationRecord, ViolationShopRecord

__all__ = [
    "AccountRecord",
    "ApiTokenRecord",
    "AuditRecord",
    "CameraRecord",
    "CasePhotoRecord",
    "CaseRecord",
    "CaseStepRecord",
    "DrawRecord",
    "EventRecord",
    "EvidenceFileRecord",
    "OutboxRecord",
    "RunRecord",
    "SessionRecord",
    "ShopRecord",
    "SignInRecord",
    "SourceRecord",
    "Table",
    "TenancyRecord",
    "ViolationRecord",
    "ViolationShopRecord",
    "WatchRecord",
    "ZoneVersionRecord",
]
