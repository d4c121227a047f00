"""The package as somebody gets it who has no clone: what is in it, and a course of one's own with the installed wheel alone."""

import email
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from packaging.metadata import Metadata
from packaging.requirements import Requirement

from autograde.course import KIT
from autograde.leaks import leaks, secrets_of
from autograde.planted import all_patches
from tests import clean_room, installed

ROOT = Path(__file__).parents[1]
PACKAGES = ("autograde", "helpers")
#: What else is published for those who build it themselves.
BESIDE = {
    "CHANGELOG.md",
    "LICENSE",
    "MANIFEST.in",
    "PKG-INFO",
    "README.md",
    "pyproject.toml",
    "requirements.txt",
    "setup.cfg",
}
#: Instructors' files that look like answers: the truth that tests of the kit's own course compare with, and words about markers.
NOT_FOR_STUDENTS = {
    "autograde/truth.py",
    "autograde/truth_layers.py",
    "autograde/authoring.py",
    "autograde/leaks.py",
    "autograde/templates/new_course/source/01_first.py",
}


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    """A folder with the two files that are published, the wheel built from the sdist."""
    folder = tmp_path_factory.mktemp("package")
    installed.build(ROOT, folder)
    return folder


@pytest.fixture(scope="module")
def wheel(published) -> dict[str, bytes]:
    """What is in the wheel."""
    with zipfile.ZipFile(installed.wheel_in(published)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def sdist(published) -> dict[str, bytes]:
    """What is in the sdist, without its folder's name."""
    (path,) = published.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        files = [member for member in archive.getmembers() if member.isfile()]
        return {member.name.partition("/")[2]: archive.extractfile(member).read() for member in files}


def of_packages() -> dict[str, bytes]:
    """The files of the packages, as they lie here."""
    files = [path for name in PACKAGES for path in (ROOT / name).rglob("*") if path.is_file()]
    return {str(p.relative_to(ROOT)): p.read_bytes() for p in files if "__pycache__" not in p.parts}


def test_the_wheel_holds_both_packages_with_all_their_files_and_nothing_else(wheel):
    about = {name for name in wheel if ".dist-info/" in name}
    assert {name: content for name, content in wheel.items() if name not in about} == of_packages()
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in about)


def test_the_sdist_holds_what_the_wheel_is_built_from_and_nothing_of_the_course(sdist):
    assert {name for name in sdist if ".egg-info/" not in name} == BESIDE | of_packages().keys()


def test_nothing_else_that_is_published_gives_an_answer_away(course, built, wheel, sdist):
    secrets = secrets_of(built, all_patches(course), seed="")
    files = {name: content for name, content in (sdist | wheel).items() if name not in NOT_FOR_STUDENTS}
    assert [str(leak) for leak in leaks(files, secrets)] == []


def test_what_the_package_says_of_itself_is_valid(wheel):
    (text,) = [content for name, content in wheel.items() if name.endswith(".dist-info/METADATA")]
    told = Metadata.from_email(text, validate=True)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert (told.name, str(told.version)) == (KIT, project["version"])
    assert (told.license_expression, told.license_files) == ("MIT", ["LICENSE"])
    assert str(told.requires_python) == project["requires-python"]
    assert set(told.provides_extra) == project["optional-dependencies"].keys()
    assert {r.name for r in told.requires_dist if not r.marker} == {
        Requirement(x).name for x in project["dependencies"]
    }
    # An index shows the description as it is: README as Markdown.
    assert email.message_from_bytes(text)["Description-Content-Type"] == "text/markdown"
    assert "<h1>A neural network from scratch</h1>" in MarkdownIt("gfm-like", {"linkify": False}).render(
        told.description
    )


def test_all_that_is_installed_goes_together():
    assert installed.complaints(Path(sys.executable)) == ""


def test_without_the_instructors_packages_the_command_says_what_to_install(tmp_path):
    (tmp_path / "click.py").write_text("raise ModuleNotFoundError('no click', name='click')")
    command = [sys.executable, "-c", "from autograde.__main__ import main; main()", "--help"]
    done = subprocess.run(command, env={"PYTHONPATH": f"{tmp_path}:{ROOT}"}, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"course: click is not installed. For the command install: pip install '{KIT}[instructor]'\n"


@pytest.fixture(scope="module")
def environment(needs_room, published) -> Iterator[Path]:
    """An environment like this one, with the wheel where the checkout is."""
    with installed.environment_with(installed.wheel_in(published)) as folder:
        yield folder


def test_a_course_of_ones_own_is_made_and_graded_with_the_wheel_alone(environment, tmp_path):
    python, show = (
        environment / "bin" / "python",
        "import autograde, helpers; print(autograde.__file__, helpers.__file__)",
    )
    for file in subprocess.run([python, "-c", show], cwd=tmp_path, capture_output=True, text=True).stdout.split():
        assert Path(file).is_relative_to(environment)
    nowhere = subprocess.run([environment / "bin" / "course", "build"], cwd=tmp_path, capture_output=True, text=True)
    assert (nowhere.returncode, nowhere.stdout) == (1, "")
    assert "begin a course: course new NAME" in nowhere.stderr
    installed.own_course(environment, tmp_path, whole=False)


def test_every_command_of_the_readme_is_run_in_a_clean_room_or_it_is_said_why_not():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert clean_room.commands_in(readme) == clean_room.RUN.keys() | clean_room.NOT_RUN.keys()
    assert "ada        20" in clean_room.table_in(readme)
    told = " ".join(clean_room.NOT_RUN.values())
    assert [name for name in re.findall(r"tests/test_\w+\.py", told) if not (ROOT / name).is_file()] == []
    assert [name for name in clean_room.ESSENTIAL if not (ROOT / f"tests/test_{name}.py").is_file()] == []


def test_a_python_that_is_not_there_is_said(capsys):
    assert clean_room.main(["python2.99"]) == 1
    assert capsys.readouterr().out.startswith("python2.99  is not here. Install it")
