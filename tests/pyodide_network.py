"""The content-delivery network of Pyodide, on this machine: for tests of the site without leaving it.

Python itself is Pyodide's, from npm; IPython and a few others are what their projects publish. NumPy and other packages with
compiled parts are not to be had here: in their place are packages of the same name in which everything is a mock.
"""

import json
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from importlib.metadata import distributions
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Route

from autograde.pyodide import lock
from autograde.site import new_environment
from autograde.wheels import Wheel, wheel, wheel_of

#: How to get what is missing.
INSTALL = "npm is not there, or reaches no registry: Pyodide cannot be had. Install it: sudo apt install npm"
NETWORK = "https://cdn.jsdelivr.net/**"
#: Pure Python; what the kernel needs, and what `helpers` uses of it.
_REAL = ("ipython", "jedi", "joblib", "micropip", "tqdm")
_TYPES = {".mjs": "text/javascript", ".wasm": "application/wasm", ".json": "application/json"}

_MOCK = '''
"""In the place of a package that is not to be had here: everything in it is a mock."""
import importlib.abc, importlib.machinery, sys
from unittest.mock import MagicMock

__path__ = []
__version__ = "0"

def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return MagicMock(name=name)

class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        if name.startswith(__name__ + "."):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
    def exec_module(self, module):
        module.__getattr__ = __getattr__

sys.meta_path.append(Finder())
'''


def fetch(folder: Path) -> dict[str, Wheel] | None:
    """Put Pyodide's own files into the folder; returns its packages by name, or None where they cannot be had."""
    if shutil.which("npm") is None:
        return None
    version = lock()["version"]
    packed = subprocess.run(["npm", "pack", "--silent", f"pyodide@{version}"], cwd=folder, capture_output=True)
    if packed.returncode:
        return None
    with tarfile.open(folder / f"pyodide-{version}.tgz") as archive:
        archive.extractall(folder, filter="data")
    installed, packages = folder / "installed", lock()["packages"]
    wanted = [f"{name}=={packages[name]['version']}" for name in _with_all_they_need(_REAL)]
    newer = (
        "--python-version=3.14" if shutil.which("uv") else "--ignore-requires-python"
    )  # Pyodide's Python, not this one
    new_environment(folder / "venv", "--no-deps", newer, f"--target={installed}", *wanted)
    found = {
        one.metadata["Name"].lower().replace("_", "-"): wheel_of(one) for one in distributions(path=[str(installed)])
    }
    for name in packages.keys() - found:
        mocks = {f"{module}/__init__.py": _MOCK.encode() for module in packages[name]["imports"]}
        found[name] = wheel(name, packages[name]["version"], mocks)
    return found


def _with_all_they_need(names: tuple[str, ...]) -> set[str]:
    needed, todo = set(), set(names)
    while todo:
        needed |= todo
        todo = {other.replace("_", "-") for name in todo for other in lock()["packages"][name]["depends"]} - needed
    return needed


def answer_from(folder: Path, packages: dict[str, Wheel]) -> Callable[[Route], None]:
    """What answers requests to the network."""
    wheels = {package["file_name"]: packages[name].content for name, package in lock()["packages"].items()}

    def answer(route: Route) -> None:
        name = urlsplit(route.request.url).path.rpartition("/")[2]
        file = folder / "package" / name
        content = wheels.get(name) or (file.read_bytes() if file.is_file() else None)
        if content is None:
            route.fulfill(status=404)
            return
        kind = _TYPES.get(Path(name).suffix, "application/octet-stream")
        route.fulfill(body=content, headers={"Access-Control-Allow-Origin": "*", "Content-Type": kind})

    return answer


def accept(site: Path, packages: dict[str, Wheel]) -> None:
    """Make a site's lock ask for the bytes that there are here."""
    path = site / "static" / "course" / "pyodide-lock.json"
    changed = json.loads(path.read_text())
    for name in lock()["packages"]:
        changed["packages"][name]["sha256"] = packages[name].sha256
    path.write_text(json.dumps(changed))
