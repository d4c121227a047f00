"""Draws architecture.svg: the parts of the kit, and which imports which, read from the code. Run it: make docs."""

import ast
from dataclasses import dataclass
from html import escape
from pathlib import Path

HERE = Path(__file__).parent
PICTURE = HERE / "architecture.svg"


@dataclass(frozen=True)
class Part:
    """Modules with one purpose (a name with a final . stands for all that begin so), and where their box stands."""

    says: str
    modules: tuple[str, ...]
    column: int
    row: int


def _part(says: str, modules: str, column: int, row: int) -> Part:
    return Part(says, tuple(modules.split()), column, row)


#: Every module of autograde/ and helpers/ belongs to one part. Arrows are not written here: they are the imports.
PARTS = {
    "command": _part("what is typed, what is shown", "__main__ cli commands. screen", 1, 0),
    "proof": _part(
        "is the course right? what goes out",
        "authoring audit audited mutation diagnosis stage release students new_course leaks site wheels pyodide "
        "demo trained doctor",
        0, 1,
    ),
    "grading": _part(
        "a whole run, and what it writes",
        "grade regrade refresh receipts outputs record report lms shares mistakes hand_in_times",
        1, 1,
    ),
    "marking": _part("marks by hand", "marking_sheet hand_marks marking_server", 2, 1),
    "gradebook": _part(
        "nbgrader's tree, and pages",
        "gradebook book nbgrader_steps formgrader marks pages feedback pictures redraw",
        1, 2,
    ),
    "handout": _part("the mathematics on paper", "handout.", 2, 2),
    "work": _part("many notebooks at once", "jobs nursery processes worker worker_server cluster", 0, 3),
    "intake": _part(
        "what was handed in, in order",
        "intake incoming handed_in archives hand_in_names notebook_file repair receipt_file roster settings",
        2, 3,
    ),
    "candidate": _part("runs what students wrote", "candidate candidate_server shell", 0, 4),
    "examiner": _part(
        "runs tests, makes verdicts",
        "examiner session proxies definitions truth truth_layers truth_samples truth_torch examination_process examine job",
        1, 4,
    ),
    "room": _part(
        "shuts the candidate in",
        "room rooms warden sealing landlock seccomp limits libc forking breakout trial trial_server",
        0, 5,
    ),
    "sources": _part("from source/ to notebooks", "build execute planted unseen", 2, 5),
    "pipe": _part("plain data, bounded", "pipe wire ledger shown", 0, 6),
    "base": _part(
        "small words that all others use", "course cells plan verdict findings markdown late due trouble drafts", 1, 6
    ),
    "helpers": _part("what students import", "helpers.", 1, 7),
}  # fmt: skip


def module_files(root: Path) -> dict[str, Path]:
    """The modules of autograde/ and helpers/ by name, autograde's without "autograde."; packages themselves left out."""
    folders = ("autograde", "autograde/commands", "autograde/handout", "helpers")
    files = [path for folder in folders for path in root.glob(f"{folder}/*.py")]
    dotted = {".".join(path.relative_to(root).with_suffix("").parts): path for path in files}
    return {name.removeprefix("autograde."): path for name, path in dotted.items() if name != "autograde.__init__"}


def part_of(module: str) -> str:
    """The part that a module belongs to. Raises KeyError, saying what to do, unless it is exactly one."""
    owners = [
        name for name, part in PARTS.items() for own in part.modules
        if module == own or (own.endswith(".") and module.startswith(own))
    ]  # fmt: skip
    if len(owners) != 1:
        raise KeyError(f"{module} is in {owners or 'no part'}: put it into one of PARTS in docs/architecture.py")
    return owners[0]


def imports(root: Path) -> set[tuple[str, str]]:
    """Which part imports which, wherever in a module the import stands."""
    files = module_files(root)
    found = set()
    for module, path in files.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            for name in names:
                own = "helpers.__init__" if name == "helpers" else name.removeprefix("autograde.")
                if own in files and part_of(own) != part_of(module):
                    found.add((part_of(module), part_of(own)))
    return found


def reachable(start: str, arrows: set[tuple[str, str]]) -> set[str]:
    """Everything that arrows lead to from start, in one step or several."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        steps = {after for before, after in arrows if before == waiting[-1]} - found
        waiting.pop()
        found |= steps
        waiting += steps
    return found


def arrows(found: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The imports without those that a path of other ones stands for: each arrow is an import, each import a path."""
    return {arrow for arrow in found if arrow[1] not in reachable(arrow[0], found - {arrow})}


_WIDTH, _HEIGHT, _ACROSS, _DOWN, _MARGIN = 268, 84, 318, 120, 14


def _lines(modules: tuple[str, ...]) -> list[str]:
    """Names of modules, in lines that fit a box."""
    lines = [""]
    for name in modules:
        folder = name[:-1] if name == "helpers." else f"autograde/{name[:-1]}"
        shown = f"{folder}/" if name.endswith(".") else name
        if len(lines[-1]) + len(shown) > 44:
            lines.append("")
        lines[-1] = f"{lines[-1]} {shown}".strip()
    return lines


def _box(name: str, part: Part) -> str:
    x, y = _MARGIN + part.column * _ACROSS, _MARGIN + part.row * _DOWN
    rows = [f'<text x="{x + 10}" y="{y + 19}"><tspan class="name">{name}</tspan> · {escape(part.says)}</text>']
    rows += [
        f'<text class="modules" x="{x + 10}" y="{y + 38 + 14 * index}">{escape(line)}</text>'
        for index, line in enumerate(_lines(part.modules))
    ]
    return f'<rect class="box" x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" rx="6"/>\n' + "\n".join(rows)


def _arrow(before: str, after: str) -> str:
    start, end = PARTS[before], PARTS[after]
    lean = (end.column > start.column) - (end.column < start.column)
    lean *= 60 if end.row - start.row == 1 else 128  # steep, past the box between
    x1 = _MARGIN + start.column * _ACROSS + _WIDTH / 2 + lean
    x2 = _MARGIN + end.column * _ACROSS + _WIDTH / 2 - lean
    y1, y2 = _MARGIN + start.row * _DOWN + _HEIGHT, _MARGIN + end.row * _DOWN - 3
    return f'<line x1="{x1:g}" y1="{y1}" x2="{x2:g}" y2="{y2}"><title>{before} imports {after}</title></line>'


def drawn(found: set[tuple[str, str]]) -> str:
    """The picture, as SVG."""
    width = 2 * _MARGIN + max(part.column for part in PARTS.values()) * _ACROSS + _WIDTH
    height = 2 * _MARGIN + max(part.row for part in PARTS.values()) * _DOWN + _HEIGHT
    body = [_arrow(*arrow) for arrow in sorted(arrows(found))] + [_box(name, part) for name, part in PARTS.items()]
    style = (
        "text{font:13px sans-serif;fill:#1f2328}.name{font-weight:bold}.modules{font-size:11px;fill:#57606a}"
        ".box{fill:#f6f8fa;stroke:#8c959f}line{stroke:#57606a;stroke-width:1.4;marker-end:url(#head)}"
    )
    head = '<marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">\n'
        f'<style>{style}</style>\n<defs>{head}<path d="M0 0L8 4L0 8z" fill="#57606a"/></marker></defs>\n'
        f'<rect width="{width}" height="{height}" fill="#fff"/>\n' + "\n".join(body) + "\n</svg>\n"
    )


if __name__ == "__main__":
    PICTURE.write_text(drawn(imports(HERE.parent)), encoding="utf-8")
