"""JupyterLab for tests, as students on a hub have it: a server with a home of its own, and notebooks in Chromium."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

#: What comes with nbgrader and jupytext, for instructors: students have the button Validate and no more.
_SERVER_PARTS_OFF = ("jupyterlab_jupytext", *(f"nbgrader.server_extensions.{x}" for x in (
    "formgrader", "assignment_list", "course_list")))  # fmt: skip
_LAB_PARTS_OFF = ("jupyterlab-jupytext", *(f"@jupyter/nbgrader:{x}" for x in (
    "formgrader", "assignment-list", "course-list", "create-assignment", "menu")))  # fmt: skip
#: Else JupyterLab asks a new user whether it may fetch its news.
_SETTINGS = {"apputils-extension/notification": {"fetchNews": "false"}}
#: Seconds that a server, a page or a cell may take on a busy machine.
_PATIENCE = 300
_DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
_CURRENT = "window.jupyterapp?.shell?.currentWidget"


@dataclass(frozen=True)
class Lab:
    """A running JupyterLab. folder: what it shows; address: of the server, with its token."""

    folder: Path
    address: str
    token: str

    def page_of(self, notebook: str) -> str:
        """Where a notebook of the folder is opened, and nothing else."""
        return f"{self.address}lab/tree/{notebook}?token={self.token}&reset"


@contextmanager
def serving(folder: Path, home: Path, environment: dict[str, str]) -> Iterator[Lab]:
    """JupyterLab on a folder, with its own home and settings. environment: what its kernels get besides ours."""
    runtime = home / "runtime"
    _write(
        home / "config" / "labconfig" / "page_config.json", {"disabledExtensions": dict.fromkeys(_LAB_PARTS_OFF, True)}
    )
    for name, values in _SETTINGS.items():
        _write(home / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings", values)
    places = {"HOME": home, "JUPYTER_CONFIG_DIR": home / "config", "JUPYTER_DATA_DIR": home / "data",
              "JUPYTER_RUNTIME_DIR": runtime, "IPYTHONDIR": home / "ipython", "MPLCONFIGDIR": home / "matplotlib",
              "JUPYTERLAB_SETTINGS_DIR": home / "settings", "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces"}  # fmt: skip
    parts = dict.fromkeys(_SERVER_PARTS_OFF, False)
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1",
               f"--ServerApp.root_dir={folder}", f"--ServerApp.jpserver_extensions={parts}",
               "--LabApp.extension_manager=readonly", "--LabApp.expose_app_in_browser=True"]  # fmt: skip
    with (home / "lab.log").open("w") as log:
        server = subprocess.Popen(
            command,
            env=os.environ | {name: str(place) for name, place in places.items()} | environment,
            cwd=folder,
            stdout=log,
            stderr=log,
            start_new_session=True,  # with its kernels, so that none is left
        )
        try:
            told = _told(runtime / f"jpserver-{server.pid}.json", server, home / "lab.log")
            yield Lab(folder, told["url"], told["token"])
        finally:
            server.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                server.wait(20)
            with suppress(ProcessLookupError):
                os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def _write(path: Path, values: dict) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(values))


def _told(path: Path, server: subprocess.Popen, log: Path) -> dict:
    """What a server tells about itself as soon as it listens."""
    deadline = time.monotonic() + _PATIENCE
    while server.poll() is None and time.monotonic() < deadline:
        with suppress(FileNotFoundError, ValueError):  # not there, or not all of it
            return json.loads(path.read_text())
        time.sleep(0.1)
    raise AssertionError(f"JupyterLab does not start: {log.read_text()[-2000:]}")


class Notebook:
    """A notebook open in a page, with a kernel that waits."""

    def __init__(self, page: Page, lab: Lab, name: str) -> None:
        self.page, self.path = page, lab.folder / name
        self.ids = [cell["id"] for cell in self.on_disk()["cells"]]
        page.set_default_timeout(_PATIENCE * 1000)
        expect.set_options(_PATIENCE * 1000)
        page.goto(lab.page_of(name))
        self.panel = page.locator(".jp-NotebookPanel:visible")
        self.wait_until_idle()
        expect(self.cells).to_have_count(len(self.ids))

    @property
    def cells(self) -> Locator:
        return self.panel.locator(".jp-Notebook .jp-Cell")

    def on_disk(self) -> dict:
        """The notebook's file."""
        return json.loads(self.path.read_text(encoding="utf-8"))

    def cell(self, cell_id: str) -> Locator:
        """The cell with this id, which is an exercise's for its answer."""
        return self.cells.nth(self.ids.index(cell_id))

    def wait_until_idle(self) -> None:
        """Wait until the kernel has answered and has nothing to do."""
        # What the page shows says "idle" too early: ask what it knows.
        self._wait(f"""() => {{
            const kernel = {_CURRENT}?.sessionContext?.session?.kernel;
            return kernel?.connectionStatus === 'connected' && kernel.status === 'idle'; }}""")

    def wait_until_run(self, cell_id: str, before: str = "[ ]:") -> None:
        """Wait until a cell whose prompt was this has another number."""
        prompt = self.cell(cell_id).locator(".jp-InputPrompt")
        expect(prompt).not_to_have_text(before)
        expect(prompt).to_have_text(re.compile(r"\[\d+\]:"))

    def wait_for_focus(self, cell_id: str) -> None:
        """Wait until the cell has the focus, or holds what has it."""
        self._wait(f"i => {_CURRENT}.content.widgets[i].node.contains(document.activeElement)", self.ids.index(cell_id))

    def focused(self) -> str:
        """The text of what has the focus, or its name."""
        return self.page.evaluate(
            "() => { const x = document.activeElement; return (x.innerText || x.title || '').trim(); }"
        )

    def fits_the_page(self, cell_id: str, selector: str) -> bool:
        """Whether all of this part of the cell is on the page from left to right, with nothing to scroll to."""
        return (
            self.cell(cell_id)
            .locator(selector)
            .first.evaluate(
                """part => [document.documentElement, part, ...part.querySelectorAll('*')].every(
                x => x.scrollWidth <= x.clientWidth || x.clientWidth === 0)  // 0: inline
                && part.getBoundingClientRect().left >= 0 && part.getBoundingClientRect().right <= innerWidth"""
            )
        )

    def source(self, cell_id: str) -> str:
        """What stands in the cell, as the page would save it."""
        return self.page.evaluate(
            f"i => {_CURRENT}.content.widgets[i].model.sharedModel.source", self.ids.index(cell_id)
        )

    def read_only(self) -> set[str]:
        """The ids of the cells that the page does not let one edit."""
        flags = self.page.evaluate(f"() => {_CURRENT}.content.widgets.map(cell => cell.readOnly)")
        return {cell_id for cell_id, flag in zip(self.ids, flags, strict=True) if flag}

    def type(self, cell_id: str, text: str) -> None:
        """Replace what stands in the cell by typing; in a locked cell that changes nothing."""
        self.cell(cell_id).locator(".cm-content").click()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def run(self, cell_id: str) -> str:
        """Run the cell with Shift+Enter; returns what is to be read below it."""
        self.cell(cell_id).locator(".cm-content").click()
        before = self.cell(cell_id).locator(".jp-InputPrompt").inner_text()
        self.page.keyboard.press("Shift+Enter")
        self.wait_until_run(cell_id, before)
        return self.told(cell_id)

    def told(self, cell_id: str) -> str:
        """What is to be read below the cell, on one line."""
        area = self.cell(cell_id).locator(".jp-OutputArea")
        area.scroll_into_view_if_needed()  # what is out of sight is not drawn, and what is not drawn has no text
        self.page.evaluate(_DRAWN)
        return " ".join(area.inner_text().split())

    def run_above(self, cell_id: str) -> None:
        """Run all cells above this one."""
        self.cell(cell_id).locator(".cm-content").click()
        above = self.ids[: self.ids.index(cell_id)]
        self._run("notebook:run-all-above", above)

    def _run(self, command: str, cell_ids: list[str]) -> None:
        """Run cells by JupyterLab's command, to the last one or to one that raises."""
        # Its promise is not awaited: it need not settle.
        self.page.evaluate(
            f"""([command, count]) => {{
                for (const cell of {_CURRENT}.content.widgets.slice(0, count)) cell.model.executionCount = null;
                void window.jupyterapp.commands.execute(command); }}""",
            [command, len(cell_ids)],
        )
        self._wait(
            f"""count => {{
                const cells = {_CURRENT}.content.widgets.slice(0, count).filter(cell => cell.model.type === 'code');
                const raised = cells.some(cell => cell.model.executionCount && cell.model.outputs.toJSON().some(
                    output => output.output_type === 'error'));
                return raised || cells.every(cell => cell.model.executionCount); }}""",
            len(cell_ids),
        )
        self.wait_until_idle()

    def raised(self) -> dict[str, str]:
        """The cells that raised, and what is to be read below them."""
        outputs = self.page.evaluate(
            f"() => {_CURRENT}.content.widgets.map(cell => cell.model.outputs?.toJSON() ?? [])"
        )
        return {
            cell_id: self.told(cell_id)
            for cell_id, found in zip(self.ids, outputs, strict=True)
            if any(output["output_type"] == "error" for output in found)
        }

    def figures(self) -> dict[str, list[int]]:
        """The cells with images among their outputs, and how many pixels wide these are; 0 for one that cannot be shown."""
        widths = self.cells.evaluate_all(
            "cells => cells.map(cell => [...cell.querySelectorAll('.jp-OutputArea img')].map(image => image.naturalWidth))"
        )
        return {cell_id: found for cell_id, found in zip(self.ids, widths, strict=True) if found}

    def formulas(self) -> int:
        """The displayed formulas. Raises AssertionError when MathJax took one for an error."""
        assert self.cells.locator("mjx-merror, [data-mjx-error]").count() == 0
        return self.cells.locator("mjx-container[display='true']").count()

    def photograph(self, folder: Path, name: str) -> None:
        """Screenshots from top to bottom, as numbered files."""
        view = self.panel.locator(".jp-WindowedPanel-outer")
        view.evaluate("view => { view.scrollTop = 0 }")
        for number in range(100):
            self.page.wait_for_timeout(150)  # to draw what came into sight
            self.page.screenshot(path=folder / f"{name}-{number:02}.png")
            if self.cells.last.evaluate("cell => cell.getBoundingClientRect().bottom <= innerHeight"):
                return
            view.evaluate("view => { view.scrollTop += view.clientHeight - 40 }")

    def save(self) -> None:
        """Save with Ctrl+S."""
        self.page.keyboard.press("Control+S")
        self._wait(f"() => !{_CURRENT}.context.model.dirty")

    def validate(self, screenshot: Path) -> str:
        """Press Validate; returns what the dialog says."""
        self.panel.get_by_role("button", name="Validate").click()
        said = self.validation()
        self.page.screenshot(path=screenshot)
        self.page.locator(".jp-Dialog").get_by_role("button", name="Ok").click()
        return said

    def validation(self) -> str:
        """What the dialog after Validate says."""
        return self.page.locator(".jp-Dialog-content", has_text="Validation Results").inner_text()

    def _wait(self, condition: str, argument: object = None) -> None:
        self.page.wait_for_function(condition, arg=argument)
