"""What students get, as student.zip or as a folder, with its version."""

import functools
import json
import zipfile
from collections.abc import Callable, Collection, Mapping, Sequence
from importlib.metadata import version
from importlib.resources import files as resources
from io import BytesIO
from pathlib import Path
from string import Template

from autograde.build import Built
from autograde.course import KIT, Course, CourseError
from autograde.leaks import leaks, secrets_of
from autograde.planted import Patch
from autograde.settings import read_settings
from autograde.students import for_students
from helpers.bundle import RELEASE, NotABundle, Release, cell_digest, file_digest, read_bundle, read_release, source_of
from helpers.whole import write_whole

#: The kit's own course: its README and its environment.yml are for instructors, too.
_README, _ENVIRONMENT = "README.md", "environment.yml"
#: The lines of environment.yml that students get end here, and are followed by the package itself.
_NOT_FOR_STUDENTS, _ITSELF = "  # Students do not get what follows", "  - pip\n  - pip:\n      - -e .\n"
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # that zip can tell: equal contents are equal archives


def release(
    course: Course, built: Sequence[Built], patches: Sequence[Patch], target: Path, names: Sequence[str]
) -> str:
    """Write what students get of the notebooks with these names, as an archive if target ends in .zip, else as a folder.

    Returns the version. An archive replaces an earlier release. Raises CourseError when the target holds anything else, or
    when something in the release shows a solution, a hidden test, a planted mistake or the seed; nothing is written then.
    """
    _refuse_to_overwrite(target)
    files = bundle(course, names)
    stamp = read_release(files[RELEASE]).version
    shown = leaks(files, secrets_of(built, patches, _seed(course)))
    if shown:
        more = f" (and {len(shown) - 1} more)" if len(shown) > 1 else ""
        raise CourseError(f"nothing is released: {shown[0]}{more}. Reword it there.")
    if target.suffix == ".zip":
        write_whole(target, _archive(files, f"{read_settings(course.root).name}-{stamp.replace('+', '-')}"))
    else:
        for name, content in files.items():
            write_whole(target / name, content)
            if name.endswith(".sh"):
                (target / name).chmod(0o755)
    return stamp


def bundle(course: Course, names: Sequence[str]) -> dict[str, bytes]:
    """The files that students get (path → content), release.json and their README among them."""
    files = _files(course, names)
    notebooks = {name: json.loads(files[f"notebooks/{name}.ipynb"])["cells"] for name in names}
    digests = {name: file_digest(content) for name, content in files.items()}
    stamp = _stamp(digests)
    if _README not in files:
        files[_README] = _readme(stamp, notebooks).encode()
    cells = {name: {cell["id"]: cell_digest(cell) for cell in those} for name, those in notebooks.items()}
    told = Release(stamp, digests | {_README: file_digest(files[_README])}, cells)
    return dict(sorted(files.items())) | {RELEASE: told.as_text().encode()}


def versions(course: Course, built: Sequence[Built]) -> Callable[[frozenset[str]], str]:
    """What tells the version that a release of some notebooks would have today; empty for one that there cannot be."""
    known = {item.name for item in built}

    @functools.lru_cache(maxsize=64)
    def version_of(names: frozenset[str]) -> str:
        if not names or not names <= known:
            return ""
        try:
            return _stamp({name: file_digest(content) for name, content in _files(course, names).items()})
        except OSError:  # a course that was not built
            return ""

    return version_of


def _files(course: Course, names: Collection[str]) -> dict[str, bytes]:
    """What students get, but for what tells the version; a README only where the course has its own."""
    paths = for_students(course, [f"{name}.ipynb" for name in names])
    files = {name: path.read_bytes() for name, path in paths.items()}
    if _README not in files:
        files[_ENVIRONMENT] = _environment(files[_ENVIRONMENT].decode()).encode()
    return files


def _stamp(digests: Mapping[str, str]) -> str:
    return f"{version(KIT)}+{file_digest(repr(sorted(digests.items())).encode())[:8]}"


def _readme(stamp: str, notebooks: Mapping[str, list]) -> str:
    """The students' README: their version, which notebooks there are, and what to do."""
    first = {name: source_of(cells[0]).partition("\n")[0].lstrip("# ") for name, cells in notebooks.items()}
    titles = [f"- `{name}`: {title}" for name, title in first.items()]
    template = resources("autograde").joinpath("templates/student-readme.md").read_text(encoding="utf-8")
    return Template(template).substitute(version=stamp, notebooks="\n".join(titles), python=".venv/bin/python")


def _environment(text: str) -> str:
    """The packages that students need, for conda."""
    command, *lines = text.partition(_NOT_FOR_STUDENTS)[0].splitlines(keepends=True)
    return "".join([command, *(line for line in lines if not line.startswith("#"))]) + _ITSELF


def _seed(course: Course) -> str:
    """The course's secret as text, empty when nothing was graded yet."""
    config = course.gradebook / "nbgrader_config.py"
    lines = config.read_text(encoding="utf-8").splitlines() if config.exists() else []
    return next((line.partition("=")[2].strip() for line in lines if line.startswith("c.Examine.seed")), "")


def _refuse_to_overwrite(target: Path) -> None:
    if target.suffix != ".zip":
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            raise CourseError(f"{target} is not empty. Name a new folder, or a .zip.")
    elif target.exists():
        try:
            read_bundle(target)
        except NotABundle:
            raise CourseError(f"{target} is there, and is no release. Name another file.") from None


def _archive(files: Mapping[str, bytes], folder: str) -> bytes:
    """A zip archive of a folder; equal files make equal bytes. A name for each version: unpacking overwrites nobody's work."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in files.items():
            about = zipfile.ZipInfo(f"{folder}/{name}", _EARLIEST)
            about.compress_type, about.create_system = zipfile.ZIP_DEFLATED, 3
            about.external_attr = (0o755 if name.endswith(".sh") else 0o644) << 16
            archive.writestr(about, data)
    return content.getvalue()
