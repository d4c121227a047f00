"""A student's work in a new release: carried over cell by cell, conflicts shown, nothing lost, whatever happens on the way."""

import copy
import io
import json
import zipfile
from importlib.metadata import version
from pathlib import Path

import nbformat
import numpy as np
import pytest
from click.testing import CliRunner

from autograde.build import as_text
from autograde.cli import main as course_main
from autograde.course import KIT, Course
from autograde.notebook_file import read_notebook
from autograde.release import bundle
from autograde.repair import repair
from autograde.students import FILES
from helpers import update as updating
from helpers.bundle import RELEASE, NotABundle, cell_digest, read_bundle, source_of
from helpers.merge import EARLIER, _is_answer, merge
from helpers.submission import pack
from helpers.update import main
from tests.small_course import RIGHT, write_course
from tests.test_authoring import GOOD, HEADING, SOLUTION, TEST

FILE = "notebooks/01_small.ipynb"
NEW_STUB = GOOD.replace('"""Twice x."""', '"""Twice x, for arrays too."""')
NEW_TEXT = GOOD.replace("# Why?", "# Why is that so?").replace("Is it doubled?", "Is it really doubled?")
OTHER = "\n" + "\n".join([HEADING, SOLUTION, TEST]).replace("q1-double", "q2-again").replace("double", "again")


@pytest.fixture
def released(tmp_path):
    """Makes a release of a course with this source: returns its archive and what was built."""
    made = []

    def make(text=GOOD, helper="A = 1\n", name="01_small"):
        root = tmp_path / f"course-{len(made)}"
        made.append(root)
        built = write_course(root, text)
        (root / "source" / "01_small.py").rename(root / "source" / f"{name}.py")
        for file in (*FILES, "helpers/__init__.py", f"notebooks/{name}.ipynb"):
            (root / file).parent.mkdir(exist_ok=True)
            (root / file).write_text(file)
        (root / "helpers" / "one.py").write_text(helper)
        (root / "notebooks" / f"{name}.ipynb").write_text(as_text(built[0].release))
        archive = tmp_path / f"student-{len(made)}.zip"
        with zipfile.ZipFile(archive, "w") as file:
            for member, content in bundle(Course(root), [name]).items():
                file.writestr(f"network-from-scratch/{member}", content)
        return archive, built

    return make


@pytest.fixture
def desk(tmp_path):
    """Unpacks a release as a student would."""

    def unpack(archive) -> Path:
        with zipfile.ZipFile(archive) as file:
            file.extractall(tmp_path / "desk")
        return tmp_path / "desk" / "network-from-scratch"

    return unpack


def cells_of(folder):
    return json.loads((folder / FILE).read_text())["cells"]


def edit(folder, **sources):
    """Write into cells by their id, with _ for -."""
    notebook = json.loads((folder / FILE).read_text())
    for cell in notebook["cells"]:
        source = sources.get(cell["id"].replace("-", "_"))
        if source is not None:
            cell["source"] = source
    (folder / FILE).write_text(json.dumps(notebook))


def insert(folder, after, *new):
    """Put cells after the one with this id, or in front."""
    notebook = json.loads((folder / FILE).read_text())
    place = 1 + next((number for number, cell in enumerate(notebook["cells"]) if cell["id"] == after), -1)
    notebook["cells"][place:place] = new
    (folder / FILE).write_text(json.dumps(notebook))


def own(identity, source, kind="code"):
    more = {"outputs": [{"output_type": "stream", "name": "stdout", "text": "4"}], "execution_count": 3}
    return {"cell_type": kind, "id": identity, "metadata": {}, "source": source} | (more if kind == "code" else {})


def ids(folder):
    return [cell["id"] for cell in cells_of(folder)]


def source(folder, identity):
    return next(source_of(cell) for cell in cells_of(folder) if cell["id"] == identity)


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_given_cells_become_new_and_answers_and_own_cells_stay(released, desk, capsys):
    (old, _), (new, built) = released(), released(NEW_TEXT, helper="A = 2\n")
    folder = desk(old)
    edit(folder, q1_double=RIGHT, q1_why="Because I say so.")
    insert(folder, "q1-double", own("mine", "double(2)"))
    (folder / "notebooks" / "best.npz").write_bytes(b"weights")
    before = (folder / FILE).read_bytes()
    assert main([str(new), str(folder)]) == 0
    assert "01_small: 2 cells updated, 2 answers kept" in capsys.readouterr().out
    cells = {cell["id"]: cell for cell in cells_of(folder)}
    given = {cell.id: cell for cell in built[0].release.cells}
    assert list(cells)[:3] == [*list(given)[:2], "mine"]
    assert list(cells)[3:] == list(given)[2:]
    assert source_of(cells["q1-double"]) == RIGHT
    assert source_of(cells["q1-why"]) == "Because I say so."
    assert source_of(cells["q1-double-test"]) == given["q1-double-test"].source
    assert "Why is that so?" in source_of(cells["q1-why-question"])
    assert cells["mine"] == own("mine", "double(2)")
    assert (folder / "helpers" / "one.py").read_text() == "A = 2\n"
    assert (folder / "notebooks" / "best.npz").read_bytes() == b"weights"
    backups = list((folder / "before-update").rglob("*"))
    assert [path.read_bytes() for path in backups] == [before]
    assert backups[0].name.startswith(f"01_small.before-{version(KIT)}+")
    assert read_bundle(new)[0] == updating._installed(folder)


def test_an_updated_notebook_is_handed_in_and_graded_without_a_repair(released, desk):
    (old, _), (new, built) = released(), released(NEW_STUB.replace("# Why?", "# Why so?") + OTHER)
    folder = desk(old)
    edit(folder, q1_double=RIGHT, q1_why="Because.")
    insert(folder, "q1-double", own("mine", "double(2)"))
    insert(folder, "", own("first", "import this"))
    assert main([str(new), str(folder)]) == 0
    with zipfile.ZipFile(pack(folder / "notebooks").path) as archive:
        submitted = read_notebook(archive.read("01_small.ipynb"))
    notebook, said = repair(submitted, built[0].release)
    assert said == []
    assert {"first", "mine"} <= {cell.id for cell in notebook.cells}
    assert [cell.source for cell in notebook.cells if cell.id == "q1-double"] == [RIGHT]


def test_a_stub_that_nobody_touched_becomes_new_without_a_word(released, desk, capsys):
    (old, _), (new, _) = released(), released(NEW_STUB)
    folder = desk(old)
    assert main([str(new), str(folder)]) == 0
    assert "for arrays too" in source(folder, "q1-double")
    assert "new text" not in capsys.readouterr().out
    assert len(cells_of(folder)) == 5


def test_a_changed_stub_under_an_answer_is_a_conflict_that_is_shown(released, desk, capsys):
    (old, _), (new, _) = released(), released(NEW_STUB)
    folder = desk(old)
    edit(folder, q1_double=RIGHT)
    assert main([str(new), str(folder)]) == 0
    assert "q1-double: its cell has a new text" in capsys.readouterr().out
    assert source(folder, "q1-double") == RIGHT
    note = cells_of(folder)[ids(folder).index("q1-double") - 1]
    assert note["cell_type"] == "markdown"
    assert "for arrays too" in source_of(note)
    assert "The text of `q1-double` changed" in source_of(note)


def test_work_in_cells_that_are_gone_stands_at_the_end_and_does_not_run(released, desk, capsys):
    (old, _), (new, _) = released(GOOD + OTHER), released()
    folder = desk(old)
    edit(folder, q2_again="def again(x):\n    return 2 * x")
    insert(folder, "q2-again", own("mine", "again(1)"))
    assert main([str(new), str(folder)]) == 0
    assert "q2-again: what you wrote there stands at the end" in capsys.readouterr().out
    last = cells_of(folder)[-3:]
    assert [cell["id"] for cell in last] == ["mine", EARLIER, "earlier-q2-again"]
    assert last[-1]["cell_type"] == "raw"
    assert "return 2 * x" in source_of(last[-1])
    assert "q2-again-test" not in ids(folder)
    assert main([str(old), str(folder)]) == 0
    edit(folder, q2_again="def again(x):\n    return x + x")
    assert main([str(new), str(folder)]) == 0
    assert ids(folder)[-3:] == [EARLIER, "earlier-q2-again", "earlier-q2-again-2"]
    assert ids(folder).count(EARLIER) == 1


def test_notes_in_a_text_stay_in_it_or_are_kept_when_it_changes(released, desk):
    (old, _), (same, _), (new, _) = released(), released(NEW_STUB), released(GOOD.replace("· 2 points", "· 3 points"))
    folder = desk(old)
    heading = ids(folder)[0]
    edit(folder, **{heading: "My notes on doubling"})
    assert main([str(same), str(folder)]) == 0
    assert source_of(cells_of(folder)[0]) == "My notes on doubling"
    assert main([str(new), str(folder)]) == 0
    assert "3 points" in source_of(cells_of(folder)[0])
    assert [source_of(cell) for cell in cells_of(folder)[-1:]] == ["My notes on doubling"]


def test_a_given_cell_that_was_changed_is_new_again_and_the_change_kept(released, desk):
    (old, built), (new, _) = released(), released(NEW_STUB)
    folder = desk(old)
    edit(folder, q1_double_test="print('easy')")
    assert main([str(new), str(folder)]) == 0
    assert source(folder, "q1-double-test") == built[0].release.cells[2].source
    assert "print('easy')" in source_of(cells_of(folder)[-1])


def test_own_cells_stay_beside_a_text_that_changed(released, desk):
    (old, _), (new, _) = released(), released(GOOD.replace("· 2 points\n\n", "· 2 points\n# More.\n\n", 1))
    folder = desk(old)
    insert(folder, ids(folder)[0], own("mine", "1 + 1"), own("more", "2 + 2"))
    assert main([str(new), str(folder)]) == 0
    assert ids(folder)[1:4] == ["mine", "more", "q1-double"]
    assert "More." in source_of(cells_of(folder)[0])


def test_outputs_stay_where_the_text_does(released, desk):
    (old, _), (new, _) = released(), released(NEW_TEXT)
    folder = desk(old)
    notebook = json.loads((folder / FILE).read_text())
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": own("x", "")["outputs"], "execution_count": 7}
    notebook["metadata"]["kernelspec"] = {"name": "mine", "display_name": "Mine", "language": "python"}
    (folder / FILE).write_text(json.dumps(notebook))
    edit(folder, q1_double=RIGHT)
    assert main([str(new), str(folder)]) == 0
    cells = {cell["id"]: cell for cell in cells_of(folder)}
    assert cells["q1-double"]["execution_count"] == 7
    assert cells["q1-double"]["outputs"]
    assert cells["q1-double-test"]["outputs"] == []
    assert json.loads((folder / FILE).read_text())["metadata"]["kernelspec"]["name"] == "mine"


def test_twice_is_once_and_a_dry_run_is_nothing(released, desk, capsys):
    (old, _), (new, _) = released(GOOD + OTHER), released(NEW_STUB, helper="A = 2\n")
    folder = desk(old)
    edit(folder, q1_double=RIGHT, q2_again="def again(x):\n    return 2 * x", q1_why="Because.")
    before = contents(folder)
    assert main(["--dry-run", str(new), str(folder)]) == 0
    assert contents(folder) == before
    out = capsys.readouterr().out
    assert "q1-double: its cell has a new text" in out
    assert "Nothing was changed" in out
    assert main([str(new), str(folder)]) == 0
    after = contents(folder)
    capsys.readouterr()
    assert main([str(new), str(folder / "notebooks")]) == 0
    assert contents(folder) == after
    assert capsys.readouterr().out.startswith(f"Nothing to do: this is version {version(KIT)}+")


def test_stopped_at_any_moment_and_run_again_the_end_is_the_same(released, desk, monkeypatch, tmp_path):
    (old, _), (new, _) = released(GOOD + OTHER), released(NEW_STUB, helper="A = 2\n")
    folder = desk(old)
    edit(folder, q1_double=RIGHT, q2_again="def again(x):\n    return 2 * x", q1_why="Because.")
    begin = contents(folder)
    assert main([str(new), str(folder)]) == 0
    wanted = contents(folder)
    real, real_backup, count = updating.write_whole, updating._back_up, [0]

    def step(function, *arguments):
        count[0] -= 1
        if count[0] < 0:
            raise KeyboardInterrupt
        function(*arguments)

    monkeypatch.setattr(updating, "write_whole", lambda *given: step(real, *given))
    monkeypatch.setattr(updating, "_back_up", lambda *given: step(real_backup, *given))
    stops = 0
    for steps in range(20):
        for path in folder.rglob("*"):
            if path.is_file():
                path.unlink()
        for name, content in begin.items():
            (folder / name).write_bytes(content)
        count[0] = steps
        stopped = main([str(new), str(folder)]) == 130
        assert source(folder, "q1-double") == RIGHT
        count[0] = 1000
        assert main([str(new), str(folder)]) == 0
        assert contents(folder) == wanted, steps
        stops += stopped
    assert 3 < stops < 20


def test_a_backup_is_never_overwritten(released, desk):
    (old, _), (new, _) = released(), released(NEW_TEXT)
    folder = desk(old)
    for text in ("first", "second"):
        edit(folder, q1_why=text)
        assert main([str(new), str(folder)]) == 0
        assert main([str(old), str(folder)]) == 0
    kept = "\n".join(path.read_text() for path in (folder / "before-update").iterdir())
    assert len(list((folder / "before-update").iterdir())) == 4
    assert "first" in kept
    assert "second" in kept


def test_files_that_the_student_changed_are_kept_and_helpers_that_are_gone_go(released, desk):
    (old, _), (new, _) = released(), released(NEW_TEXT, helper="A = 2\n")
    folder = desk(old)
    (folder / "helpers" / "one.py").write_text("A = 'mine'\n")
    (folder / "helpers" / "own.py").write_text("B = 1\n")
    (folder / "README.md").write_text("my notes")
    told = json.loads((folder / RELEASE).read_text())
    told["files"]["helpers/gone.py"] = told["files"]["LICENSE"]
    (folder / RELEASE).write_text(json.dumps(told))
    (folder / "helpers" / "gone.py").write_text("LICENSE")
    assert main([str(new), str(folder)]) == 0
    assert (folder / "helpers" / "one.py").read_text() == "A = 2\n"
    assert (folder / "helpers" / "own.py").exists()
    assert not (folder / "helpers" / "gone.py").exists()
    kept = {
        path.read_text()
        for path in (folder / "before-update").rglob("*.*")
        if path.suffix != ".ipynb" and path.is_file()
    }
    assert kept == {"A = 'mine'\n", "my notes"}


def test_without_a_known_earlier_version_nothing_is_lost_either(released, desk):
    (old, _), (new, _) = released(GOOD + OTHER), released(NEW_STUB)
    folder = desk(old)
    (folder / RELEASE).unlink()
    edit(folder, q1_double=RIGHT, q2_again="def again(x):\n    return 2 * x")
    assert main([str(new), str(folder)]) == 0
    assert source(folder, "q1-double") == RIGHT
    assert ids(folder)[-2:] == [EARLIER, "earlier-q2-again"]
    assert len(cells_of(folder)) == 5 + 2
    after = contents(folder)
    assert main([str(new), str(folder)]) == 0
    assert contents(folder) == after


def test_a_release_of_one_notebook_adds_it_and_leaves_the_others(released, desk):
    (old, _), (new, _) = released(), released(name="02_next")
    folder = desk(old)
    edit(folder, q1_double=RIGHT)
    before = (folder / FILE).read_bytes()
    assert main([str(new), str(folder)]) == 0
    assert (folder / FILE).read_bytes() == before
    assert (folder / "notebooks" / "02_next.ipynb").exists()
    (third, _) = released(NEW_STUB)
    assert main([str(third), str(folder)]) == 0
    assert "for arrays too" in source_of(cells_of(folder)[1])  # in a note: what was released first is still known


def test_copies_of_an_answer_and_an_answer_elsewhere(released, desk):
    (old, _), (new, _) = released(), released(NEW_TEXT)
    folder = desk(old)
    stub = cells_of(folder)[1]
    insert(folder, "q1-double", stub | {"id": "copy", "source": RIGHT})
    assert main([str(new), str(folder)]) == 0
    assert source(folder, "q1-double") == RIGHT
    assert [cell["metadata"].get("nbgrader", {}).get("grade_id") for cell in cells_of(folder)].count("q1-double") == 1
    notebook = json.loads((folder / FILE).read_text())
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] != "q1-double"] + [own("mine", RIGHT)]
    (folder / FILE).write_text(json.dumps(notebook))
    assert main([str(old), str(folder)]) == 0
    assert "q1-double" not in ids(folder)  # a stub after it would take its place at grading
    assert source(folder, "mine") == RIGHT


@pytest.mark.parametrize("broken", ["{", "[]", '{"cells": [1], "metadata": {}}', '{"cells": [], "metadata": {}}', ""])
def test_an_unreadable_notebook_stays_as_it_is_and_the_rest_is_done(released, desk, capsys, broken):
    (old, _), (new, _) = released(), released(NEW_STUB, helper="A = 2\n")
    folder = desk(old)
    whole = (folder / FILE).read_text()
    (folder / FILE).write_text(broken)
    assert main([str(new), str(folder)]) == 1
    assert (folder / FILE).read_text() == broken
    assert "01_small.ipynb" in capsys.readouterr().err
    assert (folder / "helpers" / "one.py").read_text() == "A = 2\n"
    (folder / FILE).write_text(whole)
    edit(folder, q1_double=RIGHT)
    assert main([str(new), str(folder)]) == 0
    assert "for arrays too" in source_of(cells_of(folder)[1])  # a note: what it was before is still known


def test_a_notebook_that_is_saved_meanwhile_is_left_alone(released, desk, monkeypatch, capsys):
    (old, _), (new, _) = released(), released(NEW_TEXT)
    folder = desk(old)
    real = updating._file_changes

    def save_meanwhile(*given):
        edit(folder, q1_double=RIGHT)
        return real(*given)

    monkeypatch.setattr(updating, "_file_changes", save_meanwhile)
    assert main([str(new), str(folder)]) == 1
    assert "changed just now. Save and close the notebooks" in capsys.readouterr().err
    monkeypatch.undo()
    assert main([str(new), str(folder)]) == 0
    assert source(folder, "q1-double") == RIGHT
    assert "Why is that so?" in source(folder, "q1-why-question")


# --- Archives


def rewritten(archive, listed, told, members):
    """The archive with other things in release.json, in its list of files, and among its members."""
    with zipfile.ZipFile(archive) as file:
        there = {name: file.read(name) for name in file.namelist()} | members
    release = json.loads(there[f"network-from-scratch/{RELEASE}"])
    release["files"] |= listed
    there[f"network-from-scratch/{RELEASE}"] = json.dumps(release | told).encode()
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in there.items():
            file.writestr(name, data)
    return content.getvalue()


@pytest.mark.parametrize(
    ("listed", "told", "members", "says"),
    [
        ({"../evil.py": "0"}, {}, {}, "no file of a course"),
        ({"helpers/../../evil.py": "0"}, {}, {}, "no file of a course"),
        ({"/etc/passwd": "0"}, {}, {}, "no file of a course"),
        ({"helpers/none.py": "0"}, {}, {}, "none.py is not in it"),
        ({}, {}, {"network-from-scratch/LICENSE": b"x"}, "LICENSE is not what was released"),
        ({}, {}, {"network-from-scratch/LICENSE": bytes(21_000_000)}, "larger than 20 MB"),
        ({}, {"format": 2}, {}, "newer update"),
        ({}, {"files": []}, {}, "cannot be read"),
        ({}, {"version": "../x"}, {}, "names no version"),
    ],
)
def test_an_archive_that_is_not_a_release_is_refused_whole(
    released, desk, tmp_path, capsys, listed, told, members, says
):
    archive, _ = released()
    folder = desk(archive)
    before = contents(tmp_path)
    bad = tmp_path / "bad.zip"
    bad.write_bytes(rewritten(archive, listed, told, members))
    assert main([str(bad), str(folder)]) == 1
    assert says in capsys.readouterr().err
    bad.unlink()
    assert contents(tmp_path) == before


def test_links_and_other_files_are_no_release(released, tmp_path):
    archive, _ = released()
    link = zipfile.ZipInfo("network-from-scratch/LICENSE")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(archive, "a") as file, pytest.warns(UserWarning, match="Duplicate"):
        file.writestr(link, "/etc/passwd")
    with pytest.raises(NotABundle, match="no ordinary file"):
        read_bundle(archive)
    (tmp_path / "text.zip").write_text("text")
    with pytest.raises(NotABundle, match="no readable zip archive"):
        read_bundle(tmp_path / "text.zip")
    with pytest.raises(NotABundle, match=r"release\.json is not in it"):
        read_bundle(tmp_path / "course-0" / "helpers")


def test_an_unpacked_release_will_do_and_course_update_does_the_same(released, desk, tmp_path):
    (old, _), (new, _) = released(), released(NEW_TEXT)
    folder = desk(old)
    edit(folder, q1_double=RIGHT)
    with zipfile.ZipFile(new) as file:
        file.extractall(tmp_path / "unpacked")
    done = CliRunner().invoke(course_main, ["update", str(tmp_path / "unpacked" / "network-from-scratch"), str(folder)])
    assert done.exit_code == 0, done.output
    assert "1 answer kept" in done.output
    assert source(folder, "q1-double") == RIGHT
    done = CliRunner().invoke(course_main, ["update", str(new), str(tmp_path)])
    assert done.exit_code == 1
    assert "is not where student.zip was unpacked" in done.output


def test_a_wrong_folder_or_archive_is_said(released, tmp_path, capsys):
    archive, _ = released()
    assert main([str(archive), str(tmp_path / "course-0")]) == 1
    assert "instructor's course" in capsys.readouterr().err
    for arguments in ([], ["none.zip"], [str(archive), str(tmp_path / "none")]):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 2


# --- Whatever anybody did


def changed_release(notebook, rng):
    """A newer release: some texts, stubs and tests changed, some exercises gone, one that is new."""
    new = copy.deepcopy(notebook)
    gone = set(rng.choice([c["id"] for c in new["cells"] if c["id"].startswith("q")], 3))
    new["cells"] = [cell for cell in new["cells"] if cell["id"] not in gone]
    for cell in new["cells"]:
        if rng.random() < 0.3:
            cell["source"] = source_of(cell) + "\n# corrected"
            if "nbgrader" not in cell["metadata"]:  # its id is made of its text
                cell["id"] = f"{int(rng.integers(16**12)):012x}"
    marks = {
        "grade": False,
        "grade_id": "q9-new",
        "locked": False,
        "solution": True,
        "schema_version": 3,
        "task": False,
    }
    stub = own("q9-new", 'def new():\n    raise NotImplementedError("q9-new")') | {"metadata": {"nbgrader": marks}}
    new["cells"].insert(int(rng.integers(len(new["cells"]))), stub)
    return new


def worked_in(notebook, rng):
    """The notebook after somebody worked in it, and what they wrote."""
    mine, written = copy.deepcopy(notebook), []
    for number in range(12):
        text = f"work {number} {int(rng.integers(10**9))}"
        place = int(rng.integers(len(mine["cells"])))
        what = rng.choice(["write", "write", "write", "insert", "copy", "move"])
        cell = mine["cells"][place]
        if what == "insert":
            mine["cells"].insert(place, own(f"mine-{number}", text, str(rng.choice(["code", "markdown", "raw"]))))
        elif what == "copy":
            mine["cells"].insert(place, copy.deepcopy(cell) | {"id": f"copy-{number}", "source": text})
        elif what == "move":
            mine["cells"].append(mine["cells"].pop(place))
            continue
        elif any(old in source_of(cell) for old in written):
            continue
        else:
            cell["source"] = text
        written.append(text)
    return mine, written


@pytest.mark.parametrize("seed", range(24))
def test_nothing_that_was_written_is_lost_and_twice_is_once(built, seed):
    rng = np.random.default_rng(seed)
    released = json.loads(as_text(built[seed % len(built)].release))
    new = changed_release(released, rng)
    mine, written = worked_in(released, rng)
    before = {cell["id"]: cell_digest(cell) for cell in released["cells"]} if seed % 4 else {}
    merged = merge(mine, new, before, "2").notebook
    text = "\n".join(source_of(cell) for cell in merged["cells"])
    given = {cell["id"] for cell in released["cells"] if "nbgrader" in cell["metadata"] and not _is_answer(cell)}
    locked = {cell["source"] for cell in mine["cells"] if cell["id"] in given and isinstance(cell["source"], str)}
    assert [one for one in written if one not in text and (before or one not in locked)] == []
    now = {cell["id"]: cell_digest(cell) for cell in new["cells"]}
    assert merge(merged, new, now, "2").notebook == merged
    assert merge(merged, new, before, "2").notebook == merged
    nbformat.validate(nbformat.reads(json.dumps(merged), as_version=4))
    _, said = repair(read_notebook(json.dumps(merged).encode()), nbformat.reads(json.dumps(new), as_version=4))
    assert said == []
