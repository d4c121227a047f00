"""A small class for `course demo`: eight students, their mistakes, and what they hand in."""

import shutil
from pathlib import Path

import numpy as np

from autograde.build import Built, as_text
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


def submit_class(built: list[Built], patches: list[Patch], trained: list[Path], folder: Path) -> None:
    """Write every student's notebooks and weights into a folder of their own. trained: what `trained.train_and_save` wrote."""
    by_name = {patch.name: patch for patch in patches}
    for student, mistakes in CLASS.items():
        cells = {key: source for name in mistakes for key, source in by_name[name].cells.items()}
        (folder / student).mkdir(parents=True)
        for item in built[: NOTEBOOKS_OF[student]]:
            notebook = answer(item, answers_of(item.full) | cells)
            (folder / student / item.filename).write_text(as_text(notebook), encoding="utf-8")
        for path in trained:
            if path.name in WEIGHTS_OF.get(student, ()):
                shutil.copyfile(path, folder / student / path.name)
    _diverge(folder / DIVERGED / TWO_LAYER)


def _diverge(path: Path) -> None:
    """Make the weights in a file those of a run that ended in nan."""
    weights = load_weights(path)
    params = {name: np.full_like(value, np.nan) for name, value in weights.params.items()}
    save_weights(path, params, weights.classes)
