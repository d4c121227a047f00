"""What students get: these files and no others, the same bytes each time, and nothing in them that gives an answer away."""

import json
import re
import tomllib
import zipfile

import pytest
import yaml
from click.testing import CliRunner

from autograde.build import as_text
from autograde.cells import is_test, is_written
from autograde.cli import main
from autograde.course import Course, CourseError
from autograde.leaks import leaks, secrets_of
from autograde.planted import all_patches, answer, answers_of, restore_tests
from autograde.release import bundle, release
from autograde.students import FILES
from helpers.bundle import RELEASE, read_bundle
from tests.small_course import write_course


@pytest.fixture(scope="module")
def files(course, built):
    return bundle(course, [item.name for item in built])


@pytest.fixture(scope="module")
def secrets(course, built):
    return secrets_of(built, all_patches(course), seed="1234567890123456789")


def test_students_get_these_files_and_no_others(course, built, files):
    helpers = {f"helpers/{path.name}" for path in (course.root / "helpers").glob("*.*")}
    notebooks = {f"notebooks/{item.filename}" for item in built}
    assert set(files) == {*FILES, "README.md", RELEASE, *helpers, *notebooks}
    made = {"README.md", "environment.yml", RELEASE}
    assert all(files[name] == (course.root / name).read_bytes() for name in set(files) - made)


def test_students_environment_is_what_pyproject_says_they_need(course, files):
    made = yaml.safe_load(files["environment.yml"])
    project = tomllib.loads((course.root / "pyproject.toml").read_text())["project"]
    wanted = {line.replace("torch>", "pytorch-cpu>") for line in project["dependencies"]}
    assert set(made["dependencies"][1:-2]) == wanted
    assert made["dependencies"][-2:] == ["pip", {"pip": ["-e ."]}]


def test_nothing_that_students_get_gives_an_answer_away(files, secrets):
    assert [str(leak) for leak in leaks(files, secrets)] == []


def test_the_scan_looks_for_every_solution_hidden_test_and_planted_answer(course, built, secrets):
    """Each of them is found where it stands: a scan that is blind for one would pass for ever."""
    names = [secret.what for secret in secrets]
    full = [cell for item in built for cell in item.full.cells]
    assert sum(name.startswith("the solution") for name in names) == sum(c.source.count("BEGIN SOLUTION") for c in full)
    assert sum(name.startswith("the hidden") for name in names) == sum("BEGIN HIDDEN TESTS" in c.source for c in full)
    assert sum(name.startswith("the written") for name in names) == sum(map(is_written, full))
    shown = {}
    for item in built:  # as a student would write it, and with the tests that grading runs
        notebook = restore_tests(item, answer(item, answers_of(item.full)))
        for cell in filter(is_test, notebook.cells):
            cell.source = re.sub(r"^.*(BEGIN|END) HIDDEN TESTS.*$", "", cell.source, flags=re.MULTILINE)
        shown[item.filename] = as_text(notebook).encode()
    found = {leak.what for leak in leaks(shown, secrets)}
    assert {name for name in names if name.startswith(("the solution", "the hidden", "the written"))} <= found
    for patch in all_patches(course):
        planted = {cell: source.encode() for cell, source in patch.cells.items()}
        own = [secret for secret in secrets if secret.what.startswith(f"the planted {patch.name} (")]
        assert {leak.what for leak in leaks(planted, own)} == {secret.what for secret in own}, patch.name
        assert len(own) == len(planted)


@pytest.mark.parametrize(
    ("file", "text", "what"),
    [
        ("helpers/x.py", "label_scores  =  shifted[ np.arange(len(y)),y ]", "the solution of q1b-cross-entropy"),
        (
            "helpers/x.json",
            json.dumps({"a": ["label_scores = shifted[np.arange(len(y)), y]"]}),
            "the solution of q1b-cross-entropy",
        ),
        (
            "notebooks/x.ipynb",
            json.dumps(["label_scores = shifted[\n", "  np.arange(len(y)), y]"]),
            "the solution of q1b-cross-entropy",
        ),
        ("x.md", "seed 1234567890123456789", "the course's seed"),
        ("x.py", "### BEGIN HIDDEN TESTS", "a marker of solutions or hidden tests"),
    ],
)
def test_a_leak_is_found_wherever_and_however_it_is_written(secrets, file, text, what):
    assert what in {leak.what for leak in leaks({file: text.encode()}, secrets)}


@pytest.fixture
def small(tmp_path):
    """A small course with the files that a release takes, and what is built from it."""
    built = write_course(tmp_path / "course")
    course = Course(tmp_path / "course")
    for name in (*FILES, "helpers/__init__.py"):
        path = course.root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("#\n")
    course.notebooks.mkdir()
    (course.notebooks / built[0].filename).write_text(as_text(built[0].release))
    return course, built


def test_a_release_says_its_version_and_is_the_same_each_time(small, tmp_path):
    course, built = small
    version = release(course, built, [], tmp_path / "student.zip", ["01_small"])
    first = (tmp_path / "student.zip").read_bytes()
    assert re.fullmatch(r"\d+\.\d+\.\d+\+[0-9a-f]{8}", version)
    assert release(course, built, [], tmp_path / "student.zip", ["01_small"]) == version
    assert (tmp_path / "student.zip").read_bytes() == first
    told, files = read_bundle(tmp_path / "student.zip")
    assert told.version == version
    assert f"Version {version}." in files["README.md"].decode()
    with zipfile.ZipFile(tmp_path / "student.zip") as archive:
        top = f"network-from-scratch-{version.replace('+', '-')}"
        assert {name.partition("/")[0] for name in archive.namelist()} == {top}
        assert archive.getinfo(f"{top}/setup.sh").external_attr >> 16 == 0o755
    release(course, built, [], tmp_path / "folder", ["01_small"])
    assert read_bundle(tmp_path / "folder") == (told, files)
    (course.root / "helpers" / "__init__.py").write_text("A = 1\n")
    assert release(course, built, [], tmp_path / "student.zip", ["01_small"]) != version


def test_nothing_is_released_that_leaks_or_over_something_else(small, tmp_path):
    course, built = small
    for name, content in (("other.zip", "not ours"), ("folder/file", "")):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    for target, says in (("other.zip", "is no release"), ("folder", "is not empty"), ("folder/file", "is not empty")):
        with pytest.raises(CourseError, match=says):
            release(course, built, [], tmp_path / target, ["01_small"])
    (course.root / "helpers" / "leak.py").write_text("return 2*x + 0*x + 0 * x")
    with pytest.raises(CourseError, match=r"helpers/leak\.py shows the solution of q1-double"):
        release(course, built, [], tmp_path / "student.zip", ["01_small"])
    assert not (tmp_path / "student.zip").exists()
    (course.root / "helpers" / "leak.py").write_text("# 424242424242424242")
    course.gradebook.mkdir()
    (course.gradebook / "nbgrader_config.py").write_text("c = 1\nc.Examine.seed = 424242424242424242\n")
    with pytest.raises(CourseError, match="shows the course's seed"):
        release(course, built, [], tmp_path / "student.zip", ["01_small"])


def test_a_notebook_is_not_taken_for_a_target(small, monkeypatch):
    course, _ = small
    monkeypatch.chdir(course.root)
    done = CliRunner().invoke(main, ["release", "01_small"])
    assert done.exit_code == 2
    assert "course release student.zip 01_small" in done.output


def test_the_students_readme_names_commands_that_are_there(files):
    text = files["README.md"].decode()
    for module in set(re.findall(r"python -m (helpers\.\w+)", text)):
        assert f"{module.replace('.', '/')}.py" in files
    assert "`01_feedforward`: 1 · Feed-forward" in text
    assert "course release" not in text
    assert "$" not in text
