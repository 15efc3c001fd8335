"""Another shop list comes into force: the file, what the records keep of it, and who did it, together or not at all.

A list that was read without a fault is kept beside the one in force as the file that it would become, named by its hash. What somebody
was shown is therefore what comes into force, byte for byte, whatever happens to the form in between. One transaction takes in its
tenancies and the audit rows and renames the file into its place as its last deed; the list before it is kept beside as
``shops.<sha12>.csv``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from pipeline.config import DoorlineSettings
from pipeline.errors import PipelineError, fault_line
from pipeline.records import AuditEntry, Json, Records
from pipeline.shops import ChangeKind, Comparison, ShopChange, ShopRegistry, compare_shops, csv_of
from pipeline.shops.csv_files import read_csv
from pipeline.whole_files import write_for_good
from pipeline.zones.zone_faults import ZoneFault
from pipeline.zones.zone_files import parse_zone_bytes

_KEEP_DRAFTS_FOR = timedelta(days=1)
_SHA256 = re.compile(r"[0-9a-f]{64}")


class StaleShopsError(PipelineError):
    """Another list has come into force since somebody was shown what would change."""


class NoShopDraftError(PipelineError):
    """What was shown is not there any more, or was never shown."""


class ShopsNotWrittenError(PipelineError):
    """The disk refuses. The list that was in force still is."""


class RefusedShopsError(PipelineError):
    """A list without shops that are still needed."""

    def __init__(self, uses: tuple[CodeUse, ...]) -> None:
        """Keep what needs them."""
        self.uses = uses
        super().__init__("shop list refused", hint=" | ".join(use.text for use in uses))


class UsedBy(StrEnum):
    """What needs a shop code."""

    ZONES = "zones"
    RULES = "rules"
    CASES = "cases"
    UNREADABLE_ZONES = "unreadable_zones"
    """Nobody can tell whether the zones of this camera do."""


@dataclass(frozen=True, slots=True)
class CodeUse:
    """A code that may not vanish. ``where`` names the camera or the setting, "" for cases."""

    code: str
    by: UsedBy
    where: str

    @property
    def text(self) -> str:
        """As a line for a terminal."""
        hint = "Give its tenancy an 'until' date instead of removing it"
        return fault_line(f"shop {self.code!r}", "a code that is still used", found=f"{self.by} {self.where}".strip(), hint=hint)


@dataclass(frozen=True, slots=True)
class ShopFile:
    """The shop list as it lies there."""

    path: Path
    raw: bytes

    @property
    def sha256(self) -> str:
        """Of its bytes."""
        return hashlib.sha256(self.raw).hexdigest()


@dataclass(frozen=True, slots=True)
class ShopDraft:
    """A list that could come into force. ``uses`` are what forbids it; empty: nothing."""

    sha256: str
    base_sha256: str
    registry: ShopRegistry
    comparison: Comparison
    uses: tuple[CodeUse, ...]


@dataclass(frozen=True, slots=True)
class PutBy:
    """Who puts a list in force, when, and where the request came from."""

    account: str
    at: datetime
    remote: str = ""


def shop_file(path: Path) -> ShopFile:
    """Read the list in force. ShopsNotWrittenError where that can't be done: then nothing can take its place either."""
    try:
        # A link stays one: what it leads to is replaced.
        return ShopFile(path.resolve(), path.read_bytes())
    except OSError as err:
        raise ShopsNotWrittenError("cannot read the shop list", where=str(path), found=err.strerror or str(err)) from err


def keep_draft(present: ShopFile, registry: ShopRegistry, now: datetime) -> str:
    """Keep a list as the file that it would become, and give back its sha256. Drafts of earlier days are removed."""
    raw = csv_of(registry)
    draft = ShopFile(present.path, raw)
    try:
        _forget_old_drafts(present.path, now)
        path = _draft_path(present.path, draft.sha256)
        write_for_good(path, raw)
        path.chmod(present.path.stat().st_mode & 0o777)
    except OSError as err:
        raise _not_written(present.path, err) from err
    return draft.sha256


def read_draft(present: ShopFile, sha256: str) -> ShopRegistry:
    """The list that was kept under this hash. NoShopDraftError."""
    raw = b""
    if _SHA256.fullmatch(sha256):
        with suppress(OSError):
            raw = _draft_path(present.path, sha256).read_bytes()
    read = read_csv(raw, "draft")
    if hashlib.sha256(raw).hexdigest() != sha256 or read.faults:
        raise NoShopDraftError("no such draft of a shop list", found=sha256[:12], hint="Read the file once more")
    return read.registry


def check_draft(settings: DoorlineSettings, records: Records, present: ShopFile, now_in_force: ShopRegistry, sha256: str) -> ShopDraft:
    """What a draft would change, and what forbids it. NoShopDraftError."""
    registry = read_draft(present, sha256)
    comparison = compare_shops(now_in_force, registry)
    uses = tuple(uses_of(settings, records, comparison.removed_codes))
    return ShopDraft(sha256, present.sha256, registry, comparison, uses)


def uses_of(settings: DoorlineSettings, records: Records, codes: Collection[str]) -> Iterator[CodeUse]:
    """What needs any of these codes: zones, rules, cases."""
    if not codes:
        return
    for camera in settings.cameras:
        named = _codes_of_zones(camera.zones)
        if named is None:
            yield CodeUse(min(codes), UsedBy.UNREADABLE_ZONES, camera.id)
        else:
            yield from (CodeUse(code, UsedBy.ZONES, camera.id) for code in sorted(named & set(codes)))
    for number, suspension in enumerate(settings.rules.suspensions):
        for code in sorted(set(suspension.shop_codes) & set(codes)):
            yield CodeUse(code, UsedBy.RULES, f"rules.suspensions.{number}")
    yield from (CodeUse(code, UsedBy.CASES, "") for code in sorted(records.shops.codes_with_cases(codes)))


def put_in_force(records: Records, present: ShopFile, before: ShopRegistry, draft: ShopDraft, by: PutBy) -> None:
    """Put a draft in force.

    Args:
        records: keep the tenancies of both lists, and tell who did it.
        present: the list in force, as it was when the draft was checked.
        before: what it says.
        draft: what was shown.
        by: who does it.

    Raises:
        RefusedShopsError: something still needs a code that would vanish.
        StaleShopsError: another list has come into force since.
        ShopsNotWrittenError: the disk refuses.
        RecordError: the records do.
    """
    if draft.uses:
        raise RefusedShopsError(draft.uses)
    change = _Change(present, draft)
    try:
        change.keep_earlier()
        records.shops.put_in_force((before, draft.registry), list(_told(draft, by)), change.put)
        change.holds = True
    finally:
        change.undo_unless_it_holds()


class _Change:
    """What lies on the disk, changed so that it can be changed back."""

    def __init__(self, present: ShopFile, draft: ShopDraft) -> None:
        self._present = present
        self._draft = draft
        self._in_force = False
        self.holds = False

    def keep_earlier(self) -> None:
        """The list in force under a name of its own, which stays."""
        path = self._present.path
        kept = path.with_name(f"{path.stem}.{self._present.sha256[:12]}{path.suffix}")
        try:
            write_for_good(kept, self._present.raw)
            kept.chmod(path.stat().st_mode & 0o777)
        except OSError as err:
            raise _not_written(path, err) from err

    def put(self) -> None:
        """The last deed of the transaction. Somebody may have put another list in force, or changed the file by hand, since."""
        path, now = self._present.path, shop_file(self._present.path)
        if now.sha256 != self._present.sha256 or now.sha256 != self._draft.base_sha256:
            raise StaleShopsError("another shop list has come into force", where=str(path), found=now.sha256[:12])
        draft = _draft_path(path, self._draft.sha256)
        try:
            if ShopFile(path, draft.read_bytes()).sha256 != self._draft.sha256:
                raise NoShopDraftError("the draft of the shop list has changed", where=str(draft))
            draft.replace(path)
        except FileNotFoundError as err:
            raise NoShopDraftError("no such draft of a shop list", where=str(draft)) from err
        except OSError as err:
            raise _not_written(path, err) from err
        self._in_force = True

    def undo_unless_it_holds(self) -> None:
        """As it was before, as far as the disk lets it."""
        if self._in_force and not self.holds:
            with suppress(OSError):
                write_for_good(self._present.path, self._present.raw)


def _told(draft: ShopDraft, by: PutBy) -> Iterator[AuditEntry]:
    """That a list came into force, and what it changed of shops that there were. Who a tenant is called by phone stays out of the audit."""
    counts: dict[str, Json] = {kind.value: number for kind, number in sorted(draft.comparison.counts.items())}
    hashes: dict[str, Json] = {"sha256": draft.sha256, "sha256_before": draft.base_sha256}
    shops = len(draft.registry.tenancies)
    yield AuditEntry(by.at, by.account, "shops/imported", "shops", {"shops": shops, **counts, **hashes}, by.remote)
    for change in draft.comparison.changes:
        if change.kind is not ChangeKind.SHOP_ADDED:
            told: dict[str, Json] = {"kind": change.kind.value, "sha256": draft.sha256[:12], **_differences(change)}
            yield AuditEntry(by.at, by.account, "shop/changed", f"shop/{change.code}", told, by.remote)


def _differences(change: ShopChange) -> dict[str, Json]:
    columns = change.columns or ("name", "grade", "since", "until")
    told: dict[str, Json] = {}
    for name in columns:
        before, after = (str(getattr(tenancy, name) or "") if tenancy else "" for tenancy in (change.before, change.after))
        if before != after:
            told[name] = "…" if name == "contact" else f"{before} → {after}".strip()
    return told


def _codes_of_zones(path: Path) -> set[str] | None:
    """Every shop code that a zone file names, whatever else is wrong with it; None where it can't be read."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return set()
    except OSError:
        return None
    data = parse_zone_bytes(raw, path)
    features = None if isinstance(data, ZoneFault) else data.get("features")
    if not isinstance(features, list):
        return None
    codes: set[str] = set()
    for feature in features:
        properties = feature.get("properties") if isinstance(feature, dict) else None
        if isinstance(properties, dict):
            several = properties.get("shop_codes")
            found = [properties.get("shop_code"), *(several if isinstance(several, list) else [])]
            codes |= {code for code in found if isinstance(code, str)}
    return codes


def _draft_path(path: Path, sha256: str) -> Path:
    return path.with_name(f"{path.stem}.{sha256}.draft")


def _forget_old_drafts(path: Path, now: datetime) -> None:
    for draft in path.parent.glob(f"{path.stem}.*.draft"):
        if draft.stat().st_mtime < (now - _KEEP_DRAFTS_FOR).timestamp():
            draft.unlink(missing_ok=True)


def _not_written(path: Path, err: OSError) -> ShopsNotWrittenError:
    hint = "The list that was in force still is"
    return ShopsNotWrittenError("cannot write the shop list", where=str(path), found=err.strerror or str(err), hint=hint)
