"""What learning management systems, students and attackers hand in, and what is taken of it."""

import csv
import io
import json
import os
import shutil
import stat
import struct
import warnings
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook

from autograde import archives
from autograde.build import as_text
from autograde.cli import main
from autograde.course import ASSIGNMENT, CourseError
from autograde.due import Due
from autograde.findings import IGNORED, LATE, MISSING, REFUSED, RENAMED, REPAIRED, SET_ASIDE, UNKNOWN, write_findings
from autograde.grade import NOT_GRADED, TAMPERED, grade
from autograde.gradebook import CourseFolder
from autograde.hand_in_names import BUILT_IN, place, proper_name
from autograde.intake import collect
from autograde.late import DailyPenalty
from autograde.planted import answer, answers_of
from autograde.roster import read_roster
from autograde.settings import BEST, LatePolicy, Settings, read_settings
from autograde.students import FILES
from helpers.weights import LARGEST_FILE

FIRST, SECOND = "01_feedforward.ipynb", "02_backprop.ipynb"
JANE = "Jane Doe_1234567"
SLOT = f"{JANE}_assignsubmission_file_"
DUE = datetime(2026, 11, 30, 23, 59, tzinfo=timezone(timedelta(hours=1)))


@pytest.fixture(scope="module")
def right(built):
    """Notebooks 01 and 02 with every answer right, by file name."""
    return {item.filename: as_text(answer(item, answers_of(item.full))).encode() for item in built[:2]}


@pytest.fixture(scope="module")
def untouched(built):
    return {item.filename: as_text(item.release).encode() for item in built}


def zipped(members: dict[str, bytes], **about) -> bytes:
    """An archive of these members. about: attributes of all of them."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, about.pop("date_time", (2026, 11, 30, 12, 0, 0)))
            info.compress_type = zipfile.ZIP_DEFLATED
            for key, value in about.items():
                setattr(info, key, value)
            archive.writestr(info, content)
    return stream.getvalue()


@pytest.fixture
def take(built, tmp_path):
    """Collect from a folder's worth of files, an archive's bytes, or paths."""

    def run(*sources, **settings):
        paths = []
        for number, source in enumerate(sources):
            path = tmp_path / f"source-{number}"
            if isinstance(source, bytes):
                path = path.with_suffix(".zip")
                path.write_bytes(source)
            elif isinstance(source, dict):
                for name, content in source.items():
                    (path / name).parent.mkdir(parents=True, exist_ok=True)
                    (path / name).write_bytes(content)
            paths.append(source if isinstance(source, Path) else path)
        collected = collect(paths, built, tmp_path / "collected", Settings(**settings))
        return {submission.student: submission for submission in collected.submissions}, collected.findings

    return run


def told(findings, kind=REFUSED):
    return [str(finding) for finding in findings if finding.kind == kind]


# --- Where things come from


@pytest.mark.parametrize("slot", [f"{SLOT}/", SLOT, f"{SLOT[:-1]}/"])
def test_moodles_archive(take, right, slot):
    taken, findings = take(zipped({slot + FIRST: right[FIRST], slot + SECOND: right[SECOND], f"Bo_7_x/{FIRST}": b"{"}))
    assert list(taken[JANE].notebooks) == ["01_feedforward", "02_backprop"]
    assert taken[JANE].notebooks["01_feedforward"].read_bytes() == right[FIRST]
    assert told(findings) == [f"Bo_7_x/{FIRST}: is not readable: broken JSON at line 1. Ask for the file again."]


def test_moodles_archive_unpacked(take, right):
    taken, findings = take({f"{SLOT}/{FIRST}": right[FIRST]})
    assert (list(taken), findings) == ([JANE], [])


def test_canvas_archive(take, right):
    names = ("doejane_12345_678910_01_feedforward-2.ipynb", "roeray_LATE_99_678911_01_feedforward.ipynb")
    taken, findings = take(zipped(dict.fromkeys(names, right[FIRST])), late=LatePolicy(Due(DUE)))
    assert list(taken) == ["doejane_12345", "roeray_99"]
    assert told(findings, RENAMED) == []
    assert told(findings, LATE) == ["roeray_99: was handed in 0:00:01 h late."]


def test_canvas_mark_of_lateness_counts_more_than_the_time_of_the_file(take, right):
    content = zipped({"doejane_1_2_01_feedforward.ipynb": right[FIRST]}, date_time=(2026, 12, 24, 0, 0, 0))
    assert told(take(content, late=LatePolicy(Due(DUE)))[1], LATE) == []


def test_an_archive_for_each_student_in_a_folder(take, right):
    taken, _ = take({"ada.zip": zipped(right), "ben.zip": zipped({f"hw/{FIRST}": right[FIRST]}), "eve.zip": b"PK"})
    assert {name: len(submission.notebooks) for name, submission in taken.items()} == {"ada": 2, "ben": 1, "eve": 0}
    assert taken["eve"].refusals[0].what.startswith("is not a readable zip archive")


def test_submission_zip_in_a_students_folder_and_archives_in_archives(take, right):
    inner = zipped({f"answers/{FIRST}": right[FIRST], "__MACOSX/answers/._01.ipynb": b"x", "answers/.DS_Store": b"x"})
    taken, findings = take({"ada/submission.zip": zipped({"deep.ZIP": inner}), f"ben/.ipynb_checkpoints/{FIRST}": b"{"})
    assert list(taken["ada"].notebooks) == ["01_feedforward"]
    assert told(findings) == ["ben: there is no notebook in this folder. Ask for it."]


def test_a_class_in_a_folder_in_an_archive(take, right):
    taken, _ = take(zipped({f"download/ada/{FIRST}": right[FIRST], f"download/ben/{FIRST}": right[FIRST]}))
    assert list(taken) == ["ada", "ben"]


def test_one_students_archive_and_one_notebook(take, right, tmp_path):
    (tmp_path / "eve").mkdir()
    (tmp_path / "eve" / FIRST).write_bytes(right[FIRST])
    (tmp_path / "doejane_1_2_01_feedforward.ipynb").write_bytes(right[FIRST])
    (tmp_path / "ada.zip").write_bytes(zipped(right))
    taken, _ = take(tmp_path / "eve" / FIRST, tmp_path / "ada.zip", tmp_path / "doejane_1_2_01_feedforward.ipynb")
    assert {name: len(submission.notebooks) for name, submission in taken.items()} == {
        "ada": 2, "doejane_1": 1, "eve": 1,
    }  # fmt: skip


def test_a_name_cannot_be_made_to_look_like_another_students(take, right):
    forged = f"{SLOT}Eve_999_assignsubmission_file_{FIRST}"
    taken, _ = take(zipped({forged: right[FIRST], f"{SLOT}/Eve_999_assignsubmission_file_/{SECOND}": right[SECOND]}))
    assert list(taken) == [JANE]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a_1_2_01-2.ipynb", ("a_1", "01.ipynb", 2, False)),
        ("a_LATE_1_2_01.ipynb", ("a_1", "01.ipynb", 0, True)),
        ("ada/attempt-3/01.ipynb", ("ada", "01.ipynb", 3, None)),
        ("ada/01.ipynb", ("ada", "01.ipynb", 0, None)),
        ("ada/J_1_assignsubmission_file_/0.ipynb", ("ada", "J_1_assignsubmission_file_/0.ipynb", 0, None)),
        ("ada/0\n1.ipynb", ("ada", "0\n1.ipynb", 0, None)),
        ("01.ipynb", None),
    ],
)
def test_what_a_path_says(path, expected):
    found = place(path, Settings().patterns)
    assert (found and (found.student, found.file, found.attempt, found.late)) == expected


def test_nothing_to_take_is_an_error(take, tmp_path):
    with pytest.raises(CourseError, match="holds no student's folder"):
        take({".hidden/x": b""})
    (tmp_path / "marks.csv").write_text("")
    with pytest.raises(CourseError, match="is no folder, no zip archive and no notebook"):
        take(tmp_path / "marks.csv")
    with pytest.raises(CourseError, match="not a readable zip archive"):
        take(b"PK")


def test_the_copies_cannot_be_the_source(built, tmp_path):
    (tmp_path / "here" / "ada").mkdir(parents=True)
    for source in ("here", "here/ada"):
        with pytest.raises(CourseError, match="which is written to"):
            collect([tmp_path / source], built, tmp_path / "here")


# --- Which file is what


@pytest.mark.parametrize(
    "name",
    ["01_feedforward (2).ipynb", "Kopie von 03.ipynb", "01_FEEDFORWARD.IPYNB", "final.ipynb.txt", "02_backprop.ipynb"],
)
def test_a_notebook_is_known_by_its_cells_whatever_its_name(take, right, name):
    taken, findings = take({f"ada/{name}": right[FIRST]})
    assert taken["ada"].notebooks["01_feedforward"].name == FIRST
    assert told(findings) == []
    assert told(findings, RENAMED) == [f"ada/{name}: is 01_feedforward by its cells: it is taken as that."]


def test_of_two_files_the_exact_name_wins_else_the_latest(take, right, untouched, tmp_path):
    names = {"ada": (FIRST, "01_feedforward (1).ipynb"), "ben": ("a.ipynb", "b.ipynb")}
    for student, (wins, loses) in names.items():
        for number, (name, content) in enumerate([(loses, untouched[FIRST]), (wins, right[FIRST])]):
            path = tmp_path / "class" / student / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            hours = -number if student == "ada" else number
            os.utime(path, (1e9 + 3600 * hours,) * 2)
    taken, findings = take(tmp_path / "class")
    for student in names:
        assert taken[student].notebooks["01_feedforward"].read_bytes() == right[FIRST]
    assert told(findings, SET_ASIDE) == [
        "ada/01_feedforward (1).ipynb: is 01_feedforward, too: 01_feedforward.ipynb was taken, "
        "since it has the exact name. Look at both.",
        "ben/b.ipynb: is 01_feedforward, too: a.ipynb was taken, since it was modified later. Look at both.",
    ]


def test_names_that_differ_in_case_or_appear_twice_lose_nothing(take, right, untouched):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive, warnings.catch_warnings(action="ignore"):
        for content in (untouched[FIRST], right[FIRST]):
            archive.writestr(f"ada/{FIRST}", content)
        archive.writestr(f"ada/{FIRST.upper()}", untouched[FIRST])
    taken, findings = take(stream.getvalue())
    assert taken["ada"].notebooks["01_feedforward"].read_bytes() == right[FIRST]
    assert len(told(findings, SET_ASIDE)) == 2


@pytest.mark.parametrize(
    "name",
    ["best_two_layer (1).npz", "best_two_layer-2.npz", "Copy of best_two_layer.npz", "BEST_two_layer.NPZ"],
)
def test_renamed_weights_are_taken_under_their_proper_name(take, right, name):
    taken, findings = take({f"ada/{FIRST}": right[FIRST], f"ada/{name}": b"weights"})
    assert [(path.name, path.read_bytes()) for path in taken["ada"].weights] == [("best_two_layer.npz", b"weights")]
    assert told(findings, RENAMED) == [f"ada/{name}: is best_two_layer.npz: it is taken as that."]


def test_weights_under_the_proper_name_win(take, right):
    files = {FIRST: right[FIRST], "best_two_layer (1).npz": b"other", "best_two_layer.npz": b"weights"}
    taken, findings = take({f"ada/{name}": content for name, content in files.items()})
    assert [path.read_bytes() for path in taken["ada"].weights] == [b"weights"]
    assert len(told(findings, SET_ASIDE)) == 1


@pytest.mark.parametrize(
    ("name", "proper"),
    [("A.npz", "a.npz"), ("a (1) (2).npz", "a.npz"), ("a - Copy.npz", "a.npz"), ("a_b.npz", "a_b.npz"), ("", "")],
)
def test_proper_names(name, proper):
    assert proper_name(name) == proper


def test_other_files_are_noted_and_other_archives_refused(take, right):
    _, findings = take(
        {f"ada/{FIRST}": right[FIRST], "ada/photo.png": b"", "ada/work.rar": b"", "ada/own.ipynb": b'{"cells": []}'}
    )
    assert told(findings) == ["ada/work.rar: is an archive that is not read here. Ask for the notebooks, or a .zip."]
    assert len(told(findings, IGNORED)) == 2


def test_repairs_are_reported(take, built):
    notebook = answer(built[0], {})
    notebook.cells = [cell for cell in notebook.cells if cell.id not in ("q1b-loss", "q1b-loss-test")]
    taken, findings = take({f"ada/{FIRST}": as_text(notebook).encode()})
    assert told(findings, REPAIRED) == [
        f"ada/{FIRST}: q1b-loss was missing: it is put back without an answer.",
        f"ada/{FIRST}: q1b-loss-test was missing: it is put back.",
    ]
    assert taken["ada"].tampered == {"q1b-loss"}


# --- Attempts, lateness, roster


def test_later_sources_are_later_attempts_file_by_file(take, right, untouched):
    first = {f"ada/{FIRST}": untouched[FIRST], f"ada/{SECOND}": right[SECOND]}
    taken, findings = take(first, {f"ada/{FIRST}": right[FIRST]})
    notebooks = {name: path.read_bytes() for name, path in taken["ada"].notebooks.items()}
    assert notebooks == {"01_feedforward": right[FIRST], "02_backprop": right[SECOND]}
    assert taken["ada"].earlier == ()
    assert told(findings, SET_ASIDE) == ["ada: handed in 2 times: the latest of each file counts."]


def test_what_was_collected_can_be_collected_again(take, right, untouched, built, tmp_path):
    names = (f"ada_1_2_{FIRST}", f"ada_1_2_{FIRST.replace('.', '-1.')}")
    first, _ = take(zipped(dict(zip(names, (untouched[FIRST], right[FIRST]), strict=True))), attempts=BEST)
    again = collect([tmp_path / "collected"], built, tmp_path / "again", Settings(attempts=BEST)).submissions
    for submission in (first["ada_1"], *again):
        assert submission.notebooks["01_feedforward"].read_bytes() == right[FIRST]
        assert [old.notebooks["01_feedforward"].read_bytes() for old in submission.earlier] == [untouched[FIRST]]
    assert again[0].submitted == first["ada_1"].submitted


def test_times_are_those_of_the_place_where_it_is_due(take, right):
    late = zipped({f"{SLOT}/{FIRST}": right[FIRST]}, date_time=(2026, 12, 1, 2, 0, 2))
    taken, findings = take(late, late=LatePolicy(Due(DUE)))
    assert told(findings, LATE) == [f"{JANE}: was handed in 2:01:02 h late."]
    assert taken[JANE].submitted == datetime(2026, 12, 1, 1, 0, 2, tzinfo=UTC)


def test_times_within_a_students_own_archive_prove_nothing(take, right):
    own = zipped({FIRST: right[FIRST]}, date_time=(2020, 1, 1, 0, 0, 0))
    late = zipped({f"{SLOT}/submission.zip": own}, date_time=(2026, 12, 1, 2, 0, 0))
    assert len(told(take(late, late=LatePolicy(Due(DUE)))[1], LATE)) == 1


@pytest.mark.parametrize("head", ["\ufeffstudent;name\r\n", "Student\tName\n", '"student","name"\n'])
def test_rosters_as_spreadsheets_write_them(tmp_path, head):
    between = max(";\t,", key=head.count)
    rows = [f'"ada"{between}"Lovelace, Ada"', f"Zoe\u0301{between}", f"1234567{between}Jane Doe", f"{between}"]
    (tmp_path / "roster.csv").write_text(head + "\n".join(rows), encoding="utf-8")
    roster = read_roster(tmp_path / "roster.csv")
    assert roster.names == {"ada": "Lovelace, Ada", "Zo\u00e9": "", "1234567": "Jane Doe"}
    found = {name: roster.find(name) for name in ("ADA", "zo\u00e9", JANE, "Jane Doe", "Jane Doe_7", "nobody", "")}
    assert found == {
        "ADA": "ada", "zo\u00e9": "Zo\u00e9", JANE: "1234567", "Jane Doe": "1234567", "Jane Doe_7": "1234567",
        "nobody": None, "": None,
    }  # fmt: skip


def test_a_roster_that_says_nothing_clear_matches_nobody(tmp_path):
    (tmp_path / "roster.csv").write_text("student,name\nada,A\nAda,A\n")
    roster = read_roster(tmp_path / "roster.csv")
    assert (roster.find("ADA"), roster.find("A"), roster.find("Ada")) == (None, None, "Ada")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"name\nada\n", "has no column 'student'"),
        (b"student\nada\nada\n", "lists ada twice"),
        (b"student\n\xff\n", "is not UTF-8"),
        (b"", "has no column"),
    ],
)
def test_bad_rosters_are_named(tmp_path, content, says):
    (tmp_path / "roster.csv").write_bytes(content)
    with pytest.raises(CourseError, match=says):
        read_roster(tmp_path / "roster.csv")


def test_the_roster_says_who_is_missing_and_who_is_unknown(take, right, tmp_path):
    (tmp_path / "roster.csv").write_text("student,name\n1234567,Jane\nada,Ada Lovelace\n")
    submitted = {f"{SLOT}/{FIRST}": right[FIRST], f"eve_1_assignsubmission_file_/{FIRST}": right[FIRST]}
    taken, findings = take(zipped(submitted), roster=tmp_path / "roster.csv")
    assert list(taken) == ["1234567", "eve_1"]
    assert told(findings, MISSING) == ["ada: has handed in nothing (Ada Lovelace)."]
    assert told(findings, UNKNOWN) == ["eve_1: is not on the roster. Is the id right? Graded all the same."]


# --- Settings


def test_settings(tmp_path):
    assert read_settings(tmp_path) == Settings()
    (tmp_path / "course.toml").write_text(
        """
        [intake]
        roster = "class.csv"
        attempts = "best"
        patterns = ['(?P<student>\\w+)-(?P<file>.+)']
        [late]
        due = 2026-11-30T23:59:00+01:00
        plugin = "autograde.late.DailyPenalty"
        options = { percent_per_day = 20 }
        """
    )
    settings = read_settings(tmp_path)
    assert (settings.roster, settings.attempts) == (tmp_path / "class.csv", BEST)
    assert settings.late == LatePolicy(Due(DUE), "autograde.late.DailyPenalty", {"percent_per_day": 20})
    assert place("ada-01.ipynb", settings.patterns).student == "ada"
    assert len(settings.patterns) == len(BUILT_IN) + 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("intak = 1", "intak is unknown. There are: course, intake, late"),
        ("[intake]\nrooster = 1", "intake.rooster is unknown. There are: intake.roster, "),
        ("[intake]\nroster = 1", "roster should be the name of a file, not 1"),
        ("[intake]\nattempts = 'first'", 'attempts = "first" is unknown'),
        ("[intake]\npatterns = ['(']", "is no regular expression"),
        ("[intake]\npatterns = ['x']", "has no group"),
        ("[intake]\npatterns = ['(?P<student>.)(?P<x>.)']", "has the unknown group x"),
        ("[course]\nname = 'A Course'", "should be small letters"),
        ("[course]\nname = '../x'", "should be small letters"),
        ("[late]", "needs a date and time"),
        ("[late]\ndue = 2026-11-30", "needs a date and time"),
        ("late = 1", "late should be a table"),
        ("[", "is no TOML file"),
    ],
)
def test_wrong_settings_are_named(tmp_path, text, says):
    (tmp_path / "course.toml").write_text(text)
    with pytest.raises(CourseError) as caught:
        read_settings(tmp_path)
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("plugin", "options", "says"),
    [
        ("nowhere.Plugin", {}, "cannot be used"),
        ("pathlib.Path", {}, "none of nbgrader's plugins"),
        ("autograde.late.DailyPenalty", {"percent": 1}, "its option percent is unknown; there are: "),
        ("autograde.late.DailyPenalty", {"percent_per_day": "x"}, "cannot be used"),
    ],
)
def test_a_late_policy_that_cannot_be_used_is_named(tmp_path, plugin, options, says):
    with pytest.raises(CourseError, match=says):
        CourseFolder(tmp_path / "gradebook").set_policy(LatePolicy(Due(DUE), plugin, options))


def test_a_day_late_costs_a_share_for_each_day_begun():
    plugin = DailyPenalty(percent_per_day=10, grace_minutes=5)
    hours = (0.08, 1, 24, 25, 1000)
    assert [plugin.late_submission_penalty("ada", 20, 3600 * late) for late in hours] == [None, 2, 2, 4, 20]


# --- Attacks. One student's, always: nobody else's work may suffer.


@pytest.fixture
def attack(take, right, tmp_path):
    """Collect a hostile archive beside an honest one; returns what was said, after seeing that nothing else happened."""

    def run(archive: bytes, **settings):
        before = {path for path in tmp_path.rglob("*") if "collected" not in path.parts and "source" not in str(path)}
        taken, findings = take({f"ada/{FIRST}": right[FIRST], "eve/submission.zip": archive}, **settings)
        assert taken["ada"].notebooks["01_feedforward"].read_bytes() == right[FIRST]
        assert not taken["ada"].refusals
        files = {path for path in tmp_path.rglob("*") if "source" not in str(path)} - before
        allowed = {tmp_path / "collected", *(tmp_path / "collected" / name for name in ("ada", "eve", f"ada/{FIRST}"))}
        assert files <= allowed | set(taken["eve"].notebooks.values()) | set(taken["eve"].weights)
        return [finding.what for finding in findings if finding.student == "eve" and finding.kind == REFUSED]

    return run


@pytest.mark.parametrize(
    "name",
    [f"../../{FIRST}", f"/tmp/{FIRST}", f"..\\..\\{FIRST}", f"C:\\{FIRST}", f"a/../../{FIRST}", f"a//{FIRST}"],
)
def test_names_that_lead_out_of_an_archive(attack, right, name):
    assert attack(zipped({name: right[FIRST]})) == ["has a name that leads out of the archive."]


def test_a_name_with_a_nul(attack, right):
    archive = zipped({f"a.{FIRST}": right[FIRST]}).replace(b"a.01_", b"a\x0001_")
    assert attack(archive) == ["has a name that leads out of the archive."]


def test_a_name_that_leads_out_of_a_class_archive(take, right):
    names = (f"../{FIRST}", f"/x/{FIRST}", f"ada/../../{FIRST}")
    taken, findings = take(zipped({f"ben/{FIRST}": right[FIRST], **dict.fromkeys(names, right[FIRST])}))
    assert {name for name in taken if taken[name].notebooks} == {"ben"}
    assert sum("leads out of the archive" in line for line in told(findings)) == 3


@pytest.mark.parametrize(
    ("mode", "says"),
    [(stat.S_IFLNK, "is a link."), (stat.S_IFCHR, "is not a regular"), (stat.S_IFIFO, "is not a regular")],
)
def test_links_and_devices_in_archives(attack, right, mode, says):
    (said,) = attack(zipped({FIRST: b"/etc/passwd"}, external_attr=(mode | 0o777) << 16, create_system=3))
    assert said.startswith(says)


def test_encrypted_members(attack, right):
    archive = bytearray(zipped({FIRST: right[FIRST]}))
    archive[archive.index(b"PK\x01\x02") + 8] |= 1
    assert attack(bytes(archive)) == ["is encrypted."]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_can_fill_the_memory_at_once(attack, right, method):
    assert attack(zipped({FIRST: right[FIRST]}, compress_type=method)) == ["is compressed in an unusual way."]


def test_a_notebook_that_is_a_bomb(attack):
    assert attack(zipped({FIRST: b" " * 60_000_000})) == ["is larger than 20 MB."]


def test_a_member_that_is_longer_than_it_says(attack):
    archive = zipped({FIRST: b" " * 60_000_000})
    (said,) = attack(archive.replace(struct.pack("<L", 60_000_000), struct.pack("<L", 100)))
    assert said.startswith("cannot be read from its archive (Bad CRC-32")


def test_weights_that_are_a_bomb_are_cut_where_the_check_sees_it(take, right):
    taken, _ = take(
        {"eve/submission.zip": zipped({FIRST: right[FIRST], "best_two_layer.npz": bytes(LARGEST_FILE + 9)})}
    )
    assert [path.stat().st_size for path in taken["eve"].weights] == [LARGEST_FILE + 1]


def test_an_archive_of_repetition(attack):
    assert attack(zipped({"inner.zip": bytes(30_000_000)})) == ["is an archive of nothing but repetition."]


def test_an_archive_that_is_larger_than_any_hand_in(attack, monkeypatch):
    monkeypatch.setattr(archives, "LARGEST_ARCHIVE", 1000)
    assert attack(zipped({FIRST: os.urandom(2000)})) == ["is larger than 0 MB."]


def test_archives_in_archives_have_an_end(attack, right):
    archive = zipped({FIRST: right[FIRST]})
    for _ in range(archives.DEEPEST_NESTING):
        archive = zipped({"inner.zip": archive})
    assert attack(archive) == ["is an archive in an archive, too often."]


def test_many_files(take, right):
    archive = zipped(dict.fromkeys([f"{number}.txt" for number in range(5000)], b"") | {FIRST: right[FIRST]})
    taken, findings = take({"eve/submission.zip": archive})
    assert [finding.what for finding in findings if finding.kind == REFUSED] == [
        "and what follows is left out: there are more than 1000 files."
    ]
    assert not taken["eve"].notebooks


def test_many_files_in_many_archives(attack, right, monkeypatch):
    monkeypatch.setattr(archives, "MOST_FILES", 10)
    inner = zipped(dict.fromkeys([f"{number}.txt" for number in range(6)], b""))
    assert len(attack(zipped({f"{number}.zip": inner for number in range(6)}))) == 1


def test_many_bytes_in_all(attack, right, monkeypatch):
    monkeypatch.setattr(archives, "MOST_BYTES", 200_000)
    archive = zipped({f"{number}.ipynb": right[FIRST] for number in range(50)})
    assert set(attack(archive)) == {"is left out: there are more than 0 MB."}


def test_a_table_of_contents_that_fills_the_memory(attack, monkeypatch):
    monkeypatch.setattr(archives, "_LARGEST_DIRECTORY", 100_000)
    archive = zipped(dict.fromkeys([f"{number}.txt" for number in range(3000)], b""))
    assert attack(archive) == ["is an archive with an absurd number of files."]


def test_an_absurd_name(attack, right):
    assert attack(zipped({"x" * 600 + ".ipynb": right[FIRST]})) == ["has an absurdly long name."]


def test_a_broken_archive_costs_only_its_student(attack, right):
    whole = zipped({FIRST: right[FIRST]})
    (said,) = attack(whole[: len(whole) // 2])
    assert said.startswith("is not a readable zip archive")
    for place_of_damage, damage in ((len(whole) // 2, 0xFF), (30 + len(FIRST), 0x02)):  # the latter is no kind of block
        broken = bytearray(whole)
        broken[place_of_damage] ^= damage
        (said,) = attack(bytes(broken))
        assert said.startswith("cannot be read from its archive")


def test_a_bad_date_in_an_archive(take, right):
    taken, _ = take(zipped({f"ada/{FIRST}": right[FIRST]}, date_time=(2000, 15, 31, 31, 63, 0)))
    assert taken["ada"].notebooks


@pytest.mark.parametrize("other", ["ADA", "Zoe\u0301", "stra\u00dfe"])
@pytest.mark.parametrize("archive", [True, False])
def test_students_whose_names_collide(take, right, other, archive):
    name = {"ADA": "ada", "Zoe\u0301": "Zo\u00e9", "stra\u00dfe": "STRASSE"}[other]
    files = {f"{name}/{FIRST}": right[FIRST], f"{other}/{SECOND}": right[SECOND]}
    taken, findings = take(zipped(files) if archive else files)
    assert len(taken) == 1
    assert len(told(findings)) == 1
    assert "but for case or Unicode form the same name as" in told(findings)[0]


def test_links_pipes_and_devices_in_folders(take, right, tmp_path):
    taken, _ = take({f"ada/{FIRST}": right[FIRST], f"eve/{SECOND}": b"{"})
    eve = tmp_path / "source-0" / "eve"
    os.mkfifo(eve / FIRST)
    (eve / "up").symlink_to("../ada")
    (eve / "03_sgd.ipynb").symlink_to(f"../ada/{FIRST}")
    (tmp_path / "source-0" / "link").symlink_to("ada")
    taken, findings = take(tmp_path / "source-0")
    assert not taken["eve"].notebooks
    assert told(findings) == [
        "link: is a link. Put each student's notebooks into a folder named after the student.",
        "eve/up: is a link. Put the folder itself there.",
        f"eve/{FIRST}: is not a regular file. Ask for the file itself.",
        f"eve/{SECOND}: is not readable: broken JSON at line 1. Ask for the file again.",
        "eve/03_sgd.ipynb: is not a regular file. Ask for the file itself.",
    ]


def test_a_file_that_becomes_a_pipe_or_a_link_is_neither_waited_for_nor_followed(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/etc/passwd")
    for name, says in (("pipe", "not a regular file"), ("link", "cannot be opened"), ("gone", "cannot be opened")):
        with pytest.raises(archives.Refused, match=says):
            archives.read_file(tmp_path / name, 10)


def test_a_file_that_changes_while_it_is_read(take, right, monkeypatch):
    real = os.fstat
    seen = []

    def growing(file):
        about = real(file)
        seen.append(file)
        return os.stat_result([*about[:6], about.st_size + len(seen), *about[7:]])

    monkeypatch.setattr(archives.os, "fstat", growing)
    _, findings = take({f"ada/{FIRST}": right[FIRST]})
    assert "changed while it was read" in told(findings)[0]


def test_folders_that_never_end(take, right):
    deep = "/".join(["x"] * (archives.DEEPEST_FOLDER + 3))
    taken, findings = take({f"ada/{FIRST}": right[FIRST], f"eve/{deep}/{FIRST}": right[FIRST]})
    assert not taken["eve"].notebooks
    assert "folders deep" in told(findings)[0]


def test_names_that_are_no_text_or_move_the_cursor(take, right, tmp_path):
    folder = tmp_path / "class"
    (folder / "ada").mkdir(parents=True)
    for name in (b"\xff.ipynb", b"\x1b[2J.ipynb"):
        Path(os.fsdecode(bytes(folder / "ada") + b"/" + name)).write_bytes(right[FIRST])
    Path(os.fsdecode(bytes(folder) + b"/\xff")).mkdir()
    taken, findings = take(folder)
    assert list(taken) == ["ada"]
    text = "\n".join(map(str, findings))
    assert "\x1b" not in text
    write_findings(tmp_path / "intake.csv", findings)
    assert "\x1b" not in (tmp_path / "intake.csv").read_text()


@pytest.mark.parametrize(
    "name", ["[x]", "a*", "x" * 201, "\u00e9" * 101, "ada ", "a\x9bb", "a\u202eb", "intake.csv", "..."]
)
def test_ids_that_nobody_can_have(take, right, name):
    taken, findings = take(zipped({f"ada/{FIRST}": right[FIRST], f"{name}/{FIRST}": right[FIRST]}))
    assert list(taken) == ["ada"]
    assert name == "..." or "no student's id can be this" in told(findings)[0]


@pytest.mark.parametrize(
    "name", ["O'Brien", "M\u00fcller, Anna (123)", "=SUM(A1)", "{x} 50%", "\u0645\u06cc\u200c\u0631", "a"]
)
def test_ids_that_people_have(take, right, name):
    assert list(take(zipped({f"{name}/{FIRST}": right[FIRST]}))[0]) == [name]


def test_a_student_without_a_notebook_is_not_graded_rather_than_0(take):
    taken, _ = take({"ada/best_two_layer.npz": b"weights", "ben/photo.png": b""})
    assert [[finding.hides for finding in taken[name].refusals] for name in ("ada", "ben")] == [["*"], ["*"]]


# --- The commands


@pytest.fixture(scope="module")
def course_copy(course, tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    for name in ("source", "notebooks", "solutions", "helpers"):
        shutil.copytree(course.root / name, folder / name)
    for name in FILES:
        shutil.copy(course.root / name, folder / name)
    return folder


@pytest.fixture
def run(course_copy, monkeypatch):
    monkeypatch.chdir(course_copy)
    return lambda *arguments: CliRunner().invoke(main, [str(argument) for argument in arguments])


def rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_collect_copies_and_reports(run, right, tmp_path):
    (tmp_path / "moodle.zip").write_bytes(zipped({f"{SLOT}/01 (1).ipynb": right[FIRST], f"=1+1/{FIRST}": b"{"}))
    result = run("collect", tmp_path / "moodle.zip", "--to", tmp_path / "to")
    assert result.exit_code == 1, result.output
    assert "2 students, 1 notebooks that count" in result.output
    assert (tmp_path / "to" / JANE / FIRST).read_bytes() == right[FIRST]
    assert [(row["student"], row["file"], row["kind"]) for row in rows(tmp_path / "to" / "intake.csv")] == [
        ("'=1+1", FIRST, "refused"),
        (JANE, "01 (1).ipynb", "renamed"),
    ]
    assert sorted(path.name for path in (tmp_path / "to").iterdir()) == ["=1+1", JANE, "intake.csv"]
    assert run("collect", tmp_path / "moodle.zip", "--to", tmp_path / "to").exit_code == 2, "nothing is overwritten"
    assert run("collect", tmp_path / "to", "--to", tmp_path / "to" / "x").exit_code == 2
    assert run("collect").exit_code == 2
    many = zipped({f"eve/{number}.ipynb": b"{" for number in range(40)})
    (tmp_path / "many.zip").write_bytes(many)
    result = run("collect", tmp_path / "many.zip", "--to", tmp_path / "many")
    assert result.output.count("eve/") == 12
    assert "eve: and 28 more, which are in intake.csv." in result.output
    (tmp_path / "moodle.zip").write_bytes(zipped({f"{SLOT}/01 (1).ipynb": right[FIRST]}))
    assert run("collect", tmp_path / "moodle.zip", "--to", tmp_path / "fine").exit_code == 0
    (tmp_path / "bad.csv").write_text("x")
    result = run("collect", tmp_path / "moodle.zip", "--to", tmp_path / "third", "--roster", tmp_path / "bad.csv")
    assert (result.exit_code, "Traceback" in result.output) == (1, False)


def test_a_moodle_archive_is_graded_with_damage_and_all(run, right, built, tmp_path):
    broken = answer(built[0], answers_of(built[0].full))
    broken.cells = [cell for cell in broken.cells if cell.id not in ("q1b-loss", "q1b-loss-test")]
    for cell in broken.cells:
        if cell.id == "q1a-relu-test":
            cell.source, cell.metadata.nbgrader.schema_version = "pass", 99
    files = {
        f"{SLOT}/submission.zip": zipped({FIRST: right[FIRST]}),
        f"Eve_2_assignsubmission_file_/{FIRST}": as_text(broken).encode(),
        "Eve_2_assignsubmission_file_/work.rar": b"",
    }
    (tmp_path / "moodle.zip").write_bytes(zipped(files))
    result = run("grade", tmp_path / "moodle.zip", "--out", tmp_path / "marks")
    assert result.exit_code == 1, result.output
    marks = {row["student"]: row for row in rows(tmp_path / "marks" / "grades.csv")}
    assert (marks[JANE]["total"], marks[JANE]["q2d-backward"]) == ("20", "0")
    assert (marks["Eve_2"]["total"], marks["Eve_2"]["q1b-loss"], marks["Eve_2"]["q2d-backward"]) == (
        "14",
        "0",
        "",
    )  # q1c needs q1b
    reasons = {(row["student"], row["exercise"]): row for row in rows(tmp_path / "marks" / "reasons.csv")}
    assert reasons["Eve_2", "q1b-loss"]["reason"] == "not attempted"
    assert reasons["Eve_2", "q1a-relu"]["reason"] == "passed"
    assert reasons["Eve_2", "q1a-relu"]["message"] == TAMPERED + "."
    kinds = [row["kind"] for row in rows(tmp_path / "marks" / "intake.csv")]
    assert kinds.count("refused") == 1
    assert kinds.count("repaired") == 4


def test_refused_weights_hide_no_notebook(built, right, tmp_path):
    (tmp_path / "in" / "ada").mkdir(parents=True)
    (tmp_path / "in" / "ada" / FIRST).write_bytes(right[FIRST])
    (tmp_path / "in" / "ada" / "best_two_layer.npz").symlink_to("/etc/passwd")
    graded = grade(built, tmp_path / "in", tmp_path / "marks", CourseFolder(tmp_path / "gradebook"))
    assert len(graded.refusals) == 1
    assert NOT_GRADED not in {result.reason for result in graded.marks[0].results}


def test_the_best_attempt_counts_and_being_late_costs(built, right, untouched, tmp_path):
    for number, content in enumerate((right[FIRST], untouched[FIRST])):
        path = tmp_path / f"week-{number}" / "ada" / FIRST
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
        when = (DUE + timedelta(days=1)).timestamp()
        os.utime(path, (when, when))
    late = LatePolicy(Due(DUE), "autograde.late.DailyPenalty", {"percent_per_day": 10})
    folder = CourseFolder(tmp_path / "gradebook")
    sources = [tmp_path / "week-0", tmp_path / "week-1"]

    def graded(**settings):
        return grade(built, sources, tmp_path / "marks", folder, settings=Settings(**settings)).marks[0]

    best = graded(attempts=BEST, late=late)
    assert (best.total, best.penalty) == (18, 2)
    (row,) = rows(tmp_path / "marks" / "grades.csv")
    assert (row["late"], row["total"]) == ("-2", "18")
    (row,) = rows(tmp_path / "marks" / "attempts.csv")
    assert (row["attempts"], row["minutes late"]) == ("2", "1440")
    assert "raise NotImplementedError(" not in (folder.path("submitted", "ada") / FIRST).read_text().replace(
        "(...)", ""
    )
    assert graded(late=late).total == 0

    def due():
        with Gradebook(f"sqlite:///{tmp_path}/gradebook/gradebook.db") as gradebook:
            return gradebook.find_assignment(ASSIGNMENT).duedate

    config = tmp_path / "gradebook" / "nbgrader_config.json"
    assert json.loads(config.read_text())["DailyPenalty"] == {"percent_per_day": 10}, "for nbgrader's own commands"
    assert due() == DUE.astimezone(UTC).replace(tzinfo=None)
    folder.set_policy(None)
    assert (due(), config.exists()) == (None, False)
    with Gradebook(f"sqlite:///{tmp_path}/gradebook/gradebook.db") as gradebook:
        gradebook.update_or_create_assignment(ASSIGNMENT, duedate="2026-01-01 00:00:00 UTC")
    folder.set_policy(None)
    assert due() is not None, "what was set with nbgrader itself stays"
