"""A student's folder, with whatever lies in it, brought to whatever is called a new release."""

import json
import tempfile
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from autograde.build import as_text
from autograde.planted import answer
from helpers.bundle import RELEASE, Release, cell_digest, file_digest
from helpers.update import BACKUPS, CannotUpdate, update
from helpers.whole import DRAFT
from tests.fuzz.fuzzing import fuzz
from tests.fuzz.mutations import as_json, bomb, mutated_bytes, mutated_json, texts, values
from tests.fuzz.test_archives import members, packed
from tests.small_course import RIGHT, write_course
from tests.test_authoring import GOOD

FILE = "notebooks/01_small.ipynb"
_NEW_TEXT = GOOD.replace("# Why?", "# Why is that so?").replace('"""Twice x."""', '"""Twice x, for arrays too."""')


def _notebook(text: str, answers: Mapping[str, str] | None = None) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        (built,) = write_course(Path(folder), text)
        return as_text(answer(built, answers) if answers else built.release).encode()


def _with_release(files: dict[str, bytes], version: str) -> dict[str, bytes]:
    """The files and the release.json that lists them."""
    told = Release(version, {name: file_digest(content) for name, content in files.items()}, _cells(files))
    return files | {RELEASE: told.as_text().encode()}


def _cells(files: Mapping[str, bytes]) -> dict[str, dict[str, str]]:
    """What release.json tells of notebooks, of those that are any."""
    found = {}
    for name, content in files.items():
        try:
            cells = json.loads(content)["cells"] if name.endswith(".ipynb") else []
            found |= {Path(name).stem: {cell["id"]: cell_digest(cell) for cell in cells}} if cells else {}
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            continue
    return found


@cache
def _before() -> dict[str, bytes]:
    files = {FILE: _notebook(GOOD), "helpers/one.py": b"A = 1\n", "helpers/gone.py": b"B = 1\n", "README.md": b"# A\n"}
    return _with_release(files, "1.0")


@cache
def _after() -> dict[str, bytes]:
    small = _notebook(_NEW_TEXT)
    files = {FILE: small, "notebooks/02_more.ipynb": small.replace(b"source/01_small.py", b"source/02_more.py")}
    return files | {"helpers/one.py": b"A = 2\n", "README.md": b"# B\n", "requirements.txt": b"", "setup.sh": b"ls\n"}


@cache
def _worked() -> dict:
    """The earlier release's notebook with answers, notes in a text and a cell of the student's own."""
    notebook = json.loads(_notebook(GOOD, {"q1-double": RIGHT, "q1-why": "Because."}))
    notebook["cells"].insert(2, {"cell_type": "markdown", "id": "own", "metadata": {}, "source": "my own"})
    return notebook


def _bundle(changed: Mapping[str, bytes]) -> bytes:
    """The new release with other contents in it, which it says it has."""
    return packed(_with_release(_after() | changed, "2.0"))


@cache
def _larger() -> bytes:
    others = {name: content for name, content in _with_release(_after(), "2.0").items() if name != "helpers/one.py"}
    return bomb(others, "helpers/one.py", 200)


def _retold(told: object) -> bytes:
    return packed(_after() | {RELEASE: as_json(told).encode()})


def _any_notebook(original: Callable[[], object]) -> st.SearchStrategy[bytes]:
    """Mutations of a notebook, and what is none."""
    return st.one_of(
        st.deferred(lambda: mutated_json(original()).map(lambda raw: as_json(raw).encode())),
        st.deferred(lambda: mutated_bytes(as_json(original()).encode())),
        values.map(lambda raw: as_json(raw).encode()),
        st.binary(max_size=60),
    )


#: What a release may list. No name leads further than beside the folder: should it be written to, it is in a temporary one.
_listed = st.sampled_from(
    (
        "../outside", "helpers/../../outside", "notebooks/../../outside.ipynb", "helpers/../helpers/two.py", "helpers/two.py",
        "helpers//two.py", "helpers/a/two.py", "notebooks/1.ipynb", ".git", "a b", "LICENSE", RELEASE, f"{BACKUPS}/a", "helpers",
    )
)  # fmt: skip

bundles = st.one_of(
    st.builds(_bundle, st.just({})),
    st.builds(_bundle, st.just({})),
    st.builds(_bundle, st.just({})).flatmap(mutated_bytes),
    _any_notebook(lambda: json.loads(_after()[FILE])).map(lambda content: _bundle({FILE: content})),
    st.dictionaries(_listed, st.binary(max_size=20), max_size=3).map(_bundle),
    st.sampled_from(["helpers/one.py", "setup.sh", "helpers/__init__.py", "pyproject.toml"]).flatmap(
        lambda name: st.binary(max_size=60).map(lambda content: _bundle({name: content}))
    ),
    st.deferred(lambda: mutated_json(json.loads(_with_release(_after(), "2.0")[RELEASE])).map(_retold)),
    st.builds(lambda inside: packed(_with_release(_after(), "2.0") | inside), members),
    st.deferred(lambda: st.just(_larger())),
)

#: What lies in the folder besides: files; folders, which are None; links to what lies outside, which are True.
_ODD: list[dict[str, bytes | bool | None]] = [
    {},
    {},
    {"helpers/one.py": b"A = 'mine'\n"},
    {"helpers/own.py": b"C = 1\n", "README.md": b"my notes\n"},
    {"helpers/gone.py": b"B = 'mine'\n"},
    {"helpers/one.py": None},
    {"helpers/gone.py": None},
    {"helpers/one.py": True},
    {"README.md": None},
    {FILE: None},
    {FILE: True},
    {"notebooks/02_more.ipynb": b"my own"},
    {"notebooks/02_more.ipynb": True},
    {"notebooks/03_mine.ipynb": b"{}", "notebooks/best.npz": b"weights"},
    {BACKUPS: b"a file"},
    {f"{BACKUPS}/01_small.before-2.0.ipynb": b"an earlier one"},
    {f"{BACKUPS}/01_small.before-2.0.ipynb": None},
    {RELEASE: None},
]
_odd = st.one_of(
    st.sampled_from(_ODD),
    st.just({RELEASE: b""}),
    st.deferred(lambda: mutated_json(json.loads(_before()[RELEASE])).map(lambda raw: {RELEASE: as_json(raw).encode()})),
    _any_notebook(_worked).map(lambda content: {"notebooks/01_small (1).ipynb": content}),
)
notebooks = st.one_of(
    st.builds(lambda: as_json(_worked()).encode()),
    _any_notebook(_worked),
    st.tuples(st.integers(0, 5), texts).map(lambda told: _written(*told)),
)


def _written(number: int, text: str) -> bytes:
    """The student's notebook with this text in one of its cells."""
    cells = _worked()["cells"]
    changed = [cell | {"source": text} if index == number else cell for index, cell in enumerate(cells)]
    return as_json(_worked() | {"cells": changed}).encode()


def _lay(folder: Path, files: Mapping[str, bytes | bool | None]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            path.mkdir()
        elif content is True:
            path.symlink_to(folder.parent / "beside")
        else:
            path.write_bytes(content)


def _contents(top: Path) -> dict[str, bytes]:
    return {path.relative_to(top).as_posix(): path.read_bytes() for path in top.rglob("*") if path.is_file()}


def _released(content: bytes | None) -> dict[str, str]:
    """The digests of what came with the release that the folder says it has."""
    try:
        return dict(json.loads(content)["files"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return {}


@fuzz(bundles, notebooks, _odd, memory=100)
def test_an_update_changes_the_folder_alone_and_loses_nothing(bundle, notebook, odd):
    with tempfile.TemporaryDirectory() as name:
        top, desk, archive = Path(name), Path(name, "desk"), Path(name, "student.zip")
        archive.write_bytes(bundle)
        Path(name, "beside").write_bytes(b"as it was")
        _lay(desk, _before() | {FILE: notebook} | odd)
        before, released = _contents(top), _released(odd.get(RELEASE, _before()[RELEASE]) or None)
        try:
            would = update(archive, desk, dry_run=True)
        except CannotUpdate as refused:
            would = None
            assert str(refused)
        assert _contents(top) == before
        try:
            done = update(archive, desk)
        except CannotUpdate:
            assert would is None
            assert _contents(top) == before
            return
        assert would is not None
        assert would.troubles == done.troubles[: len(would.troubles)]
        _check_kept(top, before, released)
        _check_names(top, before, archive)
        first = _contents(top)
        again = update(archive, desk)
        _check_kept(top, before, released)
        if not done.troubles:
            assert not again.changed, again.lines
            assert not again.troubles
            assert _contents(top) == first


def _check_kept(top: Path, before: Mapping[str, bytes], released: Mapping[str, str]) -> None:
    """What lay there lies there still, or among the backups, or is what the earlier release brought."""
    after = _contents(top)
    kept = {content for path, content in after.items() if path.startswith(f"desk/{BACKUPS}/")}
    for path, content in before.items():
        file = path.removeprefix("desk/")
        if file in (path, f"{BACKUPS}", RELEASE) or file.startswith(f"{BACKUPS}/"):
            assert after[path] == content or file == RELEASE
        else:
            assert after.get(path) == content or content in kept or released.get(file) == file_digest(content), path


def _check_names(top: Path, before: Mapping[str, bytes], archive: Path) -> None:
    """What is new is the release's, or a backup."""
    now = json.loads((top / "desk" / RELEASE).read_bytes())["files"] if (top / "desk" / RELEASE).is_file() else {}
    for path in top.rglob("*"):
        file = path.relative_to(top).as_posix()
        assert not path.name.startswith(DRAFT)
        if path.is_file() and file not in before:
            name = file.removeprefix("desk/")
            assert name != file, file
            assert name in now or name == RELEASE or name.startswith(f"{BACKUPS}/"), file
    assert archive.is_file()


def test_what_nobody_disturbs_is_updated():
    with tempfile.TemporaryDirectory() as name:
        desk, archive = Path(name, "desk"), Path(name, "student.zip")
        archive.write_bytes(_bundle({}))
        _lay(desk, _before() | {FILE: as_json(_worked()).encode()})
        done = update(archive, desk)
        assert done.changed
        assert done.troubles == []
        there = "".join(map(str, json.loads((desk / FILE).read_bytes())["cells"]))
        assert "return 2 * x" in there
        assert "for arrays too" in there
        assert "my own" in there
        assert (desk / "helpers" / "one.py").read_bytes() == b"A = 2\n"
        assert not (desk / "helpers" / "gone.py").exists()
