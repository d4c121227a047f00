"""Execute a notebook's cell as plain Python."""

import linecache


def run_cell(source: str, name: str, namespace: dict) -> None:
    """Execute a cell so that `inspect.getsource` finds its functions, as in a notebook."""
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    exec(compile(source, name, "exec"), namespace)
