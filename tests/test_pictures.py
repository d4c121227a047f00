"""Pictures in what was handed in: kept where their cell is not run, drawn anew, and never anybody's business but the reader's."""

import base64
import io
import json
import struct
import zlib

import pytest
from nbformat.v4 import new_code_cell, new_output
from PIL import Image, PngImagePlugin

from autograde import pictures
from autograde.build import as_text
from autograde.grade import grade
from autograde.gradebook import CourseFolder
from autograde.intake import repair_copies
from autograde.pictures import keep_pictures, kept_pictures
from autograde.planted import answer
from tests.small_course import RIGHT, write_course
from tests.test_authoring import GOOD

_SHOWN = '# %% tags=["only-shows"] nbgrader={"grade": false, "grade_id": "figure", "locked": true, "solution": false, "schema_version": 3, "task": false}\n"no figure here"\n'  # noqa: E501
SECRET = "made by me"


def picture(kind="PNG", size=(40, 30), **options) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "teal").save(file, kind, **options)
    return file.getvalue()


def text_inside() -> bytes:
    about = PngImagePlugin.PngInfo()
    about.add_text("Comment", SECRET)
    return picture(pnginfo=about) + SECRET.encode()


def blank(side: int) -> bytes:
    """A small file that is a very large picture, one bit for each pixel."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(min(side * (1 + side // 8), 10_000_000)), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def shown(content: bytes, mime="image/png", said="a teal field"):
    return new_output("display_data", data={mime: base64.b64encode(content).decode(), "text/plain": said})


@pytest.fixture
def built(tmp_path):
    return write_course(tmp_path / "course", GOOD + "\n" + _SHOWN)


def copied(folder, built, outputs, *, cell="figure", tags=None):
    """A copied submission, with these outputs in one of its cells."""
    notebook = answer(built[0], {"q1-double": RIGHT})
    if cell == "own":
        notebook.cells.append(new_code_cell("plot()", id="own", metadata={"tags": tags or []}))
    next(one for one in notebook.cells if one.id == cell).outputs = outputs
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "01_small.ipynb").write_text(as_text(notebook))
    return folder


def kept(folder, built, **options):
    keep_pictures(folder, built, **{"isolated": False, **options})
    return kept_pictures(folder, "01_small")


def images(outputs) -> list[tuple[str, Image.Image]]:
    data = [(kind, text) for output in outputs for kind, text in output.data.items() if kind.startswith("image/")]
    return [(kind, Image.open(io.BytesIO(base64.b64decode(text)))) for kind, text in data]


def test_a_picture_is_kept_by_its_looks_alone(tmp_path, built):
    found = kept(copied(tmp_path / "in", built, [shown(text_inside()), shown(picture("JPEG"), "image/jpeg")]), built)
    first, second = images(found["figure"])
    assert (first[0], first[1].format, first[1].size) == ("image/png", "PNG", (40, 30))
    assert (second[0], second[1].format) == ("image/jpeg", "JPEG")
    assert SECRET not in str(first[1].info)
    assert SECRET.encode() not in base64.b64decode(found["figure"][1].data["image/png"])
    assert len(images(kept(copied(tmp_path / "large", built, [shown(blank(4_000))]), built)["figure"])) == 1
    assert "handed in" in found["figure"][0].data["text/markdown"]
    assert found["figure"][1].data["text/plain"] == "a teal field"


def test_a_room_draws_the_same(tmp_path, built, needs_room):
    folder = copied(tmp_path / "in", built, [shown(text_inside())])
    assert kept(folder, built, isolated=True) == kept(folder, built)
    assert len(images(kept_pictures(folder, "01_small")["figure"])) == 1


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (picture("JPEG"), "image/png"), (picture(), "image/jpeg"), (picture("GIF"), "image/png"), (picture("TIFF"), "image/png"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/png"), (b"", "image/png"),
        (blank(5_000), "image/png"), (blank(500_000), "image/png"),
        (picture()[:60], "image/png"), (b"\x89PNG\r\n\x1a\n<script>alert(1)</script>", "image/png"),
    ],
    ids=["jpeg-as-png", "png-as-jpeg", "gif", "tiff", "svg", "empty", "large", "bomb", "cut", "script"],
)  # fmt: skip
def test_what_is_no_such_picture_is_left_out_and_counted(tmp_path, built, content, mime):
    found = kept(copied(tmp_path / "in", built, [shown(content, mime), shown(picture())]), built)["figure"]
    assert len(images(found)) == 1
    assert "Without 1 of 2 pictures" in found[0].data["text/markdown"]


@pytest.mark.parametrize(
    "outputs",
    [
        {"data": 1}, [1, None, {"data": []}, {"data": {"image/png": 7}}], [{"data": {"image/png": ["a", 1]}}],
        [{"data": {"image/png": "no base64 \ud800 ∂"}}], [{"data": {"image/svg+xml": "<svg/>", "text/html": "<b>"}}],
    ],
    ids=str,
)  # fmt: skip
def test_outputs_of_any_shape_are_read(tmp_path, built, outputs):
    folder = copied(tmp_path / "in", built, [])
    told = json.loads((folder / "01_small.ipynb").read_text())
    next(cell for cell in told["cells"] if cell["id"] == "figure")["outputs"] = outputs
    (folder / "01_small.ipynb").write_text(
        json.dumps(told).replace('"image/png": 7', '"image/png": 7, "image/jpeg": 1')
    )
    assert images(kept(folder, built).get("figure", [])) == []


def test_many_and_large_pictures_are_bounded(tmp_path, built, monkeypatch):
    monkeypatch.setattr(pictures, "_MOST", 3)
    monkeypatch.setattr(pictures, "_LONGEST", 100_000)
    noise = Image.effect_noise((600, 600), 100)
    file = io.BytesIO()
    noise.save(file, "PNG")
    many = [shown(file.getvalue()), *[shown(picture(size=(5000, 10)))] * 2000]
    found = kept(copied(tmp_path / "in", built, many), built)["figure"]
    assert [image.size for _, image in images(found)] == [(2400, 5)] * 3
    assert "Without 1998 of 2001 pictures" in found[0].data["text/markdown"]


def test_cells_that_are_run_keep_nothing_and_a_students_own_cells_do(tmp_path, built):
    assert kept(copied(tmp_path / "a", built, [shown(picture())], cell="q1-double"), built) == {}
    assert kept(copied(tmp_path / "b", built, [shown(picture())], cell="own"), built) == {}
    own = kept(copied(tmp_path / "c", built, [shown(picture())], cell="own", tags=["skip-grading"]), built)
    assert len(images(own["own"])) == 1


def test_what_the_other_process_says_is_not_believed(tmp_path, built, monkeypatch):
    lies = tmp_path / "lies.py"
    lies.write_text(
        "import json\n"
        "html = 'PHNjcmlwdD4='\n"
        "for line in ([1], None, {}, ['image/svg+xml', html], ['image/png', html], ['image/png', '\"><script>']):\n"
        "    print(json.dumps(line))\n"
        "print('[' * 100000)\n"
    )
    monkeypatch.setattr(pictures, "_REDRAW", lies)
    found = kept(copied(tmp_path / "in", built, [shown(picture())] * 9), built)["figure"]
    assert images(found) == []
    assert "script" not in str(found)
    assert "Without 9 of 9" in found[0].data["text/markdown"]


def test_a_process_that_hangs_or_dies_costs_pictures_and_nothing_else(tmp_path, built, monkeypatch):
    monkeypatch.setattr(pictures, "_PATIENCE", 1.0)
    for text in ("import time; time.sleep(99)", "import os; os.abort()"):
        (tmp_path / "bad.py").write_text(text)
        monkeypatch.setattr(pictures, "_REDRAW", tmp_path / "bad.py")
        assert images(kept(copied(tmp_path / "in", built, [shown(picture())]), built)["figure"]) == []


def test_a_file_of_this_name_by_somebody_else_shows_no_more_than_a_cell_could(tmp_path):
    breaking_out = '{"a": [{"output_type": "display_data", "data": {"image/png": "\\"><script>"}}]}'
    for text in ("[]", "{", '{"a": 1}', "[" * 100_000, breaking_out):
        (tmp_path / "01_small.pictures.json").write_text(text)
        assert not any(kept_pictures(tmp_path, "01_small").values())


def test_figures_stand_on_the_page_and_reach_no_examination(tmp_path, built):
    """Graded with and without figures: nothing is examined anew; only the page differs."""
    texts, results = [], []
    for name, outputs in (("with", [shown(picture(), said='teal "><script>alert(1)</script>')]), ("without", [])):
        copied(tmp_path / "in" / "ada", built, outputs)
        folder = CourseFolder(tmp_path / "gradebook")
        graded = grade(built, tmp_path / "in", tmp_path / name, folder)
        results.append((graded.marks[0].results, {path.name for path in (folder.folder / "results").iterdir()}))
        texts.append((tmp_path / name / "feedback" / "ada" / "01_small.html").read_text())
    assert results[0] == results[1]
    assert 'src="data:image/png;base64,' in texts[0]
    assert "As it was handed in; not run for grading." in texts[0]
    assert "&lt;script&gt;" in texts[0]
    assert "<script" not in texts[0]
    assert "data:image/png" not in texts[1]
    assert "Not run for grading" in texts[1]


def test_what_is_handed_to_examiners_holds_no_picture(tmp_path, built):
    folder = CourseFolder(tmp_path / "gradebook")
    folder.publish(built)
    source = copied(tmp_path / "in" / "ada", built, [shown(picture())])
    keep_pictures(source, built, isolated=False)
    repair_copies(source, built)
    (job,) = folder.jobs(source, built)
    assert "image/png" not in job.submitted
    assert list(job.files) == ["01_small.ipynb"]
    assert "image/png" not in job.files["01_small.ipynb"].decode()


def test_what_was_drawn_for_a_student_is_drawn_once(tmp_path, built, monkeypatch):
    asked, draw = [], pictures._redrawn

    def counted(wanted, isolated):
        asked.append(len(wanted))
        return draw(wanted, isolated)

    monkeypatch.setattr(pictures, "_redrawn", counted)
    folder, same, other = CourseFolder(tmp_path / "gradebook"), shown(picture()), shown(picture(size=(9, 9)))

    def page(name, outputs):
        copied(tmp_path / name / "ada", built, outputs)
        grade(built, tmp_path / name, tmp_path / "marks", folder)
        return (tmp_path / "marks" / "feedback" / "ada" / "01_small.html").read_text()

    first = page("a", [same])
    assert (page("a", [same]), asked) == (first, [1])
    assert page("b", [same, other]).count("data:image/png") == 2
    assert asked == [1, 1]
    # Nothing that the file lacks, or that is no picture any more, is shown from it, and nobody else's.
    kept_file = folder.path("submitted", "ada") / "01_small.pictures.json"
    kept_file.write_text(kept_file.read_text().replace("iVBORw0KGgo", "PHNjcmlwdD4"))
    assert page("b", [same, other]).count("data:image/png") == 2
    copied(tmp_path / "c" / "ben", built, [same])
    page("c", [])
    assert asked == [1, 1, 2, 1]
    assert not kept_file.exists()
