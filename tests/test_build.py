"""Sources become notebooks: stable, fresh, equal to nbgrader's own release, with nothing of the answers in them."""

import shutil

import nbformat
import pytest

from autograde import cells
from autograde.build import as_text, read_course, solve, stale, write
from autograde.course import Course, CourseError
from autograde.gradebook import CourseFolder


def test_committed_notebooks_follow_from_their_sources(course, built):
    assert stale(course, built) == []


def test_rebuilds_are_byte_identical(course, built):
    again = read_course(course)
    assert [as_text(item.release) for item in again] == [as_text(item.release) for item in built]
    assert [as_text(item.full) for item in again] == [as_text(item.full) for item in built]


def test_the_release_is_what_nbgrader_makes(built, tmp_path):
    folder = CourseFolder(tmp_path / "gradebook")
    folder.publish(built)
    for item in built:
        made = nbformat.read(folder.path("release") / item.filename, as_version=4)
        assert made == item.release, item.name


def test_cell_ids_are_unique_and_name_their_exercise(built):
    for item in built:
        ids = [cell.id for cell in item.release.cells]
        assert len(ids) == len(set(ids))
        assert all(cell.id == cells.grade_id(cell) for cell in item.release.cells if cells.marks(cell))


def test_released_cells_are_locked_but_for_solutions(built):
    for cell in (cell for item in built for cell in item.release.cells if cells.marks(cell)):
        assert cell.metadata.get("editable", True) == cells.is_solution(cell), cell.id
        assert cell.metadata["deletable"] is False, cell.id


def test_no_answer_reaches_students(course, built):
    for item in built:
        text = (course.notebooks / item.filename).read_text()
        for word in ("BEGIN SOLUTION", "HIDDEN TESTS", "autograde", "truth.", "fresh_inputs"):
            assert word not in text, (item.name, word)


def test_solutions_are_executed_with_figures(course, built):
    for item in built:
        notebook = nbformat.read(course.solutions / item.filename, as_version=4)
        outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
        figures = [output for output in outputs if "image/png" in output.get("data", {})]
        assert figures
        assert all(figure.metadata["image/png"]["alt"] for figure in figures)
        assert not [output for output in outputs if output.get("name") == "stderr"]


@pytest.fixture
def small(course, tmp_path):
    """A copy of the course with one small notebook, and what is built from it."""
    source = tmp_path / "source" / "01_small.py"
    source.parent.mkdir()
    text = (course.root / "source" / "01_feedforward.py").read_text()
    source.write_text(text[: text.index("# %% [markdown]\n# ## From one column")])
    copy = Course(tmp_path)
    built = read_course(copy)
    write(copy, built, solve(built))
    return copy


def test_a_build_is_not_stale_and_writes_nothing_twice(small):
    built = read_course(small)
    assert stale(small, built) == []
    before = {path: path.read_bytes() for path in small.notebooks.iterdir()}
    changed = write(small, built, solve(built))
    assert all(path.parent == small.solutions for path in changed)
    assert before == {path: path.read_bytes() for path in small.notebooks.iterdir()}


def edit_source(course):
    path = course.sources[0]
    path.write_text(path.read_text().replace("Learn the loop", "Learn  the loop"))


def edit_notebook(course):
    path = course.notebooks / "01_small.ipynb"
    path.write_text(path.read_text().replace("Learn the loop", "Learn it"))


def edit_solution(course):
    path = course.solutions / "01_small.ipynb"
    path.write_text(path.read_text().replace("return D * H", "return 1 * H"))


def clear_solution(course):
    path = course.solutions / "01_small.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    nbformat.write(notebook, path)


def fail_solution(course):
    path = course.solutions / "01_small.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[-1].outputs = [nbformat.v4.new_output("error", ename="E", evalue="", traceback=[])]
    nbformat.write(notebook, path)


def delete_notebook(course):
    (course.notebooks / "01_small.ipynb").unlink()


def add_orphan(course):
    shutil.copy(course.notebooks / "01_small.ipynb", course.notebooks / "09_old.ipynb")


@pytest.mark.parametrize(
    ("change", "file", "problem"),
    [
        (edit_source, "notebooks/01_small.ipynb", "differs from its source"),
        (edit_source, "solutions/01_small.ipynb", "differs from its source"),
        (edit_notebook, "notebooks/01_small.ipynb", "differs from its source"),
        (edit_solution, "solutions/01_small.ipynb", "differs from its source"),
        (clear_solution, "solutions/01_small.ipynb", "was not executed"),
        (fail_solution, "solutions/01_small.ipynb", "holds an error"),
        (delete_notebook, "notebooks/01_small.ipynb", "is missing"),
        (add_orphan, "notebooks/09_old.ipynb", "has no source"),
    ],
)
def test_every_way_to_be_stale_is_named(small, change, file, problem):
    change(small)
    assert (file, problem) in [(small.shown(path), found) for path, found in stale(small, read_course(small))]


def test_a_rebuild_removes_notebooks_without_source(small):
    add_orphan(small)
    built = read_course(small)
    write(small, built, solve(built))
    assert stale(small, built) == []


def test_a_folder_without_sources_is_no_course(tmp_path):
    with pytest.raises(CourseError, match=r"no folder above it has source/NN_name\.py"):
        Course.find(tmp_path)


def test_a_students_work_is_never_overwritten_or_removed(small):
    built = read_course(small)
    path = small.notebooks / "01_small.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.id == "q1-warmup":
            cell.source = "def number_of_parameters(D, H, K):\n    return 7"
    nbformat.write(notebook, path)
    scratch = small.notebooks / "scratch.ipynb"
    nbformat.write(nbformat.v4.new_notebook(), scratch)
    with pytest.raises(CourseError, match=r"notebooks/01_small.ipynb holds somebody's work \(q1-warmup\)"):
        write(small, built, solve(built))
    assert "return 7" in path.read_text()
    path.unlink()
    write(small, built, solve(built))
    assert scratch.exists()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: text.replace("draw_network((4, 10, 3))", "1 / 0"), "cell 01-network-figure: ZeroDivisionError"),
        (lambda text: text.replace("#   kernelspec:", "#   kernel:"), "has no kernelspec in its header"),
    ],
)
def test_a_source_that_cannot_be_built_is_one_clear_line(small, change, says):
    path = small.sources[0]
    path.write_text(change(path.read_text()))
    with pytest.raises(CourseError, match=says):
        solve(read_course(small))
