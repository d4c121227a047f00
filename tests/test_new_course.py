"""From nothing to a graded class: does a course of one's own do all that the kit's own course does?"""

import csv
import json
import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import requires
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

import helpers
from autograde import authoring
from autograde.audit import audit
from autograde.build import read_course
from autograde.cli import main
from autograde.course import Course
from autograde.diagnosis import keep
from autograde.settings import is_course_name
from autograde.students import helpers_of

DOCUMENTATION = Path(__file__).parents[1] / "docs" / "own-course.md"
NAME, EXERCISE = "statistics-1", "q1-weighted-mean"
NUDGE = "Every value counts the same here: where do the weights come in?"
ANSWERS = {"ada": "np.average(values, weights=weights)", "ben": "np.mean(values)"}
#: What a student does: answer, then run all cells. The student's machine has neither PyTorch nor the instructor's part.
STUDENT = """
import json, sys
from pathlib import Path

sys.path.insert(0, str(Path("..").resolve()))
sys.modules |= dict.fromkeys(("torch", "torchvision", "autograde"))
notebook = json.loads(Path("01_first.ipynb").read_text())
code = {cell["id"]: cell for cell in notebook["cells"] if cell["cell_type"] == "code"}
code["q1-weighted-mean"]["source"] = f"def weighted_mean(values, weights):\\n    return {sys.argv[1]}\\n"
Path("01_first.ipynb").write_text(json.dumps(notebook))
space = {}
for name, cell in code.items():
    try:
        exec("".join(cell["source"]), space)
    except Exception as error:
        print(name, error)
print("helpers of", Path(sys.modules["helpers"].__file__).parent)
"""


def run(*arguments: object, code: int = 0) -> str:
    """What a command says; it must end with this exit code."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.output


@pytest.fixture(scope="module")
def root(needs_room, tmp_path_factory):
    """A new course, built and audited, in which the tests of this module work."""
    with pytest.MonkeyPatch.context() as patch:
        place = tmp_path_factory.mktemp("own")
        patch.chdir(place)
        told = run("new", NAME)
        patch.chdir(place / NAME)
        (place / NAME / "students" / ".venv").mkdir()  # somebody tried the installation there
        (place / NAME / "students" / ".venv" / "pyvenv.cfg").touch()
        commands = re.findall(r"^  course (.+?)(?:  .*)?$", told, re.MULTILINE)
        assert commands == ["build", "audit", f"release ../{NAME}-students"]
        for command in commands:
            run(*command.split())
        yield place / NAME


@pytest.fixture(scope="module")
def students(root) -> Path:
    """What students of it get."""
    return root.parent / f"{NAME}-students"


@pytest.fixture(scope="module")
def seen(root, students) -> dict[str, str]:
    """What two students see while they work and hand in. Carla hands in the notebook as it is. All are graded."""
    shown, submissions = {}, root.parent / "submissions"
    for student, answer in ANSWERS.items():
        work = shutil.copytree(students, root.parent / student) / "notebooks"
        command = [sys.executable, "-c", STUDENT, answer]
        shown[student] = subprocess.run(command, cwd=work, capture_output=True, text=True, check=True).stdout
        (submissions / student).mkdir(parents=True)
        shutil.copyfile(work / "submission.zip", submissions / student / "submission.zip")
    (submissions / "carla").mkdir()
    shutil.copyfile(students / "notebooks" / "01_first.ipynb", submissions / "carla" / "01_first.ipynb")
    run("grade", submissions)
    return shown


def test_a_name_that_is_none_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("Statistics", "1-statistics", "a b", "../a", "a--b", "-a", "a" * 41, "a\n", ""):
        assert not is_course_name(name)
        run("new", "--", name, code=2)
    assert not list(tmp_path.iterdir())


def test_nothing_that_is_there_is_overwritten(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / NAME).mkdir()
    (tmp_path / "notes").write_text("mine")
    run("new", "notes", code=1)
    (tmp_path / NAME / "notes").write_text("mine")
    assert "is not empty" in run("new", NAME, code=1)
    assert [path.name for path in (tmp_path / NAME).iterdir()] == ["notes"]
    (tmp_path / NAME / "notes").unlink()
    run("new", NAME)
    assert (tmp_path / NAME / ".gitignore").exists()


def test_a_new_course_is_whole(root):
    assert "2 mistakes" in run("mistakes")
    assert "1 notebooks are up to date" in run("build", "--check")
    (audited,) = json.loads((root / "source" / "audit.json").read_text())["01_first"]["exercises"].values()
    assert audited["kept"] == 0 < audited["slips"]
    assert audited["mistakes"] == audited["noticed"] == audited["named"] == 2
    assert audited["right"] == audited["pass"] == 2


def test_what_it_does_not_have_is_said(root):
    assert "this course has no handout" in run("handout", code=1)
    assert "this course has no handout" in run("handout", "--check", code=1)
    assert "the kit's own course" in run("demo", code=1)
    assert "the kit's own course" in run("site", "site", code=1)
    assert not (root / "demo").exists()


def test_students_get_their_texts_the_helpers_and_the_courses_own_fingerprints(root, students):
    files = {str(path.relative_to(students)) for path in students.rglob("*") if path.is_file()}
    texts = {name for name in files if not name.startswith("helpers/")}
    assert texts == {"README.md", "environment.yml", "pyproject.toml", "release.json", "notebooks/01_first.ipynb"}
    own = Path(helpers.__file__).parent
    for name in files - texts:
        source = root / "source" if name == "helpers/fingerprints.json" else own
        assert (students / name).read_bytes() == (source / Path(name).name).read_bytes()
    text = "".join((students / name).read_text() for name in texts)
    assert "BEGIN" not in text
    assert "np.average" not in text  # the hidden test's truth


def test_a_course_without_fingerprints_does_not_get_the_kits(tmp_path):
    files = helpers_of(Course(tmp_path))
    assert files["helpers/checks.py"] == Path(helpers.__file__).with_name("checks.py")
    assert "helpers/fingerprints.json" not in files


def test_students_install_what_the_kit_asks_for_but_pytorch(students):
    project = tomllib.loads((students / "pyproject.toml").read_text())["project"]
    conda = yaml.safe_load((students / "environment.yml").read_text())
    wanted = {line for line in requires("network-from-scratch") if "extra" not in line and not line.startswith("torch")}
    assert set(project["dependencies"]) == wanted
    assert conda["name"] == NAME
    python, *packages, pip, own = conda["dependencies"]
    assert (python, pip, own) == (f"python{project['requires-python']}", "pip", {"pip": ["-e ."]})
    assert packages == project["dependencies"]


def test_a_student_is_told_the_mistake_and_hands_in(seen, root):
    assert f"{EXERCISE}-test {EXERCISE}: weighted_mean(values, weights) is wrong." in seen["ben"]
    assert NUDGE in seen["ben"]
    assert f"✓ {EXERCISE}: passed" in seen["ada"]
    for student, points in (("ada", 2), ("ben", 0)):
        assert f"helpers of {root.parent / student / 'helpers'}" in seen[student]
        assert f"{points} of 2 points" in seen[student]


def test_a_class_is_graded(seen, root):
    with (root / "marks" / "grades.csv").open() as file:
        assert {row["student"]: (row[EXERCISE], row["max"]) for row in csv.DictReader(file)} == {
            "ada": ("2", "2"),
            "ben": ("0", "2"),
            "carla": ("0", "2"),
        }
    with (root / "marks" / "reasons.csv").open() as file:
        reasons = {row["student"]: (row["reason"], row["message"].splitlines()[-1:]) for row in csv.DictReader(file)}
    assert reasons["ben"] == ("wrong value", [NUDGE])
    assert reasons["carla"][0] == "not attempted"
    assert NUDGE in (root / "marks" / "feedback" / "ben" / "index.html").read_text()
    assert NUDGE in (root / "marks" / "report.html").read_text()
    assert "No mark changes" in run("regrade", "--preview")


def test_nothing_is_called_after_the_kits_own_course(seen, root, students):
    assert (root / "gradebook" / "autograded" / "ben" / NAME / "01_first.ipynb").exists()
    made = [
        path for name in ("notebooks", "solutions", "source", "marks", "gradebook") for path in (root / name).rglob("*")
    ]
    made += [path for path in students.rglob("*") if path.parent != students / "helpers"]
    for path in (path for path in made if path.suffix != ".pyc"):
        text = path.read_bytes().lower() if path.is_file() else b""
        for word in ("network-from-scratch", "neural"):
            assert word not in path.name
            assert word.encode() not in text, path


def test_the_exercise_in_the_documentation_can_be_added(root, tmp_path, workers):
    shutil.copytree(root / "source", tmp_path / "source")
    examples = re.findall(r"^```python[^\n]*\n(.*?)^```", DOCUMENTATION.read_text(), re.MULTILINE | re.DOTALL)
    cells, mistake = examples
    source = tmp_path / "source" / "01_first.py"
    before, hand_in = source.read_text().split("# %% [markdown]\n# ## Hand in")
    source.write_text(f"{before}{cells}\n# %% [markdown]\n# ## Hand in{hand_in}")
    planted = tmp_path / "tests" / "submissions" / "spread-n-minus-1.py"
    planted.parent.mkdir(parents=True)
    planted.write_text(mistake)
    course = Course(tmp_path)
    built = read_course(course)
    assert authoring.check_text(built) == authoring.check_marks(built, workers) == []
    keep(course, built)
    (found,) = [one for one in audit(course, built) if one.exercise == "q2-spread"]
    (sameness,) = re.findall(r"^\[q2-spread\]\n.*$", DOCUMENTATION.read_text(), re.MULTILINE)
    assert [mutant.change for mutant in found.kept] == list(tomllib.loads(sameness)["q2-spread"])
    assert found.named == {"spread-n-minus-1"}
