"""The proof of a violation: stills, clips, marked copies and a manifest with hashes."""

from pipeline.evidence.evidence_writer import EvidenceWriter, ViolationEvidence
from pipeline.evidence.folders import file_sha256, find_manifests, find_partials, remove_partials
from pipeline.evidence.manifest import StoredManifest, read_manifest, scan_manifests, verify_manifest, verify_run

__all__ = [
    "EvidenceWriter",
    "StoredManifest",
    "ViolationEvidence",
    "file_sha256",
    "find_manifests",
    "find_partials",
    "read_manifest",
    "remove_partials",
    "scan_manifests",
    "verify_manifest",
    "verify_run",
]
