"""The pages of a run in a browser: nothing acts, nothing is fetched, everybody can read them, and links lead somewhere."""

import base64
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image
from playwright.sync_api import Page

from autograde.due import Due
from autograde.examine import BY_HAND, NOT_GRADED, Result
from autograde.feedback import Facts, Score, page
from autograde.findings import REPAIRED, Finding
from autograde.marks import Graded, Marks
from autograde.outputs import write_outputs
from autograde.report import report_page
from autograde.roster import Roster
from tests.test_outputs import EXERCISES

RUN = "window.ran = 1"
HOSTILE = f"""<script>{RUN}</script><img src=x onerror="{RUN}"><svg onload="{RUN}"></svg><a href="javascript:{RUN}">a link</a>
<meta http-equiv=refresh content="0;url=https://example.org"><style>body {{ display: none }}</style>
<iframe srcdoc="<script>parent.ran = 1</script>"></iframe><details open ontoggle="{RUN}"><summary>x</summary></details>
<link rel=stylesheet href=https://example.org/x.css><base href=https://example.org><form action=https://example.org>
<img src=https://example.org/x.png></main></body>"""
STUDENT = f"<img src=x onerror={RUN}> \u202excod.\u2066"
DUE = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)


def png() -> str:
    file = io.BytesIO()
    Image.new("RGB", (900, 300), "teal").save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def cell(kind, source, *, graded="", points=None, solution=False, maximum=2.0, **more):
    made = {"code": new_code_cell, "markdown": new_markdown_cell}[kind](source, **more)
    if graded:
        about = {"grade_id": graded, "grade": True, "solution": solution, "points": maximum, "score": points}
        made.metadata["nbgrader"] = about
    return made


def notebook():
    """Part of a notebook as it was graded: hostile wherever a student may write."""
    figure = new_output("display_data", data={"image/png": png(), "text/plain": f'teal "> {HOSTILE}'})
    said = new_output("display_data", data={"text/markdown": "*As it was handed in; not run for grading.*"})
    html = new_output("display_data", data={"text/html": HOSTILE + "<table><tr><th>loss</th></tr></table>"})
    error = new_output("error", ename="WrongValue", evalue="x", traceback=[f"✗ {HOSTILE} is wrong"])
    own = [html, new_output("stream", name="stderr", text=HOSTILE * 3)]
    answer = f"$$\\frac{{\\partial L}}{{\\partial Z}} = \\frac{{1}}{{N}}(P - Y) \\tag{{2.5}}$$\n\n{HOSTILE}"
    why = cell("markdown", answer, graded="q2-why", points=1.5, solution=True)
    why.metadata["nbgrader"]["comment"] = f"Good, but *why*? $\\lambda$ {HOSTILE}"
    return new_notebook(
        cells=[
            cell("markdown", "# 1 · One\n\n| exercise | points |\n|---|---|\n| `q1-a` | 2 |\n\n## Exercise `q1-a`"),
            cell("code", f"def a():\n    return '{HOSTILE}' + {'1 + ' * 80}1", outputs=own),
            cell("code", "check(a)", graded="q1-a-test", points=0.0, outputs=[error]),
            cell("code", "draw()", metadata={"tags": ["only-shows"]}, outputs=[said, figure]),
            why,
            cell("markdown", HOSTILE, graded="q2-open", solution=True),
        ]
    )


@pytest.fixture(scope="module")
def marks(tmp_path_factory):
    """The folder of a run: a class of four, one of them hostile, two late."""
    out = tmp_path_factory.mktemp("run") / "marks"
    results = (
        Result("q1-a", 0.0, 2.0, "wrong value", f"{HOSTILE}\nyours 1.0"),
        Result("q2-b", None, 3.0, NOT_GRADED, "it was not examined"),
        Result("q2-why", None, 1.0, BY_HAND),
    )
    right = (
        Result("q1-a", 2.0, 2.0, "passed"),
        Result("q2-b", 1.5, 3.0, "right for your own earlier answers"),
        Result("q2-why", 1.0, 1.0, BY_HAND),
    )
    times = [DUE + timedelta(hours=hours) for hours in (-30, -3, 5)]
    rows = (
        Marks(STUDENT, results, notebooks=("01_one", "02_two"), attempts=tuple(times)),
        *(Marks(f"student{n}", right, {"02_two": 0.5}, ("01_one", "02_two"), attempts=(times[n],)) for n in range(3)),
    )
    findings = (Finding(STUDENT, f"{STUDENT}.ipynb", "was mended.", kind=REPAIRED, hides=""),)
    run = Graded(EXERCISES, rows, findings, out / "grades.csv", out / "feedback", "d" * 64, DUE, 9.0, Due(DUE))
    text = page(notebook(), Facts(STUDENT, "01_one", Score(1.5, 6.0), 0.5))
    for row in rows:
        (out / "feedback" / row.student).mkdir(parents=True)
        (out / "feedback" / row.student / "01_one.html").write_text(text)
    write_outputs(run, Roster({"student1": "", "zoe": STUDENT}))
    return out


KINDS = ("report.html", f"feedback/{STUDENT}/index.html", f"feedback/{STUDENT}/01_one.html")
each_kind = pytest.mark.parametrize("name", KINDS, ids=["report", "marks", "notebook"])


@pytest.fixture
def tab(watched) -> Page:
    return watched.context.new_page()


@each_kind
def test_nothing_of_a_students_acts(tab, marks, name):
    dialogs = []
    tab.on("dialog", lambda dialog: (dialogs.append(dialog), dialog.dismiss()))
    tab.goto((marks / name).as_uri())
    tab.wait_for_load_state("networkidle")
    for link in tab.get_by_text("a link").all():
        link.click()
    assert tab.evaluate("window.ran") is None
    assert not dialogs
    assert tab.url == (marks / name).as_uri()
    assert tab.locator("main").is_visible()
    assert tab.locator("script, iframe, form, object, link, base").count() == 0
    assert "\u202e" not in tab.content()
    assert "xcod" in tab.content() or name.endswith("01_one.html")


def test_a_policy_stands_behind_the_cleaning(watched, marks, tmp_path):
    """What would get through all the same is not run: the page forbids it."""
    text = (marks / KINDS[2]).read_text().replace("<main", f"<script>{RUN}</script><img src=x onerror='{RUN}'><main")
    (tmp_path / "leaky.html").write_text(text)
    tab = watched.context.new_page()
    tab.goto((tmp_path / "leaky.html").as_uri())
    assert tab.evaluate("window.ran") is None
    assert any("Content Security Policy" in error for error in watched.errors)
    watched.errors.clear()


def test_links_lead_from_the_report_to_the_cell_and_back(tab, marks):
    tab.goto((marks / "report.html").as_uri())
    tab.get_by_role("link", name="xcod").click()
    tab.get_by_role("link", name="q1-a").click()
    assert tab.url.endswith("01_one.html#q1-a")
    section = tab.get_by_role("region", name="test of q1-a")
    assert "is wrong" in section.inner_text()
    section.get_by_role("link", name="all marks").click()
    assert tab.url.endswith("index.html#q1-a")
    row = tab.locator("[id='q1-a']")
    assert "0 of 2" in row.inner_text()
    assert "wrong value" in row.inner_text()


def test_the_marks_say_why_points_are_open(tab, marks):
    tab.goto((marks / KINDS[1]).as_uri())
    told = tab.locator("body").inner_text()
    assert "1 points are open: a person marks what you wrote" in told
    assert "3 points are open: the grader could not judge one exercise yet. That costs you nothing." in told


def test_figures_derivations_and_comments_are_shown(tab, marks):
    tab.goto((marks / KINDS[2]).as_uri())
    figure = tab.locator("img[alt^='teal']")
    assert figure.evaluate("image => image.complete && image.naturalWidth") == 900
    written = tab.get_by_role("region", name="answer to q2-why")
    assert written.locator("math").count() == 2
    assert written.locator("math").first.evaluate("it => it.getBoundingClientRect().height") > 20
    assert written.locator(".comment em").inner_text() == "why"
    assert "(2.5)" in written.inner_text()
    assert "Open: a person marks this." in tab.get_by_role("region", name="answer to q2-open").inner_text()


def test_the_report_shows_late_attempts_and_who_is_missing(tab, marks):
    tab.goto((marks / "report.html").as_uri())
    plots = tab.locator("svg.plot")
    assert plots.count() == 2
    assert tab.locator("svg.plot .hatched").count() == 1
    assert "2 late" in plots.nth(1).locator("desc").text_content()
    assert tab.locator("#absent ~ ul").first.inner_text().startswith("zoe")
    assert tab.locator("#class ~ div tbody tr").first.inner_text().count("by 5 h") == 1


@each_kind
def test_the_page_fits_a_narrow_window_and_large_type(browser, tab, marks, name):
    for width in (400, 640):  # 640: a window of 1280 at 200 %
        tab.set_viewport_size({"width": width, "height": 700})
        tab.goto((marks / name).as_uri())
        assert tab.evaluate("document.documentElement.scrollWidth") <= width
        cut = (
            "[...document.querySelectorAll('img, svg.plot')].filter(it => it.getBoundingClientRect().width < 20).length"
        )
        assert tab.evaluate(cut) == 0


@each_kind
def test_everybody_can_read_it(tab, marks, name):
    """axe-core's rules, in light and dark; headings in order; the first Tab leads past the head of the page."""
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme=scheme)
        tab.goto((marks / name).as_uri())
        found = Axe().run(tab)
        assert not found.response["violations"], found.generate_report()
    levels = tab.evaluate("[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(it => +it.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.innerText") == "Skip to the content"
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "content"


def test_a_large_class_fits_into_the_report(tab, marks, tmp_path):
    exercises = tuple(replace(EXERCISES[0], id=f"q{number}-x") for number in range(90))
    results = tuple(Result(one.id, float(number % 3), 2.0, "wrong value") for number, one in enumerate(exercises))
    rows = tuple(
        Marks(f"s{n}", results, notebooks=("01_one",), attempts=(DUE - timedelta(hours=n),)) for n in range(1000)
    )
    findings = tuple(Finding(f"s{n}", "01_one.ipynb", "was mended.", kind=REPAIRED, hides="") for n in range(1000))
    run = Graded(exercises, rows, findings, tmp_path / "grades.csv", tmp_path / "feedback", due=Due(DUE))
    text = report_page(run)
    assert len(text) < 1_000_000
    (tmp_path / "report.html").write_text(text)
    tab.goto((tmp_path / "report.html").as_uri())
    assert tab.locator("svg.plot").nth(1).locator("rect:not(.second)").count() <= 64
    assert "and 980 more" in tab.locator("#findings ~ div").first.inner_text()
