"""What can go wrong, as a user sees it: one line that says what, where, expected, found and what to do.

A third-party error is translated once, where it is first understood, with ``raise ... from err``.
"""


class PipelineError(Exception):
    """Base of every error that a user is shown as one clear line."""

    def __init__(self, what: str, *, where: str = "", expected: str = "", found: str = "", hint: str = "") -> None:
        """Keep the parts; ``str()`` joins them to one line.

        Args:
            what: what failed, in a few words ("cannot open video").
            where: the file, feature, camera or URL it failed at, without secrets.
            expected: what would have been right.
            found: what was there instead.
            hint: what to do next.
        """
        self.what = what
        self.where = where
        self.expected = expected
        self.found = found
        self.hint = hint
        super().__init__(what)

    def __str__(self) -> str:
        """One line without line breaks, whatever the parts hold."""
        line = f"{self.where}: {self.what}" if self.where else self.what
        if self.expected:
            line += f"; expected {self.expected}"
        if self.found:
            line += f"; found {self.found}"
        if self.hint:
            line += f". {self.hint}"
        return " ".join(line.split())


class ConfigError(PipelineError):
    """A configuration, zone file or shop list that can't be used. Exit code 2."""


class SourceError(PipelineError):
    """Footage that can't be opened or read. Other sources go on. Exit code 1."""


class ModelError(PipelineError):
    """Weights that are missing, changed, of an unknown kind, or that fail while running."""


class EvidenceError(PipelineError):
    """Evidence that can't be cut, rendered or written in full."""


class NoPictureError(EvidenceError):
    """There is not a single picture to make evidence from, and never will be."""


class RecordError(PipelineError):
    """A database that is missing, locked, of another version, or that refuses a row."""


class FaultsError(ConfigError):
    """Several faults found in one pass over a file or a set of files, all listed at once."""

    def __init__(self, what: str, faults: tuple[str, ...]) -> None:
        """Keep every fault; each is one line with file, feature, expected and found."""
        self.faults = faults
        super().__init__(f"{what}: {len(faults)} fault{'s' if len(faults) != 1 else ''}", hint=" | ".join(faults))


def fault_line(where: str, what: str, *, expected: str = "", found: str = "", hint: str = "") -> str:
    """One fault for a FaultsError, in the same form as every other error."""
    return str(ConfigError(what, where=where, expected=expected, found=found, hint=hint))
