"""The pages of docs/: they build without a warning, load nothing from a network, and their commands do what they say."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from click import Context
from markdown_it import MarkdownIt

from autograde import audited
from autograde.build import Built, as_text, read_course
from autograde.cli import main
from autograde.course import Course
from autograde.gradebook import CourseFolder
from autograde.hand_marks import SCHEMA, answers
from autograde.planted import all_patches, answer, answers_of, read_patch, read_patches
from tests.pages_of_docs import DOCS, NOT_RUN, PAGES, ROOT, Block, blocks

#: Languages of fenced blocks: what is run or written, what is only shown, and Sphinx's directives.
LANGUAGES = {"sh", "python", "toml", "text", "{toctree}", "{eval-rst}"}
#: What a page's commands are run in; all others are run in an empty folder.
PLACES = {
    "tutorial-instructors": "course_with_a_class",
    "own-data": "course_with_a_class",
    "tutorial-students": "a_student",
    "own-exercise": "new_course",
}
_LOADS = re.compile(
    r"""(?:src|data)\s*=\s*["']?https?:|<link[^>]+href\s*=\s*["']?https?:|url\(\s*["']?https?:|@import"""
)


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The pages as a site, built as `make docs` builds them."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", str(DOCS), str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return folder


def test_the_site_has_every_page_and_loads_nothing_from_a_network(site):
    assert {page.stem for page in PAGES} <= {page.stem for page in site.glob("*.html")}
    files = [path for path in site.rglob("*") if path.suffix in (".html", ".css", ".svg")]
    assert [path.name for path in files if _LOADS.search(path.read_text(encoding="utf-8"))] == []


def test_the_site_tells_every_command_and_option(site):
    page = re.sub("<[^>]+>", "", (site / "cli.html").read_text(encoding="utf-8"))
    for name, command in main.commands.items():
        assert f"course {name}" in page, name
        options = [option for parameter in command.params for option in parameter.opts if option.startswith("-")]
        assert [option for option in options if option not in page] == []


@pytest.mark.parametrize("page", [*PAGES, ROOT / "README.md"], ids=lambda page: page.stem)
def test_commands_that_a_page_names_are_there_and_so_are_files_it_links(page):
    text = page.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE)) <= targets
    for told in re.findall(r"(?:`|^|&& )(?:\.venv/bin/)?course ([a-z][^`\n#]*)", text, re.MULTILINE):
        name, *rest = told.split()
        assert name in main.commands, f"course {told}"
        known = {option for parameter in main.commands[name].get_params(Context(main)) for option in parameter.opts}
        assert {word.split("=")[0] for word in rest if word.startswith("--")} <= known | {"--help"}, f"course {told}"
    links = re.findall(r"\]\((?!https?:)([^)#\s]+)", re.sub(r"`[^`]*`", "", text))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_block_of_a_page_says_what_becomes_of_it(page):
    for block in blocks(page):
        assert block.language in LANGUAGES, block.where
        how, _, what = block.how.partition(": ")
        assert how in ("", "file", "append", "exits", "not-run"), block.where
        other_test = re.fullmatch(r"is tried by (tests/test_\w+\.py)", what)
        tried = other_test and (ROOT / other_test[1]).is_file()
        assert how != "not-run" or what in NOT_RUN or tried, f"{block.where}: {what} is no reason. There are: {NOT_RUN}"
    indented = [token for token in MarkdownIt().parse(page.read_text(encoding="utf-8")) if token.type == "code_block"]
    assert [token.content for token in indented] == [], "fence it, and say what becomes of it"


@pytest.fixture(scope="module")
def course_with_a_class(tmp_path_factory, built) -> Path:
    """The whole course with two students' hand-in from Moodle, its tests noted as audited."""
    folder = tmp_path_factory.mktemp("docs") / "course"
    skipped = shutil.ignore_patterns(".*", "__pycache__", "demo", "gradebook", "marks", "docs", "benchmarks")
    shutil.copytree(ROOT, folder, ignore=skipped)
    course = Course(folder)
    patches = {patch.name: patch for patch in read_patches(course.planted)}
    class_ = {
        "Ada Lovelace_1001": [_answered(built[0]), _answered(built[1])],
        "Ben Bell_1002": [_answered(built[0], patches["softmax-over-axis-0"].cells)],
    }
    with zipfile.ZipFile(folder / "moodle.zip", "w") as archive:
        for who, notebooks in class_.items():
            for item, notebook in zip(built, notebooks, strict=False):
                archive.writestr(f"{who}_assignsubmission_file_/{item.filename}", notebook)
    audited.keep(course, read_course(course), all_patches(course), [], 0)
    return folder


def _answered(item: Built, cells: dict[str, str] | None = None) -> str:
    return as_text(answer(item, answers_of(item.full) | (cells or {})))


@pytest.fixture(scope="module")
def a_student(tmp_path_factory, course_with_a_class, built) -> Path:
    """What a student got, with the first notebook filled in."""
    folder = tmp_path_factory.mktemp("docs") / "student"
    _run(Block("release", "sh", "", f"course release {folder} {built[0].name}"), course_with_a_class, 0)
    (folder / "notebooks" / built[0].filename).write_text(_answered(built[0]), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def new_course(tmp_path_factory) -> Path:
    """A course's folder without a notebook."""
    folder = tmp_path_factory.mktemp("docs") / "new"
    for name in ("source", "helpers", "tests/submissions"):
        (folder / name).mkdir(parents=True)
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copyfile(path, folder / path.name)
    return folder


@pytest.mark.parametrize("page", [*PLACES, *sorted({page.stem for page in PAGES} - PLACES.keys())])
def test_what_a_page_says_is_done(page, request, tmp_path, needs_room):
    place = request.getfixturevalue(PLACES[page]) if page in PLACES else tmp_path
    for block in blocks(DOCS / f"{page}.md"):
        how, _, what = block.how.partition(": ")
        if how in ("file", "append"):
            _write(block, place / what, "a" if how == "append" else "w")
        elif block.language in ("sh", "python") and how != "not-run":
            if "marks.json" in block.text:
                _save_marks(place)
            _run(block, place, int(what) if how == "exits" else 0)


def _write(block: Block, path: Path, mode: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open(mode, encoding="utf-8") as file:
        file.write(block.text)
    if path.suffix == ".toml":
        tomllib.loads(path.read_text(encoding="utf-8"))
    elif path.parent.name == "submissions":
        assert read_patch(path).says, block.where
    elif path.suffix == ".py":
        compile(block.text, block.where, "exec")


def _run(block: Block, place: Path, code: int) -> None:
    """Run a block as somebody would type it, in an activated environment."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    shell = ["bash", "-euo", "pipefail", "-c"] if block.language == "sh" else [sys.executable, "-c"]
    done = subprocess.run(
        [*shell, block.text], cwd=place, env=os.environ | {"PATH": path}, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == code, f"{block.where}\n{done.stdout}\n{done.stderr}"
    said = done.stdout + done.stderr
    assert [line for line in block.shown.splitlines() if line not in said] == [], f"{block.where}\n{said}"


def _save_marks(place: Path) -> None:
    """What a marking sheet saves: full points for every answer."""
    folder = CourseFolder(place / "gradebook")
    rows = [
        {
            "question": one.question, "student": "Student 1", "key": one.key, "answer": one.version,
            "points": one.maximum, "comment": "", "was": {"points": None, "comment": ""},
        }
        for one in answers(folder)
    ]  # fmt: skip
    (place / "marks.json").write_text(json.dumps({"schema": SCHEMA, "marks": rows}), encoding="utf-8")
