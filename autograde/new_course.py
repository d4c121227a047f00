"""A fresh course: a folder with one exercise, from the templates in templates/new_course/."""

import importlib.resources
import re
from importlib.metadata import metadata
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from autograde.course import CourseError

_TEMPLATES = Path(str(importlib.resources.files("autograde"))) / "templates" / "new_course"
#: Packages do not hold files that begin with a dot.
_DOTTED = {"gitignore": ".gitignore"}
#: Large, and used only by helpers that a course has to ask for.
_NOT_AT_FIRST = {"torch", "torchvision"}


def new_course(folder: Path, name: str, kit: str) -> list[Path]:
    """Write a new course into a folder that is new or empty; returns its files. kit: the package whose requirements it has.

    Raises CourseError when something is in the folder.
    """
    if folder.exists() and any(folder.iterdir()):
        raise CourseError(f"{folder} is not empty. Choose another name, or move what is there away.")
    templates = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # none of it is HTML
    )
    about = {"name": name, "packages": _packages(kit), "python": metadata(kit)["Requires-Python"]}
    written = []
    for template in sorted(
        templates.list_templates(filter_func=lambda name: "__pycache__" not in name)
    ):  # pip compiles
        path = folder / _DOTTED.get(template, template)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(templates.get_template(template).render(about), encoding="utf-8")
        written.append(path)
    return written


def _packages(kit: str) -> list[str]:
    """What students of the kit's own course install, but for what a first notebook can do without."""
    wanted = [line for line in metadata(kit).get_all("Requires-Dist") or [] if "extra ==" not in line]
    return sorted(line for line in wanted if re.match(r"[\w.-]+", line)[0] not in _NOT_AT_FIRST)
