"""The notebooks in real JupyterLab, as students use them: in a browser, with mouse or keyboard, also enlarged.

Nothing may leave the machine, and nothing may go wrong on the console. Images are tiny and easy, so that training takes
seconds. COURSE_SCREENSHOTS=FOLDER keeps the screenshots there, and adds all of every notebook as it stands at the end.
"""

import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from autograde.build import Built, as_text
from autograde.cells import is_test, marks
from autograde.planted import Patch, all_patches, answer, answers_of
from autograde.release import release
from tests import browser as browsers
from tests.jupyterlab import Lab, Notebook, serving

#: A notebook, and a mistake in it that its visible check knows by name.
MISTAKES = {
    "01_feedforward": "softmax-over-axis-0",
    "02_backprop": "scores-sign-flipped",
    "03_sgd": "momentum-sign",
    "04_pytorch": "mlp-activation-on-output",
}
#: Fewer and shorter runs than the solution's.
SHORT_SEARCH = {
    "q3b-search": """
coarse = search(run, grid(learning_rate=[1e-3, 1e-2], reg=[1e-3], iterations=[50]), file=f"coarse-{images.name}.jsonl")
fine = search(run, grid(learning_rate=[5e-3, 1e-2], reg=[1e-3], iterations=[100]), file=f"fine-{images.name}.jsonl")
fine.sort_values("validation", ascending=False)
""".strip()
}


@pytest.fixture(scope="module")
def easy_images(tmp_path_factory) -> Path:
    """A folder of tiny images, of one colour for each class and a little noise: a network learns them in a second."""
    folder = tmp_path_factory.mktemp("easy")
    rng = np.random.default_rng(0)
    colours = rng.integers(40, 216, size=(10, 1, 1, 3))
    for part, count in (("train", 1600), ("test", 200)):
        for number in range(count):
            label = number % 10
            path = folder / part / f"class {label}" / f"{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            pixels = colours[label] + rng.integers(-40, 41, size=(8, 8, 3))
            Image.fromarray(pixels.astype(np.uint8)).save(path)
    return folder


@pytest.fixture(scope="module")
def lab(browser, course, built, tmp_path_factory, easy_images) -> Iterator[Lab]:
    """JupyterLab on what `course release` gives to students, with their copy of the helpers."""
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("course")
    release(course, built, all_patches(course), folder, list(MISTAKES))
    environment = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    environment |= {"PYTHONPATH": str(folder), "COURSE_IMAGES": str(easy_images), "COURSE_DATA": str(home / "cache")}
    with serving(folder / "notebooks", home, environment) as lab:
        yield lab


@pytest.fixture(scope="module")
def mistakes(course) -> dict[str, Patch]:
    """The planted mistakes by name."""
    return {patch.name: patch for patch in all_patches(course)}


@pytest.fixture
def screenshots(tmp_path) -> Path:
    """Where screenshots go."""
    folder = Path(os.environ.get("COURSE_SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def page(watched) -> Page:
    return watched.context.new_page()


@pytest.fixture
def answered(lab, built) -> Iterator[Lab]:
    """The students' folder with everything answered; afterwards as it was."""
    before = {path: path.read_bytes() for path in lab.folder.glob("*.ipynb")}
    for item in built[: len(MISTAKES)]:
        (lab.folder / item.filename).write_text(as_text(_answered(item)), encoding="utf-8")
    yield lab
    for path, content in before.items():
        path.write_bytes(content)


def _answered(item: Built, *, but: str = "") -> nbformat.NotebookNode:
    """The released notebook with all answers, or all but one."""
    right = answers_of(item.full)
    return answer(item, {key: SHORT_SEARCH.get(key, source) for key, source in right.items() if key != but})


@pytest.mark.parametrize("name", MISTAKES)
def test_a_student_gets_from_a_wrong_answer_to_a_notebook_that_passes(
    answered, page, course, built, mistakes, name, screenshots
):
    item = next(item for item in built if item.filename == f"{name}.ipynb")
    ((exercise, wrong),) = mistakes[MISTAKES[name]].cells.items()
    check = f"{exercise}-test"
    (answered.folder / item.filename).write_text(as_text(_answered(item, but=exercise)), encoding="utf-8")
    notebook = Notebook(page, answered, item.filename)

    cells = item.release.cells
    locked = {cell.id for cell in cells if cell.metadata.get("nbgrader", {}).get("locked")}
    assert notebook.read_only() == locked
    assert locked >= {cell.id for cell in cells if is_test(cell)}
    before = notebook.source(check)
    notebook.type(check, "pass")
    assert notebook.source(check) == before

    notebook.run_above(exercise)
    assert not notebook.raised()
    notebook.type(exercise, wrong)
    notebook.run(exercise)
    assert mistakes[MISTAKES[name]].says in notebook.run(check)
    page.screenshot(path=screenshots / f"{name}-wrong.png")

    notebook.type(exercise, answers_of(item.full)[exercise])
    notebook.run(exercise)
    assert f"✓ {exercise} passed" in notebook.run(check)

    number = name[:2]
    notebook.run_above(f"{number}-hand-in")
    assert notebook.raised() == {}
    points = sum(marks(cell)["points"] for cell in cells if is_test(cell))
    assert f"Checks pass for {points} of {points} points" in notebook.told(f"{number}-points")
    figures = notebook.figures()
    assert set(figures) == _drawn(course.solutions / item.filename)
    assert min(width for widths in figures.values() for width in widths) > 100
    assert notebook.formulas() == _displayed(_answered(item))
    notebook.save()
    assert "Success! Your notebook passes all the tests." in notebook.validate(screenshots / f"{name}-validated.png")
    if "COURSE_SCREENSHOTS" in os.environ:
        notebook.photograph(screenshots, name)


def test_the_last_cell_hands_in_what_is_saved(answered, page, built, screenshots):
    (answered.folder / "submission.zip").unlink(missing_ok=True)
    item = built[0]
    (answered.folder / item.filename).write_text(as_text(_answered(item, but="q1-warmup")), encoding="utf-8")
    for name in ("02_backprop", "03_sgd", "04_pytorch"):
        (answered.folder / f"{name}.ipynb").unlink()
    notebook = Notebook(page, answered, item.filename)
    notebook.type("q1-warmup", answers_of(item.full)["q1-warmup"])
    notebook.run("q1-warmup")
    assert "Save first (Ctrl-S)" in notebook.run("01-hand-in")
    notebook.save()
    told = notebook.run("01-hand-in")
    assert "submission.zip is written" in told
    assert "8 of 8 exercises pass" in told
    page.screenshot(path=screenshots / "handed-in.png")
    assert set(zipfile.ZipFile(answered.folder / "submission.zip").namelist()) == {item.filename, "receipt.json"}


def test_the_keyboard_alone_is_enough(lab, page, built, mistakes, screenshots):
    exercise, wrong = "q1-warmup", mistakes["warmup-biases-forgotten"]
    notebook = Notebook(page, lab, "01_feedforward.ipynb")
    keys = page.keyboard
    notebook.wait_for_focus(notebook.ids[0])  # without a click
    for _ in range(notebook.ids.index(exercise)):
        keys.press("Shift+Enter")
    notebook.wait_for_focus(exercise)
    keys.press("Enter")
    keys.press("Control+A")
    keys.insert_text(wrong.cells[exercise])
    keys.press("Shift+Enter")
    notebook.wait_for_focus(f"{exercise}-test")
    keys.press("Shift+Enter")
    notebook.wait_until_run(f"{exercise}-test")
    assert "counts the biases, too" in notebook.told(f"{exercise}-test")
    notebook.save()
    saved = next(cell for cell in notebook.on_disk()["cells"] if cell["id"] == exercise)
    assert "".join(saved["source"]) == wrong.cells[exercise]

    keys.press("Shift+Tab")  # from the cells to the toolbar
    for _ in range(20):
        if notebook.focused() == "Validate":
            break
        keys.press("ArrowRight")
    keys.press("Enter")
    assert notebook.validation().count("counts the biases, too") == 2  # in the check, and in what it says
    page.screenshot(path=screenshots / "keyboard-validated.png")
    keys.press("Enter")
    expect(page.locator(".jp-Dialog")).to_have_count(0)


def test_enlarged_to_200_percent_a_message_is_read_without_scrolling_sideways(lab, browser, mistakes, screenshots):
    wrong = mistakes[MISTAKES["01_feedforward"]]
    (exercise,) = wrong.cells
    # 1280 x 800 pixels, of which two by two make one.
    with browsers.watched(browser, viewport={"width": 640, "height": 400}, device_scale_factor=2) as seen:
        page = seen.context.new_page()
        notebook = Notebook(page, lab, "01_feedforward.ipynb")
        page.keyboard.press("Control+B")  # the list of files goes
        notebook.run_above(exercise)
        notebook.type(exercise, wrong.cells[exercise])
        notebook.run(exercise)
        page.screenshot(path=screenshots / "enlarged-code.png")
        assert wrong.says in notebook.run(f"{exercise}-test")
        page.screenshot(path=screenshots / "enlarged-message.png")
        assert notebook.fits_the_page(exercise, ".cm-scroller")
        assert notebook.fits_the_page(f"{exercise}-test", ".jp-OutputArea")


def _displayed(notebook: nbformat.NotebookNode) -> int:
    """How many formulas stand between `$$` and `$$` in a notebook's text."""
    text = [re.sub("`[^`]*`", "", cell.source) for cell in notebook.cells if cell.cell_type == "markdown"]
    return sum(source.count("$$") for source in text) // 2


def _drawn(path: Path) -> set[str]:
    """The cells of an executed notebook that show an image."""
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    return {cell.id for cell in cells for output in cell.outputs if "image/png" in output.get("data", {})}
