"""A small class for `course demo`: eight students, their mistakes, and what they hand in."""

import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
from nbformat import NotebookNode
from nbformat.v4 import reads

from autograde.build import Built, as_text
from autograde.course import CourseError
from autograde.planted import Patch, answer, answers_of
from autograde.trained import MODEL, TWO_LAYER
from helpers.weights import load_weights, save_weights

#: Each student's mistakes: names of planted submissions (tests/submissions/), all else being right.
CLASS = {
    "ada": (),
    "ben": ("softmax-over-axis-0", "scores-one-hot-missing", "train-rate-never-decayed"),
    "carla": ("loss-half-penalty", "weights-half-penalty", "momentum-sign"),
    "dmitri": ("affine-with-loop", "backward-numerical"),
    "emi": ("correct-einsum", "correct-sgd-in-one-piece"),
    "farid": ("hidden-mask-missing", "mistake-norm-spectral"),
    "grace": ("correct-progress-bars", "backward-misspelt-name", "mlp-softmax-in-forward", "epoch-no-zero-grad"),
    "hugo": ("loss-log-base-2",),
}
#: How many of the notebooks each of them has got to.
NOTEBOOKS_OF = {"ada": 8, "ben": 3, "carla": 3, "dmitri": 2, "emi": 6, "farid": 2, "grace": 4, "hugo": 1}
#: Who hands in which trained weights. Ben's run diverged.
WEIGHTS_OF = {"ada": (TWO_LAYER, MODEL), "ben": (TWO_LAYER,), "emi": (TWO_LAYER, MODEL), "grace": (TWO_LAYER,)}
DIVERGED = "ben"
#: Who hands in notebooks with figures in them, and how many hours before the last one each of them does.
WITH_FIGURES = ("ada", "emi")
HOURS_BEFORE = {"ada": 3, "ben": 50, "carla": 21, "dmitri": 0, "emi": 9, "farid": 2, "grace": 1, "hugo": 31}


def refuse_other_course(patches: list[Patch]) -> None:
    """Raise CourseError when the course lacks the mistakes that the class makes."""
    if not {name for mistakes in CLASS.values() for name in mistakes} <= {patch.name for patch in patches}:
        raise CourseError(
            "the class of `course demo` takes the kit's own course. Grade what your students hand in: course grade"
        )


def submit_class(
    built: list[Built], patches: list[Patch], trained: list[Path], folder: Path, solutions: Path | None = None
) -> None:
    """Write every student's notebooks and weights into a folder of their own. trained: what `trained.train_and_save` wrote.

    solutions: a folder with the executed solutions, whose outputs some of them have in their notebooks.
    """
    by_name = {patch.name: patch for patch in patches}
    for student, mistakes in CLASS.items():
        cells = {key: source for name in mistakes for key, source in by_name[name].cells.items()}
        (folder / student).mkdir(parents=True)
        for item in built[: NOTEBOOKS_OF[student]]:
            notebook = answer(item, answers_of(item.full) | cells)
            if solutions and student in WITH_FIGURES:
                _take_outputs(notebook, solutions / item.filename)
            (folder / student / item.filename).write_text(as_text(notebook), encoding="utf-8")
        for path in trained:
            if path.name in WEIGHTS_OF.get(student, ()):
                shutil.copyfile(path, folder / student / path.name)
    _diverge(folder / DIVERGED / TWO_LAYER)
    for student in CLASS:
        when = (datetime.now() - timedelta(hours=HOURS_BEFORE[student])).timestamp()
        for path in (folder / student).iterdir():
            os.utime(path, (when, when))


def _take_outputs(notebook: NotebookNode, solution: Path) -> None:
    """Give a notebook's cells what they show in the executed solution."""
    shown = {cell.id: cell.get("outputs", []) for cell in reads(solution.read_text(encoding="utf-8")).cells}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = shown.get(cell.id, [])


def _diverge(path: Path) -> None:
    """Make the weights in a file those of a run that ended in nan."""
    weights = load_weights(path)
    params = {name: np.full_like(value, np.nan) for name, value in weights.params.items()}
    save_weights(path, params, weights.classes)
