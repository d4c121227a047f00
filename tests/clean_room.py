"""What somebody gets who begins with nothing: make clean-room, or python -m tests.clean_room [PYTHON ...].

For each Python: a fresh clone of what is committed, README's commands in it, an essential part of the tests, and the wheel in an
environment of its own. It needs what README says, takes a quarter of an hour for each Python, and leaves the checkout alone.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.request
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests import installed
from tests.pages_of_docs import ROOT

PYTHONS = ("python3.11", "python3.12", "python3.13")
#: Files of tests that show whether a Python will do; `make test` runs all.
ESSENTIAL = (
    "checks", "problems", "definitions", "hints", "repair", "room", "split", "handing_in", "new_course", "grading", "environment",
)  # fmt: skip
#: README's commands that are run as they stand, in this order, and what they must say: `table` and `equations` are README's own.
RUN = {
    "make demo": "{table}",
    "make handout": "wrote handout/",
    "make docs": "",
    "course doctor": "The room holds.",
    "course build --check": "notebooks are up to date.",
    "course handout --check": "{equations} of {equations} equations verified",
    "course release": "Nothing in it holds an answer or a hidden test.",
    "course release week1.zip 01_feedforward": "Nothing in it holds an answer or a hidden test.",
    "course collect moodle.zip --to collected --roster class.csv": "8 students",
    "course grade moodle.zip": "marks/report.html",
    "course mark --sheet": "marks/marking.html",
    "course regrade --preview": "No mark changes.",
}
#: README's other commands, and why they are not run here.
NOT_RUN = {
    "make lab": "is started and asked, below",
    "make test": "is what CI runs; here an essential part of it",
    "make bench": "takes a quarter of an hour of a quiet machine",
    "make soak": "takes up to an hour; tests/test_soak.py is a small one",
    "make fuzz": "takes hours; tests/fuzz/ tries a few examples",
    "make clean-room": "is this",
    "make notebooks": "takes minutes; `course build --check` says whether it would change anything",
    "course grade": "is run with an archive",
    "course build": "is make notebooks",
    "course audit": "takes half an hour, and is run before a release",
    "course mistakes": "is part of make notebooks",
    "course mark": "starts a server: tests/test_marking_browser.py",
    "course mark --from marks.json": "needs somebody's marks: tests/test_docs.py",
    "course regrade --accept": "has nothing to accept: tests/test_regrade.py",
    "course handout submission.ipynb": "needs somebody's notebook: tests/test_handout_text.py",
    "course update": "needs an earlier release: tests/test_update.py",
    "python -m helpers.update": "needs an earlier release: tests/test_update.py",
    "python -m helpers.handing_in": "runs all notebooks: tests/test_handing_in.py",
    "python -m benchmarks.accuracy": "takes hours",
    "conda env create -f environment.yml": "needs conda: tests/test_environment.py compares the lists",
}
_BLOCK = re.compile(r"^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PLACEHOLDER = re.compile(r"\b[A-Z]{4,}\b")
_BEGINS = re.compile(r"(make [a-z-]+|course [a-z]+|python -m \S+|conda env create)\b")
_PATIENCE = 1800


@dataclass(frozen=True)
class Clone:
    """A fresh clone, and the interpreter that it is set up with. python: a command's name or path."""

    root: Path
    python: str

    def run(self, command: str) -> str:
        """What a command says, typed at the clone's top in an activated environment. Raises AssertionError when it fails."""
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", command], cwd=self.root, env=self.environment, timeout=_PATIENCE,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        assert done.returncode == 0, f"{command}\n{done.stdout[-4000:]}"
        return done.stdout

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of the environment that this runs in, but the activated one of the clone."""
        path = [p for p in os.environ["PATH"].split(os.pathsep) if not Path(p).is_relative_to(sys.prefix)]
        kept = {name: value for name, value in os.environ.items() if name not in ("VIRTUAL_ENV", "PYTHONPATH")}
        return kept | {
            "PATH": os.pathsep.join([str(self.root / ".venv" / "bin"), *path]),
            "PYTHON": self.python,
            "COURSE_IMAGES": "synthetic",
        }


def commands_in(readme: str) -> set[str]:
    """All commands that a README names, as they are typed in an activated environment; those with a PLACEHOLDER left out."""
    typed = [
        line.partition("#")[0]
        for block in re.findall(r"^```\n(.*?)^```$", readme, re.M | re.S)
        for line in block.splitlines()
    ]
    typed += re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", readme, flags=re.M | re.S))
    found = {command.strip().removeprefix(".venv/bin/") for command in typed}
    return {command for command in found if _BEGINS.match(command) and not _PLACEHOLDER.search(command)}


def table_in(readme: str) -> str:
    """The table that README shows of `make demo`."""
    return next(
        text for text in re.findall(r"^```\n(.*?)^```$", readme, re.M | re.S) if "students graded" in text
    ).strip()


def readme_commands(clone: Clone) -> None:
    """Run README's commands, and compare what they say with what README shows."""
    readme = (clone.root / "README.md").read_text(encoding="utf-8")
    shown = {"table": table_in(readme), "equations": re.search(r"Each of its (\d+) displayed", readme)[1]}
    for command, expected in RUN.items():
        said = clone.run(command)
        assert expected.format(**shown) in "\n".join(line.rstrip() for line in said.splitlines()), f"{command}\n{said}"
        if command == "make demo":
            _hand_in(clone.root)


def _hand_in(root: Path) -> None:
    """The demo's class as Moodle gives it, with its roster."""
    submissions = root / "demo" / "submissions"
    students = {folder.name: 1001 + number for number, folder in enumerate(sorted(submissions.iterdir()))}
    with zipfile.ZipFile(root / "moodle.zip", "w") as archive:
        for path in sorted(submissions.rglob("*")):
            if path.is_file():
                student = path.relative_to(submissions).parts[0]
                archive.write(path, f"{student.title()}_{students[student]}_assignsubmission_file_/{path.name}")
    rows = [f"{number},{student.title()}" for student, number in students.items()]
    (root / "class.csv").write_text("\n".join(["student,name", *rows, ""]))


def lab(clone: Clone) -> None:
    """Start `make lab`, ask it for its page, a notebook and a kernel, and stop it."""
    home = clone.root.parent / "home"
    home.mkdir(exist_ok=True)
    runtime = home / "runtime"
    answers = {"open_browser": False, "allow_root": True, "ip": "127.0.0.1"}  # what a person at a screen need not say
    (home / "jupyter_server_config.json").write_text(json.dumps({"ServerApp": answers}))
    places = {"HOME": str(home), "JUPYTER_CONFIG_DIR": str(home), "JUPYTER_RUNTIME_DIR": str(runtime)}
    with (home / "log").open("w+") as log:
        server = subprocess.Popen(
            ["make", "lab"],
            cwd=clone.root,
            env=clone.environment | places,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            deadline = time.monotonic() + 300
            while not (found := [path for path in runtime.glob("jpserver-*.json") if path.stat().st_size]):
                alive = server.poll() is None and time.monotonic() < deadline
                assert alive, (home / "log").read_text()[-2000:]
                time.sleep(0.2)
            told = json.loads(found[0].read_text())

            def ask(what: str, data: bytes | None = None) -> bytes:
                headers = {"Authorization": f"token {told['token']}"}
                with urllib.request.urlopen(
                    urllib.request.Request(told["url"] + what, data, headers), timeout=60
                ) as answer:
                    return answer.read()

            assert b"JupyterLab" in ask("lab")
            assert json.loads(ask("api/contents/01_feedforward.ipynb?content=0"))["type"] == "notebook"
            assert json.loads(ask("api/kernels", b"{}"))["name"] == "python3"
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()


def packages(clone: Clone) -> None:
    """`pip check` in the environment that the clone has set up."""
    assert not (said := installed.complaints(clone.root / ".venv" / "bin" / "python")), said


def essential_tests(clone: Clone) -> None:
    """The tests that show whether this Python will do."""
    clone.run("pytest -q -n 0 " + " ".join(f"tests/test_{name}.py" for name in ESSENTIAL))


def wheel(clone: Clone) -> None:
    """Build the package, install the wheel with what instructors need and nothing else, and make and grade a course with it."""
    folder = clone.root.parent / "wheel"
    clone.run(f"python -m build --no-isolation --outdir {folder} .")
    environment, wanted = folder / "venv", f"{installed.wheel_in(folder)}[instructor]"
    if shutil.which("uv"):
        clone.run(f"uv venv --quiet --python {clone.python} {environment}")
        clone.run(f"uv pip install --quiet --python {environment}/bin/python -c requirements.txt '{wanted}'")
    else:
        clone.run(f"{clone.python} -m venv {environment}")
        clone.run(f"{environment}/bin/python -m pip install --quiet -c requirements.txt '{wanted}'")
    place = folder / "empty"
    place.mkdir()
    installed.own_course(environment, place, whole=True)


STEPS: tuple[Callable[[Clone], None], ...] = (readme_commands, lab, packages, essential_tests, wheel)


def clean_room(python: str, folder: Path) -> int:
    """All steps with one Python; returns how many failed."""
    clone, failed = Clone(folder / "clone", python), 0
    subprocess.run(["git", "clone", "--quiet", ROOT, clone.root], check=True)
    for step in STEPS:
        began = time.monotonic()
        try:
            step(clone)
            verdict = "ok"
        except Exception:  # the other steps are tried all the same
            verdict = "FAILED\n" + traceback.format_exc(limit=1)
            failed += 1
        print(f"{python}  {step.__name__:<16} {time.monotonic() - began:5.0f} s  {verdict}", flush=True)
    return failed


def main(pythons: list[str]) -> int:
    """Every Python that is asked for, or every one that is on PATH; returns the exit code."""
    failed = 0
    for python in pythons or PYTHONS:
        # Not only on PATH: a version manager has a command for versions that it does not have.
        if not shutil.which(python) or subprocess.run([python, "--version"], capture_output=True).returncode:
            print(
                f"{python}  is not here"
                + (". Install it, or name another: python -m tests.clean_room PYTHON" * bool(pythons))
            )
            failed += bool(pythons)
            continue
        with tempfile.TemporaryDirectory(prefix="clean-room-") as name:
            Path(name).chmod(0o755)  # for root, submitted code runs as nobody
            failed += clean_room(python, Path(name))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
