"""The notebooks as students meet them, and hidden tests that never raise a false alarm."""

import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import numpy as np
import pytest
from PIL import Image

from autograde.build import as_text
from autograde.cells import SKIP_TAG, is_test, is_written
from autograde.execute import execute
from autograde.planted import answer, answers_of
from helpers.data import DIGITS_VARIABLE, SOURCE_VARIABLE
from helpers.digits import synthetic_digits
from helpers.exercise import SEED_VARIABLE
from helpers.synthetic import synthetic_images
from tests.run_cell import run_cell

#: Judged on trained weights: tests/test_weights.py.
ON_WEIGHTS = {"q3b-weights", "q3b-accuracy", "q4c-weights", "q4c-best"}


def errors_in(cell):
    return [output.ename for output in cell.outputs if output.output_type == "error"]


def errors(notebook):
    return [name for cell in notebook.cells if cell.cell_type == "code" for name in errors_in(cell)]


def test_untouched_notebooks_fail_only_with_not_implemented(built, tmp_path):
    for item in built:
        (tmp_path / item.filename).write_text(as_text(item.release))
    for item in built:
        found = errors(execute(nbformat.from_dict(item.release), tmp_path, skip_tag=SKIP_TAG))
        tests = sum(is_test(cell) for cell in item.release.cells)
        assert set(found) == {"NotImplementedError"}
        assert len(found) >= tests


def test_right_answers_pass_every_visible_check_without_a_word_on_stderr(built, few_images, tmp_path):
    right = [answer(item, answers_of(item.full)) for item in built]
    for item, notebook in zip(built, right, strict=True):
        (tmp_path / item.filename).write_text(as_text(notebook))  # later ones carry from it
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

    def run(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
        return execute(notebook, tmp_path, timeout=1200, environment=one_thread | few_images)

    with ThreadPoolExecutor(2) as pool:  # side by side: some train for a while
        executed = pool.map(run, reversed(right))
    for notebook in executed:
        failed = {cell.id for cell in notebook.cells if cell.cell_type == "code" and errors_in(cell)}
        assert set(errors(notebook)) <= {"WrongValue"}
        assert failed <= {f"{name}-test" for name in ON_WEIGHTS}  # so few images do not train a network
        outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
        assert not [output for output in outputs if output.get("name") == "stderr"]
        for cell in filter(is_test, notebook.cells):
            if cell.id not in failed:
                assert "passed" in "".join(output.text for output in cell.outputs), cell.id


@pytest.fixture
def few_images(tmp_path) -> dict[str, str]:
    """The environment in which notebooks train on folders of so few images that they need seconds."""
    rng = np.random.default_rng(0)
    for name, draw in (("images", synthetic_images), ("digits", synthetic_digits)):
        for part, count in (("train", 1500), ("test", 200)):
            for number, (image, label) in enumerate(zip(*draw(count, rng), strict=True)):
                path = tmp_path / name / part / f"class {label}" / f"{number}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                Image.fromarray(image.squeeze()).save(path)
    return {
        SOURCE_VARIABLE: str(tmp_path / "images"),
        DIGITS_VARIABLE: str(tmp_path / "digits"),
        "COURSE_DATA": str(tmp_path / "place"),
    }


def test_points_add_up_to_what_the_changelog_says(built):
    points = [
        sum(cell.metadata.nbgrader.points for cell in item.full.cells if is_test(cell) or is_written(cell))
        for item in built
    ]
    assert points == [20, 50, 55, 40, 54, 40, 60, 45]


@pytest.mark.parametrize(
    ("number", "seeds"),
    [(0, 50), (1, 50), (2, 10), (3, 5), (4, 10), (5, 10), (6, 5), (7, 5)],  # `course audit --seeds 50` tries more
    ids=[
        "01_feedforward",
        "02_backprop",
        "03_sgd",
        "04_pytorch",
        "05_layers",
        "06_mnist",
        "07_batch_norm",
        "08_convnet",
    ],
)
def test_the_solution_passes_hidden_tests_on_every_seed(built, trained, number, seeds, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("IPython.display.display", lambda *_: None)
    for item in built[:number]:
        Path(item.filename).write_text(as_text(answer(item, answers_of(item.full))))
    for path in trained:
        shutil.copyfile(path, path.name)
    namespace: dict = {"__name__": "__main__"}
    code = [cell for cell in built[number].full.cells if cell.cell_type == "code"]
    cells = [cell for cell in code if SKIP_TAG not in cell.metadata.get("tags", [])]
    for seed in range(seeds):
        monkeypatch.setenv(SEED_VARIABLE, str(seed))
        for cell in filter(is_test, cells) if seed else cells:
            run_cell(cell.source, f"<{cell.id}>", namespace)
    assert "passed on fresh inputs" in capsys.readouterr().out


def test_equations_that_are_referred_to_are_there(course, built):
    cells = [cell.source for item in built for cell in item.full.cells]
    there = {number for text in cells for number in re.findall(r"\\tag\{(\d\.\d+)\}", text)}
    texts = [*cells, course.fingerprints.read_text()]
    named = {number for text in texts for number in re.findall(r"(?<![\w.])\((\d\.\d+)\)", text)}
    assert len(there) > 50
    assert named <= there


def test_cells_that_train_on_images_are_not_run_at_grading(built):
    for item in built[2:]:
        for cell in item.full.cells:
            if cell.cell_type == "code" and ("load_images(" in cell.source or "X_train" in cell.source):
                assert SKIP_TAG in cell.metadata.get("tags", []), cell.id
            if is_test(cell):
                assert SKIP_TAG not in cell.metadata.get("tags", []), cell.id
