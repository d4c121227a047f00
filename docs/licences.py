"""Writes the table of licences.md: what the packages of the lists of exact versions say of their licences. Run it: make docs.

python docs/licences.py [FOLDER ...]: packages in further folders count, too, such as those that another system installs. What is
installed nowhere keeps the row that it has.
"""

import re
import sys
from collections.abc import Iterable
from importlib.metadata import Distribution
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE / "licences.md"
LISTS = ("requirements.txt", "requirements-site.txt")
#: Above the table, and below it.
BEGIN, END = "| package | licence | to know |\n|---|---|---|\n", "\n\n## "

#: What packages write, by the identifier that it stands for.
_SPELLINGS = {
    "Apache": "Apache-2.0", "Apache 2.0": "Apache-2.0", "Apache License, Version 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0", "BSD": "BSD", "BSD 2-Clause License": "BSD-2-Clause",
    "BSD 3-Clause License": "BSD-3-Clause", "BSD License": "BSD", "GNU General Public License (GPL)": "GPL",
    "ISC License (ISCL)": "ISC", "ISC license": "ISC", "MIT License": "MIT", "MIT license": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0", "NVIDIA Proprietary Software": "LicenseRef-NVIDIA-Proprietary",
    "PSFL": "PSF-2.0", "Public Domain": "public domain", "Python Software Foundation License": "PSF-2.0",
}  # fmt: skip
#: Licences that ask for no more than to be named.
PERMISSIVE = {
    "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0",
    "ISC", "MIT", "MIT-0", "MIT-CMU", "PSF-2.0", "Zlib", "public domain",
}  # fmt: skip
#: What is to know about packages with another licence, and about those whose metadata tell half of it.
_CUDA = "proprietary, free to use; NVIDIA's libraries, on Linux alone. PyTorch for the CPU does without"
TO_KNOW = {
    "axe-playwright-python": "MIT by its file LICENSE; holds axe-core, MPL-2.0. For tests",
    "certifi": "MPL-2.0: changes to its own files stay under it. Used unchanged",
    "cuda-toolkit": "names NVIDIA's packages and holds nothing",
    "docutils": "GPL for one file, an editing mode of Emacs, which nothing here uses. For `make docs`",
    "fqdn": "MPL-2.0: changes to its own files stay under it. Used unchanged",
    "hypothesis": "MPL-2.0: changes to its own files stay under it. For tests",
    "pypandoc-binary": "holds the program pandoc, GPL-2.0-or-later, which the handout starts as a process of its own",
    "tqdm": "MPL-2.0 in part: changes to its own files stay under it. Used unchanged",
    "typst": "its fonts go into PDF files: Libertinus (OFL-1.1), New Computer Modern (GUST), DejaVu; all allow that",
}
#: What a package's files say, where its metadata are silent or differ between versions for different Pythons.
_SAID_ELSEWHERE = {
    "axe-playwright-python": "MIT",
    "contourpy": "BSD-3-Clause",
    "cuda-toolkit": "LicenseRef-NVIDIA-Proprietary",
    "pkginfo": "MIT",
    "python-on-whales": "MIT",
}


def listed(root: Path) -> list[str]:
    """The names of all packages in the lists of exact versions."""
    lines = [line for name in LISTS for line in (root / name).read_text(encoding="utf-8").splitlines()]
    return sorted({line.partition("==")[0] for line in lines if line and not line.startswith("#")})


def licence_of(package: Distribution) -> str:
    """What a package's metadata say: an expression, or a short text, or classifiers; empty when they say nothing."""
    about = package.metadata
    short = about.get("License", "").strip()
    classifiers = [
        line.split(" :: ")[-1] for line in about.get_all("Classifier") or [] if line.startswith("License ::")
    ]
    said = about.get("License-Expression") or (short if "\n" not in short and short != "UNKNOWN" else "")
    return _SPELLINGS.get(said, said) or " AND ".join(_SPELLINGS.get(name, name) for name in sorted(classifiers))


def is_permissive(licence: str) -> bool:
    """Whether all parts of a licence are on the list of those that ask for no more than to be named."""
    return set(re.split(r" AND | OR ", licence)) <= PERMISSIVE


def table(root: Path, folders: Iterable[str] = ()) -> str:
    """The rows of the page, for the packages that the lists name. Raises ValueError for one that says nothing, or needs a word."""
    before = dict(re.findall(r"^\| `([^`]+)` \| ([^|]+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    found = {_normal(p.metadata["Name"]): licence_of(p) for p in Distribution.discover(path=[*sys.path, *folders])}
    rows = []
    for name in listed(root):
        licence = _SAID_ELSEWHERE.get(name) or found.get(name) or before.get(name)
        if not licence:
            raise ValueError(f"{name} does not say its licence, or is not installed: see docs/licences.py")
        note = TO_KNOW.get(name) or (_CUDA if licence == "LicenseRef-NVIDIA-Proprietary" else "")
        if not note and not is_permissive(licence):
            raise ValueError(
                f"{name} has the licence {licence}: say in TO_KNOW of docs/licences.py what that means here"
            )
        rows.append(f"| `{name}` | {licence} | {note} |")
    return "\n".join(rows)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def page(root: Path, folders: Iterable[str] = ()) -> str:
    """The page with its table made anew."""
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    return f"{head}{BEGIN}{table(root, folders)}{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(page(HERE.parent, sys.argv[1:]), encoding="utf-8")
