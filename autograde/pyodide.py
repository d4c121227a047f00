"""Python in a browser is Pyodide; which of its packages a notebook of the course may use there.

`templates/pyodide-lock.json` is the part of Pyodide's own list that the course needs. For another version of Pyodide,
`python -m autograde.pyodide VERSION LOCK` makes it anew from that version's whole list.
"""

import json
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from helpers.whole import write_whole

#: What `helpers` imports for notebooks 01 to 03.
FOR_HELPERS = ("ipython", "joblib", "matplotlib", "numpy", "pandas", "pillow", "scipy", "tqdm")
#: What JupyterLite's kernel asks Pyodide for.
_FOR_KERNEL = ("ipython", "jedi", "micropip")
_LOCK = Path(__file__).parent / "templates" / "pyodide-lock.json"


@cache
def lock() -> Mapping[str, Any]:
    """Pyodide's version, "info" on what it is built for, and "packages" by name, each with its version, file and imports."""
    return json.loads(_LOCK.read_text(encoding="utf-8"))


def part_of(whole: Mapping[str, Any], version: str) -> dict[str, Any]:
    """Of Pyodide's whole list, what the course needs, directly or not."""
    packages: dict[str, Any] = {}
    todo = [*FOR_HELPERS, *_FOR_KERNEL]
    while todo:
        name = todo.pop().replace("_", "-")
        if name not in packages:
            packages[name] = whole["packages"][name]
            todo += packages[name]["depends"]
    return {"version": version, "info": whole["info"], "packages": dict(sorted(packages.items()))}


if __name__ == "__main__":
    part = part_of(json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")), sys.argv[1])
    write_whole(_LOCK, json.dumps(part, indent=1) + "\n")
