"""The course as a static site: notebooks that run in the student's browser, with JupyterLite, and nothing is installed.

JupyterLite's kernel is Pyodide, which takes itself and packages with compiled parts, such as NumPy, from a content-delivery
network. It takes a package when a cell imports it and its list of packages, the lock, has it. So the site has a lock of its own:
Pyodide's, and `helpers`, which comes from the site like any other package, without a word in the notebooks.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution
from pathlib import Path
from typing import Any

from autograde.course import KIT, Course, CourseError
from autograde.pages import environment
from autograde.pyodide import FOR_HELPERS, lock
from autograde.students import helpers_of
from autograde.wheels import Wheel, wheel, wheel_of

#: The notebooks that need no PyTorch, which browsers do not have.
NOTEBOOKS = ("01_feedforward", "02_backprop", "03_sgd")

_KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
#: Where the site keeps its lock and its wheels.
_PACKAGES = "static/course"
_ASK = """
import json, sysconfig
from jupyterlite_pyodide_kernel.constants import PYODIDE_CDN_URL, PYODIDE_VERSION
print(json.dumps([PYODIDE_VERSION, PYODIDE_CDN_URL, sysconfig.get_path("purelib")]))
"""


@dataclass(frozen=True)
class _JupyterLite:
    """An environment of its own with JupyterLite in it, and what its kernel is."""

    python: Path
    pyodide: str
    network: str
    packages: Path

    def build(self, draft: Path, site: Path) -> None:
        """Build a site, with JupyterLab alone, of what lies in the draft. Raises CourseError."""
        options = ("--contents", draft / "files", "--apps", "lab", "--no-sourcemaps", "--no-unused-shared-packages")
        command = (self.python, "-m", "jupyterlite_core", "build", "--output-dir", site, *options)
        _run("JupyterLite does not build the site", *command, folder=draft)


def build_site(course: Course, folder: Path, version: str) -> list[Path]:
    """Build the site into a new folder; returns its files.

    version: what the wheel of `helpers` is called. Raises CourseError when the folder holds something already, when JupyterLite
    cannot be installed (the first time needs a network), and when its kernel does not fit the course's list of packages.
    """
    if folder.exists() and any(folder.iterdir()):
        raise CourseError(f"{folder} is not empty. Name a new folder.")
    lite = _jupyterlite(course)
    if lite.pyodide != lock()["version"]:
        raise CourseError(
            f"JupyterLite's kernel is Pyodide {lite.pyodide}, and the course's list of packages is for {lock()['version']}. "
            "Make it anew: docs/platforms.md says how."
        )
    folder = folder.resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".unfinished-") as name:
        draft, site = Path(name, "lite"), Path(name, "site")
        _write_contents(course, draft)
        lite.build(draft, site)
        _write_packages(course, site / _PACKAGES, version, lite)
        (site / "index.html").write_text(_page("site.html", notebooks=NOTEBOOKS), encoding="utf-8")
        # Browsers ask for it before they read which.
        shutil.copyfile(site / "lab" / "favicon.ico", site / "favicon.ico")
        if folder.exists():
            folder.rmdir()
        shutil.move(site, folder)
    return [path for path in folder.rglob("*") if path.is_file()]


def _write_contents(course: Course, draft: Path) -> None:
    """What the file browser of the site shows, and its settings."""
    (draft / "files").mkdir(parents=True)
    for name in NOTEBOOKS:
        shutil.copyfile(course.notebooks / f"{name}.ipynb", draft / "files" / f"{name}.ipynb")
    (draft / "files" / "04_pytorch.md").write_text(_page("site_pytorch.md"), encoding="utf-8")
    settings = {
        "appName": "A neural network from scratch",
        "litePluginSettings": {
            _KERNEL: {
                "disablePyPIFallback": True,
                "loadPyodideOptions": {"lockFileURL": f"./{_PACKAGES}/pyodide-lock.json"},
            }
        },
    }
    config = {"jupyter-lite-schema-version": 0, "jupyter-config-data": settings}
    (draft / "jupyter-lite.json").write_text(json.dumps(config), encoding="utf-8")
    shown = {
        "@jupyterlab/docmanager-extension:plugin": {"defaultViewers": {"markdown": "Markdown Preview"}},
        # All cells at once: while they come and go as one scrolls, errors show on the console.
        "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
    }
    (draft / "overrides.json").write_text(json.dumps(shown), encoding="utf-8")


def _write_packages(course: Course, folder: Path, version: str, lite: _JupyterLite) -> None:
    """The wheels that the site brings itself, and the lock that names them and where all others are."""
    files = {name: path.read_bytes() for name, path in sorted(helpers_of(course).items())}
    helpers = wheel(KIT, version, files)
    (installed,) = Distribution.discover(name="comm", path=[str(lite.packages)])
    comm = wheel_of(installed)  # the kernel needs it, and Pyodide does not have it
    packages = {
        name: {**package, "file_name": f"{lite.network}/{package['file_name']}"}
        for name, package in lock()["packages"].items()
    }
    packages |= {
        helpers.name: _locked(helpers, ["helpers"], FOR_HELPERS),
        comm.name: _locked(comm, ["comm"], ["traitlets"]),
    }
    folder.mkdir(parents=True)
    for own in (helpers, comm):
        (folder / own.filename).write_bytes(own.content)
    whole = {"info": lock()["info"], "packages": packages}
    (folder / "pyodide-lock.json").write_text(json.dumps(whole, indent=1), encoding="utf-8")


def _locked(own: Wheel, imports: list[str], depends: Iterable[str]) -> dict[str, Any]:
    """How a lock names a wheel that lies beside it."""
    return {
        "name": own.name,
        "version": own.version,
        "file_name": own.filename,
        "sha256": own.sha256,
        "install_dir": "site",
        "package_type": "package",
        "imports": imports,
        "depends": list(depends),
        "unvendored_tests": False,
    }


def _page(name: str, **values: Any) -> str:
    return environment().get_template(name).render(**values)


def _jupyterlite(course: Course) -> _JupyterLite:
    """The environment of requirements-site.txt, made when it is not there or when that file has changed. Raises CourseError."""
    wanted, folder = course.root / "requirements-site.txt", course.root / ".venv-site"
    done = folder / wanted.name
    if not done.exists() or done.read_bytes() != wanted.read_bytes():
        new_environment(folder, "-r", wanted)
        shutil.copyfile(wanted, done)
    python = _python(folder)
    version, network, packages = json.loads(_run("JupyterLite is not whole; remove .venv-site", python, "-c", _ASK))
    return _JupyterLite(python, version, network, Path(packages))


def new_environment(folder: Path, *wanted: str | Path) -> None:
    """Make a virtual environment with what is wanted in it, with uv where there is one, else with pip. Raises CourseError."""
    failed = f"what the site needs cannot be installed into {folder.name}; the first time it takes a network"
    uv, python = shutil.which("uv"), _python(folder)
    if uv:
        _run(failed, uv, "venv", "--quiet", "--clear", "--python", sys.executable, folder)
        _run(failed, uv, "pip", "install", "--quiet", "--python", python, *wanted)
    else:
        _run(failed, sys.executable, "-m", "venv", "--clear", folder)
        _run(failed, python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted)


def _python(environment: Path) -> Path:
    return environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def _run(failed: str, *command: str | Path, folder: Path | None = None) -> str:
    """What a command prints. Raises CourseError with the end of what it said when it fails."""
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if ran.returncode:
        said = [line.strip() for line in (ran.stderr + ran.stdout).splitlines() if line.strip()]
        raise CourseError(f"{failed}: {' / '.join(said[-3:]) or f'exit code {ran.returncode}'}")
    return ran.stdout
