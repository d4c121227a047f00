"""The course as a static site: what is in it, and notebooks that run in Chromium, where nothing leaves the machine.

NumPy for browsers is on Pyodide's content-delivery network alone. Here that network is played by tests/pyodide_network.py:
Python is the real one, NumPy a mock. One test uses the real network, where there is one.
"""

import functools
import io
import json
import re
import shutil
import threading
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Page, expect

from autograde import site as site_module
from autograde.cli import main
from autograde.course import CourseError
from autograde.planted import answer, answers_of
from autograde.pyodide import FOR_HELPERS, lock
from autograde.site import NOTEBOOKS, build_site
from autograde.wheels import wheel
from tests import browser as browsers
from tests import pyodide_network
from tests.small_course import write_course

#: Hidden tests call `helpers` too, and these two quote or hold a line that such a call has.
SHARED = ("convolution.py", "exercise.py")
_SLOW = 180_000  # milliseconds, on a machine with much else to do

#: Run code in the kernel of the notebook that is open; returns what it shows.
_EXECUTE = """async code => {
    const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
    const future = kernel.requestExecute({code}), shown = [];
    future.onIOPub = ({content}) => shown.push(content.text ?? content.traceback?.join("\\n") ?? "");
    await future.done;
    return shown.join("");
}"""
_IDLE = """() => {
    const session = window.jupyterapp?.shell?.currentWidget?.sessionContext;
    return session?.isReady && session.session?.kernel?.status === "idle";
}"""


@pytest.fixture(scope="module")
def site(course, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site") / "site"
    build_site(course, folder, "1.0.0")
    return folder


def packages_of(site: Path) -> dict:
    return json.loads((site / "static" / "course" / "pyodide-lock.json").read_text())["packages"]


def everything_in(site: Path) -> Iterator[tuple[str, str]]:
    """Each file of the site, and each in its archives, as text."""
    for path in filter(Path.is_file, site.rglob("*")):
        yield path.name, path.read_bytes().decode("utf-8", "replace")
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                yield from ((name, archive.read(name).decode("utf-8", "replace")) for name in archive.namelist())


def between(source: str, begin: str, end: str) -> list[str]:
    found = re.findall(rf"{begin}.*?\n(.*?)### {end}", source, re.DOTALL)
    return [line.strip() for part in found for line in part.splitlines() if len(line.strip()) > 24]


def test_it_holds_the_notebooks_of_the_release_as_they_are(course, site):
    files = sorted(path.name for path in (site / "files").iterdir())
    assert files == [*(f"{name}.ipynb" for name in NOTEBOOKS), "04_pytorch.md"]
    for name in NOTEBOOKS:
        assert (site / "files" / f"{name}.ipynb").read_bytes() == (course.notebooks / f"{name}.ipynb").read_bytes()
    listed = json.loads((site / "api" / "contents" / "all.json").read_text())["content"]
    assert sorted(entry["name"] for entry in listed) == files
    assert "PyTorch does not run in a browser" in (site / "files" / "04_pytorch.md").read_text()


def test_no_file_of_it_holds_an_answer_or_a_hidden_test(course, built, site):
    cells = [cell.source for item in built for cell in item.full.cells]
    answers = {line for source in cells for line in between(source, "### BEGIN SOLUTION", "END SOLUTION")}
    hidden = {line for source in cells for line in between(source, "### BEGIN HIDDEN TESTS", "END HIDDEN TESTS")}
    given = "\n".join(cell.source for item in built for cell in item.release.cells)
    given += "".join((course.root / "helpers" / name).read_text() for name in SHARED)
    secret = {line for line in answers | hidden if line not in given}
    assert len(secret) > 500
    seen = list(everything_in(site))
    assert {"fingerprints.json", "checks.py", "03_sgd.ipynb"} <= {name.rpartition("/")[2] for name, _ in seen}
    for name, text in seen:
        plain = text.replace('\\"', '"').replace("\\\\", "\\")  # as a notebook writes it
        assert not [line for line in secret if line in text or line in plain], name
        for word in ("BEGIN SOLUTION", "BEGIN HIDDEN", "from autograde", "COURSE_SEED=", "nbgrader_config"):
            assert word not in text or name.endswith(".js"), (name, word)


def test_helpers_are_a_wheel_that_the_lock_names(course, site):
    packages = packages_of(site)
    own = packages["network-from-scratch"]
    assert own["imports"] == ["helpers"]
    assert set(own["depends"]) == set(FOR_HELPERS) <= packages.keys()
    content = (site / "static" / "course" / own["file_name"]).read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        code = {name for name in archive.namelist() if name.startswith("helpers/")}
        assert archive.read("helpers/checks.py") == (course.root / "helpers" / "checks.py").read_bytes()
    assert code == {f"helpers/{path.name}" for path in (course.root / "helpers").glob("*.*") if path.suffix != ".pyc"}
    assert wheel("network-from-scratch", "1.0.0", {"helpers/a.py": b""}).content == (
        wheel("network-from-scratch", "1.0.0", {"helpers/a.py": b""}).content
    )


def test_all_else_comes_from_pyodides_own_network(site):
    packages = packages_of(site)
    elsewhere = {package["file_name"] for package in packages.values() if "/" in package["file_name"]}
    assert len(elsewhere) == len(packages) - 2
    assert all(file.startswith(f"https://cdn.jsdelivr.net/pyodide/v{lock()['version']}/full/") for file in elsewhere)


def test_a_folder_with_something_in_it_is_refused(course, tmp_path):
    (tmp_path / "mine").write_text("")
    with pytest.raises(CourseError, match="is not empty"):
        build_site(course, tmp_path, "1.0.0")


def test_a_kernel_of_another_version_is_refused(course, site, tmp_path, monkeypatch):
    monkeypatch.setattr(site_module, "lock", lambda: {**lock(), "version": "0.0.0"})
    with pytest.raises(CourseError, match=r"list of packages is for 0\.0\.0.*docs/platforms\.md"):
        build_site(course, tmp_path / "new", "1.0.0")
    assert not (tmp_path / "new").exists()


def test_what_is_no_release_is_no_site(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(site_module, "NOTEBOOKS", ("01_small",))
    write_course(tmp_path)
    done = CliRunner().invoke(main, ["site", "out"])
    assert done.exit_code == 1
    assert "Run: course" in done.output
    assert not (tmp_path / "out").exists()


# --- in Chromium


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def served(site, tmp_path_factory) -> Iterator[tuple[Path, str]]:
    """A copy of the site whose parts a test can reach, and its address."""
    copy = tmp_path_factory.mktemp("served") / "site"
    shutil.copytree(site, copy)
    settings = json.loads((copy / "jupyter-lite.json").read_text())
    settings["jupyter-config-data"]["exposeAppInBrowser"] = True
    (copy / "jupyter-lite.json").write_text(json.dumps(settings))
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=copy)) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield copy, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def watched(browser) -> Iterator[browsers.Watched]:
    """A user whose browser has service workers: JupyterLite's kernel reads files through one."""
    with browsers.watched(browser, service_workers="allow") as seen:
        yield seen


@pytest.fixture
def network(served, watched, tmp_path) -> None:
    """Pyodide's content-delivery network, played here; skipped, saying what is missing, where it cannot be."""
    packages = pyodide_network.fetch(tmp_path)
    if packages is None:
        pytest.skip(pyodide_network.INSTALL)
    pyodide_network.accept(served[0], packages)
    watched.context.route(pyodide_network.NETWORK, pyodide_network.answer_from(tmp_path, packages))


def cell(page: Page, cells: list, name: str):
    number = next(number for number, one in enumerate(cells) if one.id == name)
    return page.locator(".jp-NotebookPanel:visible .jp-Notebook .jp-Cell").nth(number)


def ready(page: Page) -> None:
    """The notebook is shown and its kernel can be asked."""
    expect(page.locator(".jp-NotebookPanel:visible .jp-Cell").first).to_be_visible(timeout=_SLOW)
    page.wait_for_function(_IDLE, timeout=_SLOW)


def run_here(page: Page, one) -> None:
    one.scroll_into_view_if_needed()
    one.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")


@pytest.mark.needs_network  # npm's, for Pyodide
@pytest.mark.usefixtures("network")
def test_a_student_works_in_the_browser(built, served, watched, tmp_path):
    cells = built[0].release.cells
    page = watched.context.new_page()
    page.goto(served[1])
    expect(page.get_by_text("kept in this browser, on this machine, and nowhere else")).to_be_visible()
    page.get_by_role("link", name="01_feedforward").click()
    ready(page)

    # `helpers` is there without a word, and so are the checks
    run_here(page, cell(page, cells, "01-setup"))
    stub, check = (cell(page, cells, name) for name in ("q1-warmup", "q1-warmup-test"))
    run_here(page, stub)
    run_here(page, check)
    expect(check.locator(".jp-OutputArea")).to_contain_text("q1-warmup: not done yet", timeout=_SLOW)
    assert "site-packages/helpers" in page.evaluate(_EXECUTE, "import helpers; print(helpers.__file__)")
    # given cells are locked, answers are not
    assert check.locator(".cm-editor.jp-mod-readOnly").count() == 1
    assert stub.locator(".cm-editor.jp-mod-readOnly").count() == 0

    # what is saved is where notebooks find it
    stub.locator(".cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("def of_mine():\n    return 'kept'")
    page.keyboard.press("Control+S")
    expect(page.locator(".lm-TabBar-tab.lm-mod-current.jp-mod-dirty")).to_have_count(0)
    carried = "from helpers import carry\nprint(carry('01_feedforward.ipynb', 'of_mine', tried=False)[0]())"
    assert page.evaluate(_EXECUTE, carried) == "kept\n"

    # what a notebook writes lies beside it, and can be downloaded
    written = "from pathlib import Path\nimport zipfile\nwith zipfile.ZipFile('submission.zip', 'w') as archive:\n"
    written += "    archive.writestr('01_feedforward.ipynb', Path('01_feedforward.ipynb').read_text())"
    assert not page.evaluate(_EXECUTE, written)
    page.get_by_role("button", name="Refresh the file browser").click()
    entry = page.locator(".jp-DirListing-item", has_text="submission.zip")
    entry.click(button="right", timeout=_SLOW)
    with page.expect_download() as download:
        page.locator(".lm-Menu-item", has_text=re.compile("^Download$")).click()
    download.value.save_as(tmp_path / "submission.zip")
    with zipfile.ZipFile(tmp_path / "submission.zip") as archive:
        assert "of_mine" in archive.read("01_feedforward.ipynb").decode()

    # work is kept in the browser, until it is cleared there
    page.reload()
    expect(cell(page, cells, "q1-warmup")).to_contain_text("of_mine", timeout=_SLOW)
    page.locator(".lm-MenuBar-item", has_text="Help").click()
    expect(page.locator(".lm-Menu-item", has_text="Clear Browser Data")).to_be_visible()


@pytest.mark.needs_network
def test_numpy_in_the_browser_passes_the_checks(built, served, watched):
    place = f"https://cdn.jsdelivr.net/pyodide/v{lock()['version']}/full/"
    try:
        urllib.request.urlopen(f"{place}pyodide-lock.json", timeout=10).close()
    except (urllib.error.URLError, OSError) as error:
        pytest.skip(f"NumPy for browsers is on Pyodide's network alone, and it cannot be reached from here: {error}")
    whole = {"info": lock()["info"], "packages": packages_of(served[0])}
    for name, package in lock()["packages"].items():
        whole["packages"][name]["sha256"] = package["sha256"]
    (served[0] / "static" / "course" / "pyodide-lock.json").write_text(json.dumps(whole))
    watched.context.route(pyodide_network.NETWORK, lambda route: route.continue_())
    page = watched.context.new_page()
    page.goto(f"{served[1]}/lab/index.html?path=01_feedforward.ipynb")
    ready(page)
    for one in answer(built[0], answers_of(built[0].full)).cells:
        if one.cell_type == "code":
            shown = page.evaluate(_EXECUTE, one.source)
            assert not one.id.endswith("-test") or f"✓ {one.id.removesuffix('-test')}: passed" in shown, shown
