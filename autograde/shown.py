"""What a notebook's cells show: collected where they run, and checked where it is kept."""

import base64
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

#: Bytes that one notebook may show; what is beyond is left out, and a line says so.
LARGEST = 8_000_000
_MOST = 1000
_TEXTS = ("text/plain", "text/html", "text/latex", "text/markdown")
_PICTURES = ("image/png", "image/jpeg")


class Outputs:
    """The outputs of one cell, as plain data."""

    def __init__(self) -> None:
        self.items: list[dict[str, Any]] = []
        self._size = 0

    def add(self, kind: str, **content: Any) -> None:
        """Add an output: data by MIME type, or an error."""
        if "data" in content:
            content["data"] = {
                mime: base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)
                for mime, value in content["data"].items()
                if mime in _TEXTS + _PICTURES
            }
        self._keep({"output_type": kind, **content}, len(str(content)))

    def write(self, name: str, text: str) -> None:
        """Add text to standard output or error."""
        last = self.items[-1] if self.items else {}
        if last.get("name") == name and self._size < LARGEST:
            self._size += len(text)
            last["text"] += text[: max(LARGEST - self._size, 0)]
        else:
            self._keep({"output_type": "stream", "name": name, "text": text[:LARGEST]}, len(text))

    def clear(self) -> None:
        """Forget what was shown."""
        self.items.clear()

    def _keep(self, output: dict[str, Any], size: int) -> None:
        if self._size < LARGEST and len(self.items) < _MOST:
            self._size += size
            self.items.append(output)


def checked(items: Any, budget: int) -> tuple[list[NotebookNode], int]:
    """nbformat outputs of what a candidate says that a cell showed, and how many of the bytes that were left are left now.

    Nothing is taken on its word: unknown kinds and malformed ones are left out.
    """
    found = []
    for item in items if type(items) is list else []:
        output = _output(item) if type(item) is dict else None
        if output is None or len(found) >= _MOST:
            continue
        size = len(str(output))
        if size > budget:
            return [*found, new_output("stream", name="stderr", text="[more was shown than is kept]\n")], 0
        budget -= size
        found.append(output)
    return found, budget


def _output(item: dict[str, Any]) -> NotebookNode | None:
    # Types are compared, since a stand-in for an object of the student's may claim to be an instance of any of them.
    kind, name, text = (_text(item.get(key)) for key in ("output_type", "name", "text"))
    if kind == "stream":
        return new_output("stream", name="stderr" if name == "stderr" else "stdout", text=text)
    if kind == "error":
        lines = item.get("traceback")
        trace = [_text(line) for line in lines[:50]] if type(lines) is list else []
        return new_output("error", ename=_text(item.get("ename")), evalue=_text(item.get("evalue")), traceback=trace)
    if kind in ("display_data", "execute_result") and type(item.get("data")) is dict:
        data = {mime: value for mime, value in item["data"].items() if _is_shown(mime, value)}
        return new_output(kind, data=data) if data else None
    return None


def _text(value: Any) -> str:
    return value if type(value) is str else ""


def _is_shown(mime: Any, value: Any) -> bool:
    if type(mime) is not str or type(value) is not str:
        return False
    return mime in _TEXTS or (mime in _PICTURES and value.isascii() and '"' not in value and "<" not in value)
