"""Is the handout's text found, converted whole, and printed for the right readers?"""

import base64
import json
import re
import subprocess
import sys
from html import escape
from pathlib import Path

import jupytext
import pytest

from autograde.build import as_text
from autograde.course import Course, CourseError
from autograde.handout import make as making
from autograde.handout import written as module
from autograde.handout.assembly import Notebooks, Piece, Reader, section_displays, sections
from autograde.handout.displays import displays, one_line, split_rows
from autograde.handout.document import Writer, read
from autograde.handout.figures import FIGURES, gradient_errors
from autograde.handout.formulas import to_typst
from autograde.handout.front import Front
from autograde.handout.page import _in_parts
from autograde.handout.pandoc import ConversionError
from autograde.handout.pdf import Typst, as_typst
from autograde.handout.percent import read_cells
from autograde.handout.written import print_written, spelled
from autograde.planted import answer
from autograde.settings import HandoutTexts, read_settings
from tests.conftest import ROOT

TEXTS = HandoutTexts("Deep Learning 101 <a> & b", "Backprop on paper", "Fall 7")
#: Numbers of answers, which students must not see.
ANSWERS = re.compile(r"H\.(?:2|[5-9]|1[0-5]|2[4-9]|3[014-9]|4[0-5789]|50|55|5[7-9]|6\d|7\d)\b")
WRITTEN = (
    "q2a-derivation", "q2b-derivation", "q2c-derivation", "q5d-variance", "q6a-derivation", "q7a-derivation", "q7b-derivation",
    "q8a-derivation",
)  # fmt: skip


@pytest.fixture(scope="module")
def made(course, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("handout")
    making.make(course, TEXTS, folder)
    return folder


@pytest.fixture(scope="module")
def notebooks(course) -> Notebooks:
    return Notebooks(course)


def test_sources_are_read_as_jupytext_reads_them(course):
    for path in [*course.sources, *sorted((course.root / "source" / "handout").glob("*.py"))]:
        theirs = jupytext.read(path, fmt="py:percent")
        ours = read_cells(path, course.root)
        assert [cell.kind for cell in ours] == [cell.cell_type for cell in theirs.cells], path
        for mine, other in zip(ours, theirs.cells, strict=True):
            assert mine.text == other.source.strip("\n"), mine.where
            told = {name: value for name, value in other.metadata.items() if name != "lines_to_next_cell"}
            assert mine.options == json.loads(json.dumps(told)), mine.where


def test_displays_are_found_outside_code_only():
    text = "`$$a$$` and \\$$ no\n\n```\n$$ b $$\n```\n\n$$ c\n= d \\tag{1.1} $$ and\n"
    text += "\\begin{align} e &= f \\tag{1.2} \\\\ g \\end{align}"
    found = displays(text)
    assert [display.numbers for display in found] == [["1.1"], ["1.2"]]
    assert [len(display.rows) for display in found] == [1, 2]
    assert "$$c = d \\tag{1.1}$$" in one_line(text)
    assert one_line("> $$ a\n> = b $$") == "> $$a = b$$"


def test_rows_end_outside_of_inner_environments():
    assert len(split_rows(r"a \\ \begin{cases} b \\ c \end{cases} \\[2pt] {d \\ e}")) == 3


def test_a_heading_an_equation_an_answer_are_found_by_name(notebooks):
    assert r"\tag{2.5}" in notebooks.equation("2.5").text
    assert "quotient rule" in " ".join(piece.text for piece in notebooks.under("02_backprop: The softmax Jacobian"))
    assert notebooks.steps("q2a-derivation").text.startswith("1. ")
    assert "Double-click" not in notebooks.steps("q2a-derivation").text
    assert notebooks.exercise("q2c-derivation").points == 6


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{{ equation 9.9 }}", "no notebook has an equation (9.9)"),
        ("{{ text 02_backprop: Nothing }}", "no notebook 02_backprop with the heading 'Nothing'"),
        ("{{ answer q9 }}", "no notebook has a text cell q9"),
        ("{{ picture x }}", "unknown"),
    ],
)
def test_what_is_not_there_is_named_with_its_cell(course, tmp_path, text, problem):
    small_course(tmp_path, text)
    with pytest.raises(CourseError, match=re.escape(problem)) as error:
        sections(Course(tmp_path), Reader.STUDENT)
    assert "source/handout/1_text.py, the cell at line 1" in str(error.value)


def small_course(root: Path, text: str) -> Course:
    """A course whose handout is one cell of text, followed by a check that everything displayed in it holds."""
    (root / "source" / "handout").mkdir(parents=True)
    (root / "source" / "01_small.py").write_text("# %% [markdown]\n# nothing\n")
    lines = "\n".join(f"# {line}" for line in text.split("\n"))
    check = '\n\n# %%\nholds(World({"a": 1.0}))\n' if "$$" in text else "\n"
    (root / "source" / "handout" / "1_text.py").write_text(f"# %% [markdown]\n{lines}{check}")
    return Course(root)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (r"an $\foo{x}$ inline", r"cannot be printed: \\foo\{x\}"),
        (r"a $\begin{array}{c|c} a & b \end{array}$", "array"),
        ("see (7.7)", r"\(7\.7\) refers to no equation"),
        ("<details>x</details>", "HTML"),
        ("![x](there.png)", "picture"),
        ("```\nnever closed", None),
        ("$$ a = 2 \\tag{H.1} $$", r"\(H\.1\) does not hold: 1 on the left"),
        ("$$ \\begin{align} a &= 1 \\tag{H.1} \\\\ a &= 2 \\tag{H.2} \\end{align} $$", r"does not hold in \(H\.2\)"),
        ("$$ a = \\foo \\tag{H.1} $$", "has no value"),
    ],
)
def test_nothing_is_dropped_silently(tmp_path, text, problem):
    course = small_course(tmp_path, text)
    if problem is None:
        making.make(course, TEXTS, tmp_path)
        return
    with pytest.raises(making.HandoutError, match=problem) as error:
        making.make(course, TEXTS, tmp_path)
    assert all("source/handout/1_text.py, the cell at line 1" in line for line in error.value.problems)
    assert not list(tmp_path.glob("*.pdf"))


def test_long_formulas_in_a_line_are_cut_at_their_equals_signs():
    long = r"\partial\ell/\partial o_j = \sum_{k = 1}^K (-\tau_k/p_k)\, \partial p_k/\partial o_j = p_j - \tau_j"
    parts = _in_parts(long)
    assert "".join(parts) == long
    assert [part[:1] for part in parts] == ["\\", "=", "="]
    for whole in ("a = b", r"\left( " + long + r" \right)"):
        assert _in_parts(whole) == [whole]


def test_a_block_that_swallows_the_next_piece_is_named():
    with pytest.raises(ConversionError, match="first"):
        read([Piece("```\nnever closed", "first"), Piece("text", "second")])


def test_formulas_keep_their_signs():
    formulas = {
        r"a \odot b": "⊙",
        r"\lvert x \rvert": "lr(|",
        r"\operatorname*{argmax}_x f": 'op("argmax", limits: #true)',
        r"\operatorname{diag}(p)": 'op("diag")',
        r"a\!b": "-0.1667em",
        r"\bigl( a \bigr)": "stretch(",
        r"\begin{cases} a & b \\ c & \text{(d)} \end{cases}": "a &quad b, c &quad",
    }
    found = to_typst(formulas)
    for tex, expected in formulas.items():
        assert expected in found[tex], found[tex]
    powers = "x^{" * 40 + "2" + "}" * 40  # half a year of pandoc's time
    assert to_typst([r"\nope", r"\hline x", powers]) == {}


def test_every_number_is_in_pdf_and_html_and_links_lead_to_it(course, made):
    for reader in Reader:
        wanted = [
            n for part in sections(course, reader) for display, _ in section_displays(part) for n in display.numbers
        ]
        page = (made / f"{making.FILES[reader]}.html").read_text()
        assert re.findall(r'<span id="eq-([^"]+)">\(', page) == wanted
        assert all(f">({number})</span>" in page for number in wanted)
        links = set(re.findall(r'<a href="#eq-([^"]+)">', page))
        assert {"1.6", "2.5", "7.8", "H.16"} <= links <= set(wanted)
        anchors = set(re.findall(r'id="([^"]+)"', page))
        assert set(re.findall(r'href="#([^"]+)"', page)) <= anchors


def test_numbers_in_the_pdf_are_those_of_the_notebooks(course):
    typ = "\n".join(typst_source(course, reader) for reader in Reader)
    for number in ("1.3", "2.5", "2.8", "3.5", "5.6", "6.3", "7.8", "8.6", "H.33"):
        assert f'label("eq-{number}")' in typ
    texts = [cell.text for cells in Notebooks(course).cells.values() for cell in cells]
    notebook_numbers = {number for text in texts for number in re.findall(r"\\tag\{(.*?)\}", text)}
    shown = set(re.findall(r'#label\("eq-(\d\.\d+)"\)', typ))
    assert shown <= notebook_numbers
    not_there = set(
        re.findall(r"\((\d\.\d+)\)", (ROOT / "docs" / "handout.md").read_text().partition("**Not checked:**")[2])
    )
    assert notebook_numbers - shown == {"2.1"}
    assert not_there == {"2.1"}


def numbers_of(course: Course, reader: Reader) -> set[str]:
    return {n for part in sections(course, reader) for display, _ in section_displays(part) for n in display.numbers}


def typst_source(course: Course, reader: Reader) -> str:
    parts = sections(course, reader)
    pieces = read(piece for part in parts for piece in part.pieces)
    to = Typst.of(pieces)
    blocks = Writer(to, numbers_of(course, reader)).write(pieces)
    return as_typst(blocks, Front("c", "t", "v", reader.value))


def test_students_get_no_answer_in_any_file(course, made, notebooks):
    students = typst_source(course, Reader.STUDENT) + (made / "backprop.html").read_text()
    assert not ANSWERS.search(students)
    for name in WRITTEN:
        for display in displays(notebooks.exercise(name).text):
            tex = display.tex.replace("\\", "\\\\")
            if display.tex not in [d.tex for d in displays(notebooks.equation("2.5").text)]:
                assert tex not in students, display.tex
                assert display.tex not in students
    for word in ("Marking", "For marking", "Derivation<", "Why, and what is right", "Biases are not penalised"):
        assert word not in students, word
    instructors = typst_source(course, Reader.INSTRUCTOR)
    numbers = {reader: numbers_of(course, reader) for reader in Reader}
    assert {f"H.{number}" for number in range(1, 99) if ANSWERS.fullmatch(f"H.{number}")} & numbers[
        Reader.INSTRUCTOR
    ] == (numbers[Reader.INSTRUCTOR] - numbers[Reader.STUDENT])
    assert "Biases are not penalised" in instructors
    assert 'aside("marking"' in instructors


def test_the_pdf_is_tagged_for_accessibility_with_its_fonts_inside(made):
    for path in made.rglob("*.pdf"):
        content = path.read_bytes()
        assert content.startswith(b"%PDF-")
        assert b"/MarkInfo" in content
        assert b"/StructTreeRoot" in content
        assert b"/Lang" in content
        assert b"pdfuaid:part>1<" in content
        assert content.count(b"/FontFile") >= 3


def test_the_page_needs_nothing_but_itself(made):
    for path in made.rglob("*.html"):
        page = path.read_text()
        assert '<html lang="en">' in page
        assert not re.search(r"<script|<link|<iframe|@import|url\(|src=|cdn", page, re.IGNORECASE)
        assert "default-src 'none'" in page
        assert page.count("<math") > 200
        assert page.count("<svg ") == page.count('role="img" aria-label="') == len(FIGURES)
        assert "data-" not in re.sub(r'data-number="[\d.]+"', "", page)
        for text in (TEXTS.course, TEXTS.title, TEXTS.version):
            assert escape(text) in page


def test_the_figures_say_what_the_text_says():
    errors = gradient_errors()
    assert min(errors["central"]) < 1e-8 < min(errors["one-sided"])
    assert errors["central"][4] == min(errors["central"])  # h = 1e-5
    assert errors["central"][4] < 4e-9
    for make_figure in FIGURES.values():
        figure = make_figure()
        assert len(figure.alt) > 100
        assert "<image" not in figure.svg


def test_made_twice_it_is_the_same_page(course, made, tmp_path):
    making.make(course, TEXTS, tmp_path)
    for path in tmp_path.rglob("*.html"):
        assert path.read_text() == (made / path.relative_to(tmp_path)).read_text()


def test_a_course_has_its_own_texts(tmp_path):
    (tmp_path / "course.toml").write_text('[handout]\ncourse = "Mine"\npaper = "us-letter"\n')
    assert read_settings(tmp_path).handout == HandoutTexts(course="Mine", paper="us-letter")
    for wrong in ('paper = "a5"', "title = 3", 'colour = "red"'):
        (tmp_path / "course.toml").write_text(f"[handout]\n{wrong}\n")
        with pytest.raises(CourseError, match=wrong.split()[0]):
            read_settings(tmp_path)


HOSTILE = r"""# Title

\begin{align} a &= b \\ c &= d \end{align}

$\foo{lost}$ and $$ \color{red}{x} $$ <b>bold</b> `#read("main.typ")`{=typst} [x]{typst:text:fill="red"} [to](#nowhere)

![sketch](attachment:s.png) 你好 ☃ #import "@preview/x:1.0.0"

$$ \def\a{\a\a} \a $$
"""


def written(built, tmp_path, **answers: str) -> Path:
    folder = tmp_path / "ada"
    folder.mkdir()
    path = folder / "02_backprop.ipynb"
    path.write_text(as_text(answer(next(item for item in built if item.name == "02_backprop"), answers)))
    return path


def test_what_a_student_wrote_is_printed_whatever_it_is(built, tmp_path, monkeypatch):
    texts = {"q2a-derivation": HOSTILE, "q2b-derivation": "```\nnever closed", "q2c-derivation": "Fine: $x^2$"}
    path = written(built, tmp_path, **texts)
    seen: list[str] = []
    real = module.compile_pdf
    monkeypatch.setattr(
        module, "compile_pdf", lambda text, *rest, **more: (seen.append(text), real(text, *rest, **more))[1]
    )
    pdf = print_written(path, built, TEXTS, "ada")
    assert pdf.startswith(b"%PDF-")
    printed = seen[-1]
    for part in (
        r"\\foo{lost}",
        r"\\color{red}{x}",
        "<b>",
        "#unprinted",
        "attachment:s.png",
        "never closed",
        'alt: "x^2"',
    ):
        assert part in printed, part
    assert printed.count("#mark(") == 3
    assert '\n#read("main.typ")' not in printed
    assert "fill=" in printed  # as text


def test_what_breaks_one_answer_leaves_the_others(built, tmp_path, monkeypatch):
    texts = {
        "q2a-derivation": "> " * 2000 + "deep \u202e " + "- " * 300,
        "q2b-derivation": r"Fine: $x^2$ ![sketch](attachment:s.png)",
        "q2c-derivation": "breaks everything",
    }
    path = written(built, tmp_path, **texts)
    content = json.loads(path.read_text())
    for cell in content["cells"]:
        if cell["cell_type"] == "markdown" and "sketch" in "".join(cell["source"]):
            broken = base64.b64encode(b"\x89PNG\r\n\x1a\n and no picture").decode()
            cell["attachments"] = {"s.png": {"image/png": broken}}
    path.write_text(json.dumps(content))
    real, seen = module.compile_pdf, []

    def refuses(text: str, *rest: object, **more: object) -> bytes:
        seen.append(text)
        if "breaks everything" in text and "```\nbreaks everything" not in text:
            raise CourseError("Typst: no")
        return real(text, *rest, **more)

    monkeypatch.setattr(module, "compile_pdf", refuses)
    print_written(path, built, TEXTS, "ada")
    assert seen[-1].count("cannot be laid out") == 2
    assert "deep [U+202E]" in seen[-1]
    assert 'alt: "x^2"' in seen[-1]
    assert "#unprinted" in seen[-1]


def test_an_untouched_answer_is_called_empty(built, tmp_path, monkeypatch):
    seen: list[str] = []
    monkeypatch.setattr(module, "compile_pdf", lambda text, *_, **__: (seen.append(text), b"")[1])
    print_written(written(built, tmp_path, **{"q2a-derivation": "x"}), built, TEXTS, "ada")
    assert seen[0].count("Nothing is written here.") == 2
    assert "YOUR ANSWER HERE" not in seen[0]


def test_a_formula_that_typst_refuses_is_shown_as_source(built, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_compiles", lambda bodies: "alpha" not in " ".join(bodies))
    real, calls = module.compile_pdf, []

    def refuses(text: str, *rest: object, **more: object) -> bytes:
        calls.append(text)
        if "alpha$" in text:
            raise CourseError("Typst: no")
        return real(text, *rest, **more)

    monkeypatch.setattr(module, "compile_pdf", refuses)
    print_written(written(built, tmp_path, **{"q2a-derivation": r"$\alpha$ and $\beta$"}), built, TEXTS, "ada")
    assert '#unprinted("\\\\alpha"' in calls[-1]
    assert "$beta$" in calls[-1]


def test_characters_without_a_font_are_spelled():
    assert spelled("a é λ ∂ 𝑥 — ⊙") == "a é λ ∂ 𝑥 — ⊙"
    assert spelled("你\x07") == "[U+4F60][U+0007]"


def test_other_files_are_refused_by_name(built, tmp_path):
    path = tmp_path / "x.ipynb"
    path.write_text("not json")
    with pytest.raises(CourseError, match=r"x\.ipynb is not readable"):
        print_written(path, built, TEXTS, "ada")


def course_command(*arguments: str, cwd: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [Path(sys.executable).with_name("course"), *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        check=False,
    )


def test_the_command(course, tmp_path):
    done = course_command("handout", "--to", str(tmp_path / "out"), "--paper", "us-letter", cwd=course.root)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(path.relative_to(tmp_path / "out").as_posix() for path in tmp_path.rglob("*.*")) == [
        "backprop.html", "backprop.pdf", "instructor/backprop-solutions.html", "instructor/backprop-solutions.pdf",
    ]  # fmt: skip
    assert re.search(rb"/MediaBox ?\[0 0 612(?:\.0)? 792(?:\.0)?\]", (tmp_path / "out" / "backprop.pdf").read_bytes())
    checked = course_command("handout", "--check", cwd=course.root)
    assert re.fullmatch(r"(\d+) of \1 equations verified \(\d+ of them in the students' version\)\n", checked.stdout)
    assert course_command("handout", "--check", "source/ruff.toml", cwd=course.root).returncode == 2
    bad = tmp_path / "bad.ipynb"
    bad.write_text("{")
    refused = course_command("handout", str(bad), cwd=course.root)
    assert refused.returncode == 1
    assert "bad.ipynb is not readable" in refused.stderr


def test_many_are_printed_whatever_one_of_them_is(course, tmp_path):
    paths = [tmp_path / name / "02_backprop.ipynb" for name in ("one/ada", "two/ada", "one/ben", "one/cid")]
    for path in paths:
        path.parent.mkdir(parents=True)
        path.write_bytes((course.notebooks / "02_backprop.ipynb").read_bytes())
    paths[2].write_text("{")
    done = course_command("handout", "--to", str(tmp_path / "out"), *map(str, paths), cwd=course.root)
    assert done.returncode == 1
    assert "would overwrite" in done.stderr
    assert "ben/02_backprop.ipynb is not readable" in done.stderr
    assert sorted(path.name for path in (tmp_path / "out" / "written").iterdir()) == [
        "ada-02_backprop.pdf", "cid-02_backprop.pdf",
    ]  # fmt: skip


def test_a_failing_check_is_named_and_fails_the_command(tmp_path):
    small_course(tmp_path, "$$ a = 2 \\tag{H.1} $$")
    done = course_command("handout", "--check", cwd=tmp_path)
    assert done.returncode == 1
    assert "source/handout/1_text.py, the cell at line 1: (H.1) does not hold: 1 on the left" in done.stderr
    assert "0 of 1 equations verified" in done.stdout


def test_heavy_imports_are_not_needed(course):
    """The handout is made without nbgrader, jupytext and nbformat, whose imports take longer than all the rest."""
    script = (
        "import sys; from pathlib import Path; from autograde.course import Course; "
        "from autograde.handout import make; make.DRAWS = 1; make.verify(Course(Path('.'))); "
        "sys.exit(any(name in sys.modules for name in ('nbgrader', 'jupytext', 'nbformat', 'torch')))"
    )
    assert subprocess.run([sys.executable, "-c", script], cwd=course.root, check=False).returncode == 0
