"""Bring a student's folder to a new release: `python -m helpers.update student.zip [FOLDER]`. Nothing that was written is lost."""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers.bundle import RELEASE, NotABundle, Release, file_digest, read_bundle, read_release
from helpers.course_notebook import Notebook, notebooks_in
from helpers.merge import Merged, merge
from helpers.whole import write_whole

#: Where files go as they were, before they are changed.
BACKUPS = "before-update"
_ENVIRONMENT = {"requirements.txt", "pyproject.toml", "environment.yml"}


class CannotUpdate(Exception):
    """Nothing was changed; the message says why, and what to do."""


@dataclass(frozen=True)
class _Change:
    """One file to write, or to remove. was: what is there now; keep: whether that has to be kept; notebook: whose it is."""

    path: Path
    content: bytes | None
    was: bytes | None = None
    keep: bool = False
    notebook: str = ""


@dataclass
class Updated:
    """What was done, or would be: the versions, a line for each thing, and what could not be done."""

    before: str
    after: str
    lines: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    changed: bool = False
    failed: set[str] = field(default_factory=set)

    def fail(self, notebook: str, trouble: str) -> None:
        """Note what could not be done, and in which notebook, if it was one."""
        self.troubles.append(trouble)
        self.failed.add(notebook)

    def __str__(self) -> str:
        if not self.changed and not self.troubles:
            return f"Nothing to do: this is version {self.after}."
        return "\n".join([f"From version {self.before} to {self.after}.", *self.lines])


def main(arguments: list[str] | None = None) -> int:
    """Update, and say what was done. Returns 0 when all is done, 1 when something could not be, 2 for wrong usage."""
    parser = argparse.ArgumentParser(
        prog="python -m helpers.update",
        description="Bring the course's notebooks and files to a new release, with all that you wrote. Save and close the "
        "notebooks first.",
    )
    parser.add_argument("bundle", type=Path, help="the new student.zip, or the folder that it was unpacked to")
    parser.add_argument("folder", nargs="?", type=Path, help="where you unpacked the course before; here")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, and change nothing")
    asked = parser.parse_args(arguments)
    if not asked.bundle.exists():
        parser.error(f"{asked.bundle} is not there")
    if asked.folder is not None and not asked.folder.is_dir():
        parser.error(f"{asked.folder} is not a folder")
    try:
        done = update(asked.bundle, asked.folder or Path(), dry_run=asked.dry_run)
    except CannotUpdate as error:
        print(f"update: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("update: interrupted. The same command continues; nothing is lost.", file=sys.stderr)
        return 130
    print(done)
    for trouble in done.troubles:
        print(f"update: {trouble}", file=sys.stderr)
    return 1 if done.troubles else 0


def update(bundle: Path, folder: Path, *, dry_run: bool = False) -> Updated:
    """Put a release into a student's folder. Raises CannotUpdate, before anything is changed.

    Each file is whole, old or new, at any moment; release.json comes last, so that a run which was stopped can be repeated.
    """
    try:
        root = _root(folder)
        release, files = read_bundle(bundle)
        old = _installed(root)
        done = Updated(old.version, release.version)
        changes = [*_notebook_changes(root, release, files, old, done), *_file_changes(root, files, old, done)]
    except NotABundle as error:
        raise CannotUpdate(f"{bundle}: {error}") from None
    except OSError as error:
        raise CannotUpdate(f"{error.filename or folder}: {error.strerror or error}. Nothing was changed.") from None
    if not dry_run:
        for change in changes:
            _apply(root, change, release.version, done)
    now = _together(old, release, done.failed)
    done.changed = bool(changes) or now != old
    if dry_run and done.changed:
        done.lines.append("Nothing was changed: this was a dry run.")
        return done
    if done.changed:
        _apply(root, _Change(root / RELEASE, now.as_text().encode()), release.version, done)
    if any(change.keep for change in changes):
        done.lines.append(f"What was there before is in {BACKUPS}/.")
    return done


def _root(folder: Path) -> Path:
    """The folder that student.zip was unpacked to, when asked for it or for its notebooks/."""
    for root in (folder, folder.resolve().parent):
        if (root / "helpers").is_dir() and (root / "notebooks").is_dir():
            if (root / "source").is_dir():
                raise CannotUpdate(f"{root} is an instructor's course, not a student's folder.")
            return root
    raise CannotUpdate(
        f"{folder.resolve()} is not where student.zip was unpacked: that folder has helpers/ and notebooks/. Name it."
    )


def _installed(root: Path) -> Release:
    """The release that the student has; of an unknown version when nothing says so."""
    try:
        return read_release((root / RELEASE).read_bytes())
    except (FileNotFoundError, NotABundle):
        return Release("unknown")


def _together(old: Release, new: Release, failed: set[str]) -> Release:
    """What release.json says afterwards: notebooks that the new release has not, or that could not be updated, are as they were."""
    kept = {name: digest for name, digest in old.files.items() if name.startswith("notebooks/")}
    cells = {name: digests for name, digests in new.cells.items() if name not in failed}
    return Release(new.version, kept | dict(new.files), dict(old.cells) | cells)


# --- What is to be changed


def _notebook_changes(
    root: Path, release: Release, files: dict[str, bytes], old: Release, done: Updated
) -> Iterator[_Change]:
    found, _ = notebooks_in(root / "notebooks")
    there = {notebook.name: notebook for notebook in found}
    released = {name: _notebook(name, files[name]) for name in sorted(files) if name.startswith("notebooks/")}
    for file, new in released.items():
        name = Path(file).stem
        if name in there:
            yield from _merged(there[name], new, old, release.version, done)
        elif os.path.lexists(root / file):
            done.fail(name, f"{file} is not the course's notebook. Rename it, and run this again.")
        else:
            done.lines.append(f"{name}: new")
            yield _Change(root / file, files[file], notebook=name)


def _notebook(name: str, content: bytes) -> dict[str, Any]:
    """A notebook of the release. Raises NotABundle when it is none whose cells can be told apart."""
    try:
        raw = json.loads(content.decode())
        cells = raw["cells"]
        whole = raw["nbformat"] == 4 and isinstance(raw["metadata"], dict) and all(map(_is_whole, cells))
        if whole and len({cell["id"] for cell in cells}) == len(cells):
            return raw
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    raise NotABundle(f"its {name} cannot be read as a notebook. Get student.zip again.")


def _is_whole(cell: dict[str, Any]) -> bool:
    source, metadata = cell["source"], cell["metadata"]
    lines = source if isinstance(source, list) else [source]
    texts = all(isinstance(text, str) for text in [cell["id"], *lines])
    settings = isinstance(metadata, dict) and isinstance(metadata.get("nbgrader", {}), dict)
    return texts and settings and cell["cell_type"] in ("code", "markdown", "raw")


def _merged(mine: Notebook, new: dict[str, Any], old: Release, version: str, done: Updated) -> Iterator[_Change]:
    raw = {} if mine.trouble else json.loads(mine.content.decode("utf-8-sig"))
    if raw.get("nbformat") != 4:
        trouble = mine.trouble or "is in another format. Open it in JupyterLab, and save it"
        done.fail(mine.name, f"{mine.path.name} {trouble}. It was left as it is; then run this again.")
        return
    try:
        result = merge(raw, new, old.cells.get(mine.name, {}), version)
        if result.notebook == raw:
            return
        text = json.dumps(result.notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    except RecursionError:
        done.fail(mine.name, f"{mine.path.name} is nested too deeply to be changed. It was left as it is.")
        return
    done.lines += _told(mine.name, result)
    yield _Change(mine.path, text.encode("utf-8", "backslashreplace"), mine.content, keep=True, notebook=mine.name)


def _told(name: str, result: Merged) -> Iterator[str]:
    updated = max(len(result.changed), len(result.gone))  # a text that was corrected is a new cell, and an old one gone
    kept = len(result.kept) + len(result.conflicts)
    yield f"{name}: {_count(updated, 'cell')} updated, {_count(kept, 'answer')} kept"
    for one in result.conflicts:
        yield f"  {one}: its cell has a new text, which stands above your answer now. Compare them."
    for one in result.aside:
        yield f'  {one}: what you wrote there stands at the end now, under "From the earlier version".'


def _count(number: int, kind: str) -> str:
    return f"{number} {kind}{'' if number == 1 else 's'}"


def _file_changes(root: Path, files: dict[str, bytes], old: Release, done: Updated) -> Iterator[_Change]:
    """Everything but notebooks: new files first, and last what goes, so that helpers fit together for as long as possible."""
    other = {name: content for name, content in files.items() if not name.startswith("notebooks/")}
    gone = [name for name in old.files if name.startswith("helpers/") and name not in files]
    changes = []
    for name, content in [*other.items(), *((name, None) for name in gone)]:
        path = root / name
        was = path.read_bytes() if path.exists() else None
        if was != content:
            keep = was is not None and file_digest(was) != old.files.get(name)
            changes.append(_Change(path, content, was, keep))
    if changes:
        done.lines.append(f"helpers and other files: {_count(len(changes), 'file')} replaced")
    if _ENVIRONMENT & {change.path.name for change in changes}:
        done.lines.append(
            "The list of packages changed: start with `make lab`, or run: conda env update -f environment.yml"
        )
    yield from sorted(changes, key=lambda change: (change.content is None, change.was is not None))


# --- Changing it


def _apply(root: Path, change: _Change, version: str, done: Updated) -> None:
    """Make one change, with a backup first; what goes wrong is told, and leaves the file as it was."""
    try:
        if change.was is not None and change.path.read_bytes() != change.was:
            raise CannotUpdate("changed just now. Save and close the notebooks, and run this again.")
        if change.keep:
            _back_up(root, change, version)
        if change.content is None:
            change.path.unlink()
        else:
            write_whole(change.path, change.content)
            if change.path.suffix == ".sh":
                change.path.chmod(0o755)
    except (OSError, CannotUpdate) as error:
        why = f"{error.strerror}. Mend that, and run this again." if isinstance(error, OSError) else str(error)
        done.fail(change.notebook, f"{change.path.name}: {why}")


def _back_up(root: Path, change: _Change, version: str) -> None:
    """Write what is there into a file of its own; one that is there already is never changed."""
    place = root / BACKUPS / ("" if change.notebook else change.path.relative_to(root).parent)
    place.mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        more = f"-{number}" if number > 1 else ""
        path = place / f"{change.path.stem}.before-{version}{more}{change.path.suffix}"
        try:
            with path.open("xb") as file:
                file.write(change.was)
                file.flush()
                os.fsync(file.fileno())
            return
        except FileExistsError:
            if path.is_file() and path.read_bytes() == change.was:
                return
            number += 1


if __name__ == "__main__":
    sys.exit(main())
