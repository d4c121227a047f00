"""A small class for `course demo`: eight students, their mistakes, and what they hand in."""

from pathlib import Path

from autograde.build import Built, as_text
from autograde.planted import Patch, answer, answers_of

#: Each student's mistakes: names of planted submissions (tests/submissions/), all else being right.
CLASS = {
    "ada": (),
    "ben": ("softmax-over-axis-0", "scores-one-hot-missing"),
    "carla": ("loss-half-penalty", "weights-half-penalty"),
    "dmitri": ("affine-with-loop", "backward-numerical"),
    "emi": ("correct-einsum",),
    "farid": ("hidden-mask-missing", "mistake-norm-spectral"),
    "grace": ("correct-progress-bars", "backward-misspelt-name"),
    "hugo": ("loss-log-base-2",),
}
#: Hugo has not got to the second notebook yet.
NOTEBOOKS_OF = {"hugo": ("01_feedforward",)}


def submit_class(built: list[Built], patches: list[Patch], folder: Path) -> None:
    """Write every student's notebooks into a folder of their own."""
    by_name = {patch.name: patch for patch in patches}
    for student, mistakes in CLASS.items():
        cells = {key: source for name in mistakes for key, source in by_name[name].cells.items()}
        (folder / student).mkdir(parents=True)
        for item in built:
            if item.name in NOTEBOOKS_OF.get(student, (item.name,)):
                notebook = answer(item, answers_of(item.full) | cells)
                (folder / student / item.filename).write_text(as_text(notebook), encoding="utf-8")
