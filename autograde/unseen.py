"""Labelled images that no student has: what handed-in weights are judged on."""

import os
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from autograde.course import CourseError
from autograde.trouble import told
from helpers import synthetic
from helpers.data import DataError, as_rows, read_folder
from helpers.exercise import SEED_VARIABLE
from helpers.verdicts import NotGraded

#: Names the file that `keep` wrote, for the process that examines.
FILE_VARIABLE = "COURSE_UNSEEN"
#: An accuracy near one half on so many images has a standard error of 1.1 points.
COUNT = 2000


def keep(folder: Path, file: Path) -> None:
    """Take COUNT images of a folder with one folder for each class, and keep them in a file for all submissions.

    Raises CourseError when they cannot be read.
    """
    try:
        classes, X, y = read_folder(folder, COUNT, np.random.default_rng(0))
    except (DataError, OSError) as error:
        raise CourseError(f"--images: {told(error)}") from None
    draft = file.with_suffix(".draft.npz")
    np.savez(draft, X=X, y=y, classes=np.array(classes))
    draft.replace(file)


def images(classes: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Rows of raw pixels X (N, D), float32, and labels y (N,), of the set that has these classes.

    They come from the instructor's folder, or are a fresh draw of the synthetic set, the same for the whole class.
    Raises NotGraded when the grader has no images with these classes.
    """
    if tuple(classes) == synthetic.CLASSES:
        secret = os.environ.get(SEED_VARIABLE)
        rng = np.random.default_rng([int(secret), zlib.crc32(b"unseen")] if secret else None)
        X, y = synthetic.synthetic_images(COUNT, rng)
        return as_rows(X), y
    file = os.environ.get(FILE_VARIABLE, "")
    if Path(file).is_file():
        with np.load(file, allow_pickle=False) as kept:
            if tuple(kept["classes"]) == tuple(classes):
                return as_rows(kept["X"]), kept["y"]
    raise NotGraded(
        "the grader has no images with the classes of this network.",
        f"yours     {', '.join(name[:20] for name in list(classes)[:4])}, ...",
        "The instructor can name a folder of them (course grade ... --images FOLDER), or mark this by hand.",
    )
