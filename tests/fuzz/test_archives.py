"""Archives and folders: what students, learning management systems and attackers pack."""

import hashlib
import io
import re
import stat
import tempfile
import zipfile
from functools import cache
from pathlib import Path

from hypothesis import assume
from hypothesis import strategies as st

from autograde import archives
from autograde.archives import Refused, open_zip_bytes
from autograde.build import Built, as_text
from autograde.course import CourseError
from autograde.findings import write_findings
from autograde.hand_in_names import BUILT_IN, can_be_student, place, proper_name
from autograde.intake import collect, copy_submission, repair_copies
from autograde.planted import answer
from autograde.roster import folded
from autograde.settings import Settings
from helpers.bundle import MOST_BYTES, NotABundle, Release, file_digest, read_bundle, read_release
from tests.fuzz.fuzzing import fuzz
from tests.fuzz.mutations import as_json, bomb, letters, mutated_bytes, mutated_json, values
from tests.small_course import RIGHT, write_course


@cache
def _built() -> list[Built]:
    with tempfile.TemporaryDirectory() as folder:
        return write_course(Path(folder))


@cache
def _notebook() -> bytes:
    return as_text(answer(_built()[0], {"q1-double": RIGHT})).encode()


def packed(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED, mode: int = 0, flags: int = 0) -> bytes:
    """An archive of these members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, (2026, 11, 30, 12, 0, 0))
            info.compress_type, info.external_attr = compression, mode << 16
            info.flag_bits |= flags
            try:
                archive.writestr(info, content)
            except UnicodeEncodeError:  # no name that a writer of archives writes
                continue
    return stream.getvalue()


_INSIDE = packed({"01_small.ipynb": b"{}", "best.npz": b"a" * 2000, "a/b/c.txt": b"text"})
_NESTED = packed(
    {"01_small.ipynb": b"{}", "more.zip": packed({"x.zip": _INSIDE, "y.ipynb": b"[]"}), "receipt.json": b"{}"}
)
_names = st.one_of(
    st.text(letters, max_size=40),
    st.sampled_from(
        [
            "01_small.ipynb",
            "../../outside.ipynb",
            "/etc/passwd",
            "C:\\x.ipynb",
            "a\\..\\..\\b.ipynb",
            "./01_small.ipynb",
            "a//b",
            "..",
            ".",
            "",
            "/",
            "a/",
            "x" * 600,
            "a/" * 300 + "b",
            "01_small (1).ipynb",
            "receipt.json",
            "Receipt-2.json",
            "a.zip",
            "a.ZIP",
            "nul",
            "\u202egpj.ipynb",
            "ada\x00.ipynb",
            "__MACOSX/._x",
            "01_small.ipynb/",
            "-2.json",
            "copy of " * 60 + ".ipynb",
            "Jane Doe_1_assignsubmission_file_/01_small.ipynb",
            "doejane_LATE_1_2_01_small-3.ipynb",
            "ada/attempt-9/01_small.ipynb",
            "ada/attempt-99999999999999/01_small.ipynb",
            "Ada/01_small.ipynb",
            "ada/01_small.ipynb",
            "a\u0308da/x.zip",
            "ada.zip",
            "ada_" * 120 + "_1_assignsubmission_file_",
            "-1" * 200 + ".ipynb",
            "(1)" * 150 + ".ipynb",
        ]
    ),
)
_contents = st.one_of(
    st.binary(max_size=50),
    st.sampled_from([_INSIDE, _NESTED, b"{}", b"", b"PK\x05\x06" + bytes(18), b"0" * 200_000]),
    st.builds(_notebook),
    st.builds(_notebook).flatmap(mutated_bytes),
    mutated_bytes(_NESTED),
)
#: Archives with any names and contents, written by a writer that keeps to the format; and what mutation makes of them.
members = st.dictionaries(_names, _contents, max_size=5)
_methods = st.sampled_from([zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
zips = st.one_of(
    mutated_bytes(_INSIDE),
    mutated_bytes(_NESTED),
    st.builds(
        packed,
        members,
        _methods,
        st.sampled_from([0, stat.S_IFREG, stat.S_IFLNK, stat.S_IFIFO, stat.S_IFDIR, stat.S_IFBLK]),
        st.sampled_from([0, 0, 0x800]),
    ),
    st.builds(packed, members, _methods).flatmap(mutated_bytes),
    st.binary(max_size=200),
)


@fuzz(zips, st.integers(0, 5_000), examples=80)
def test_members_are_named_within_and_never_larger_than_asked_for(content, limit):
    try:
        with open_zip_bytes(content) as entries:
            for entry in entries:
                parts = entry.path.split("/")
                assert entry.refused or not (
                    {"..", "."} & set(parts) or entry.path.startswith("/") or "\0" in entry.path
                )
                assert len(entry.path) <= archives.LONGEST_NAME
                try:
                    assert len(entry.read(limit)) <= limit
                except Refused as refused:
                    assert refused.todo
    except Refused as refused:
        assert refused.todo


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@cache
def _too_much() -> list[bytes]:
    """Archives within each other, more than any stack is deep; and a notebook larger than its archive by far."""
    within = _INSIDE
    for _ in range(400):
        within = packed({"more.zip": within}, zipfile.ZIP_STORED)
    return [packed({"ada/more.zip": within}), bomb({}, "ada/01_small.ipynb", 300)]


@fuzz(
    st.one_of(
        zips,
        members.map(lambda inside: packed({f"ada/{name}": content for name, content in inside.items()})),
        st.deferred(lambda: st.sampled_from(_too_much())),
    ),
    examples=60,
    memory=200,
)
def test_what_is_collected_lies_in_a_students_folder(content):
    with tempfile.TemporaryDirectory() as name:
        top = Path(name)
        (top / "work").mkdir()
        (top / "work" / "class.zip").write_bytes(content)
        (top / "beside").write_bytes(b"as it was")
        target = top / "work" / "collected"
        try:
            collected = collect([top / "work" / "class.zip"], _built(), target, Settings())
        except CourseError:
            collected = None
        outside = {path: what for path, what in _files(top).items() if not path.startswith("work/collected/")}
        assert outside == {"beside": b"as it was", "work/class.zip": content}
        assert not any(path.is_symlink() for path in top.rglob("*"))
        if collected is None:
            return
        folders = {path.name for path in target.iterdir()}
        assert folders == {submission.student for submission in collected.submissions}
        assert {Path(path).name for path in _files(target)} <= {"01_small.ipynb", "receipt.json"}
        write_findings(top / "work" / "intake.csv", collected.findings)
        assert "\x1b" not in (top / "work" / "intake.csv").read_text(encoding="utf-8")
        for submission in collected.submissions:
            assert all(str(finding).isprintable() for finding in submission.findings)
            assert all("more.zip/" * (archives.DEEPEST_NESTING + 2) not in found.file for found in submission.findings)
            copy_submission(submission, top / "work" / "copy")
            repair_copies(top / "work" / "copy", _built())


@fuzz(st.dictionaries(_names, _contents, max_size=5))
def test_a_folder_is_taken_as_an_archive_is(inside):
    with tempfile.TemporaryDirectory() as name:
        top = Path(name, "class")
        top.mkdir()
        for path, content in inside.items():
            parts = [
                part for part in re.sub("[\\\\\0\ud800\udfff]", "_", path).split("/") if part not in ("", ".", "..")
            ]
            target = top.joinpath(*[part[:40] for part in parts[:20]]) if parts else top / "file"
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
            except OSError:
                continue
        before = _files(top)
        try:
            collected = collect([top], _built(), Path(name, "collected"), Settings())
        except CourseError:
            return
        assert _files(top) == before
        assert all(str(finding).isprintable() for finding in collected.findings)


# --- names

_PATTERNS = tuple(re.compile(text, re.DOTALL) for text in BUILT_IN.values())


@fuzz(
    st.one_of(_names, st.lists(_names, max_size=4).map("/".join), st.lists(_names, max_size=4).map("_".join)),
    examples=150,
)
def test_a_name_says_whose_it_is_or_nothing(name):
    found = place(name, _PATTERNS)
    if found is not None:
        assert found.attempt >= 0
        if can_be_student(found.student):
            assert "/" not in found.student
            assert found.student not in (".", "..", "")
            assert Path("top", found.student).parent == Path("top")
            assert found.student.isprintable() or "\u200c" in found.student or "\u200d" in found.student
            folded(found.student)
    again = proper_name(proper_name(name))
    assert again == proper_name(name)


# --- a release


@cache
def _release() -> dict[str, bytes]:
    files = {
        "notebooks/01_small.ipynb": b"{}",
        "helpers/a.py": b"a = 1",
        "README.md": b"# A",
        "requirements.txt": b"numpy\n",
    }
    told = Release("1.0", {name: file_digest(content) for name, content in files.items()}, {"01_small": {"a": "b"}})
    return {f"student/{name}": content for name, content in files.items()} | {
        "student/release.json": told.as_text().encode()
    }


def _listing(name: str) -> bytes:
    """A release that lists a file of this name, and holds it."""
    told = Release("1.0", {name: file_digest(b"a")}, {})
    return packed({name: b"a", "release.json": told.as_text().encode()})


@cache
def _not_released() -> list[bytes]:
    """A release with another file in the place of one, and with one that is larger than any."""
    others = {name: content for name, content in _release().items() if name != "student/helpers/a.py"}
    return [packed(others | {"student/helpers/a.py": b"a = 2"}), bomb(others, "student/helpers/a.py", 200)]


@fuzz(
    st.one_of(
        _names.map(_listing),
        st.builds(_release).flatmap(lambda files: mutated_bytes(packed(files))),
        st.builds(lambda inside: packed(_release() | inside), members),
        zips,
        st.deferred(lambda: st.sampled_from(_not_released())),
    ),
    examples=60,
    memory=100,
)
def test_an_archive_is_the_release_or_none(content):
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "student.zip")
        path.write_bytes(content)
        try:
            release, files = read_bundle(path)
        except (NotABundle, OSError):
            return
        assert {name: hashlib.sha256(content).hexdigest() for name, content in files.items()} == release.files
        assert sum(map(len, files.values())) <= MOST_BYTES
        assert not any(part in ("..", "") for file in files for part in file.split("/"))


@fuzz(
    st.one_of(
        st.builds(_release).flatmap(lambda files: mutated_bytes(files["student/release.json"])),
        mutated_json(
            {"format": 1, "version": "1.0", "files": {"helpers/a.py": "0" * 64}, "cells": {"01_small": {"a": "b"}}}
        ).map(lambda raw: as_json(raw).encode()),
        values.map(lambda raw: as_json(raw).encode()),
    ),
    examples=100,
)
def test_a_list_of_files_is_read_or_refused(content):
    try:
        release = read_release(content)
    except NotABundle:
        return
    assume(release.files)
    assert not any(name.startswith(("/", ".")) or ".." in name for name in release.files)
    assert read_release(release.as_text().encode()) == release
