"""A job: one notebook of one student. Everything it needs travels with it, and so does what became of it."""

import functools
import hashlib
import json
from dataclasses import astuple, dataclass, field
from pathlib import Path

import helpers
from autograde.verdict import Verdict
from helpers.fresh_run import CELL_SECONDS

#: A notebook may take so many times what one of its cells may.
PATIENCE = 10
#: So often a job is tried that fails by no fault of the student's.
ATTEMPTS = 2


@dataclass(frozen=True)
class Job:
    """One notebook to examine: what was handed in and the instructor's, as JSON texts; the files handed in beside it.

    images: the file that `unseen.keep` wrote, empty for none. timeout: seconds that a cell may take.
    """

    notebook: str
    submitted: str
    full: str
    files: dict[str, bytes] = field(repr=False)
    seed: int = field(repr=False)
    timeout: float = CELL_SECONDS
    images: bytes = field(default=b"", repr=False)

    @property
    def key(self) -> str:
        """A name for the result: the same for everything that decides it, another one for all else."""
        digest = hashlib.sha256()
        parts = [self.submitted, self.full, str(self.seed), str(self.timeout), kit()]
        for part in [*(text.encode() for text in parts), self.images]:
            digest.update(hashlib.sha256(part).digest())
        for name, content in sorted(self.files.items()):
            digest.update(hashlib.sha256(name.encode()).digest() + hashlib.sha256(content).digest())
        return digest.hexdigest()


@functools.cache
def kit() -> str:
    """A digest of the code that judges: a mended check judges anew."""
    digest = hashlib.sha256()
    for folder in (Path(__file__).parent, Path(helpers.__file__).parent):
        for path in sorted([*folder.glob("*.py"), *folder.glob("*.json")]):
            digest.update(path.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True)
class Outcome:
    """What became of a job: verdicts and outputs; failed says why it could not be done, which is nobody's zero."""

    verdicts: dict[str, Verdict] = field(default_factory=dict)
    outputs: dict[str, list] = field(default_factory=dict)
    seconds: float = 0.0
    failed: str = ""

    def as_json(self) -> str:
        """The outcome as a text."""
        verdicts = {name: astuple(verdict) for name, verdict in self.verdicts.items()}
        return json.dumps({**vars(self), "verdicts": verdicts})

    @classmethod
    def from_json(cls, text: str) -> "Outcome":
        """An outcome from its text. Raises ValueError, KeyError or TypeError for any other text."""
        told = json.loads(text)
        # Earlier versions did not tell whether it was a hidden part.
        verdicts = {name: Verdict(*[*verdict, None][:4]) for name, verdict in told["verdicts"].items()}
        return cls(verdicts, told["outputs"], told["seconds"], told["failed"])
