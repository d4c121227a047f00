"""IPython without a kernel: runs a notebook's cells in this process and keeps what they show as nbformat outputs."""

import builtins
import io
import sys
import traceback
import types
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from autograde.shown import Outputs


class _Publisher(DisplayPublisher):
    def publish(self, data: dict, metadata: dict | None = None, **options: Any) -> None:  # noqa: ARG002
        self.shell.shown.add("display_data", data=data)

    def clear_output(self, wait: bool = False) -> None:  # noqa: ARG002
        self.shell.shown.clear()


class _LastValue(DisplayHook):
    """Keeps the value of a cell's last expression, as it is displayed."""

    def write_output_prompt(self) -> None:
        """Nothing: the prompt is the notebook's."""

    def write_format_data(self, format_dict: dict, md_dict: dict | None = None) -> None:  # noqa: ARG002
        self.shell.shown.add("execute_result", data=format_dict)

    def finish_displayhook(self) -> None:
        """Nothing: nothing was printed."""


class _Stream(io.TextIOBase):
    """Text that is written to standard output or error, as an output."""

    encoding = "utf-8"

    def __init__(self, outputs: Outputs, name: str) -> None:
        self._outputs, self._name = outputs, name

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._outputs.write(self._name, text)
        return len(text)


class _Shell(InteractiveShell):
    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_LastValue)

    def enable_gui(self, gui: str | None = None) -> None:
        """Nothing: there is no window."""

    def showtraceback(self, *_: Any, **__: Any) -> None:
        """The student's lines and the message: rich tracebacks cost more than the cells themselves."""
        kind, error, trace = sys.exc_info()
        self.shown.add("error", ename=kind.__name__, evalue=str(error), traceback=_lines(error, trace, self.user_ns))

    showsyntaxerror = showtraceback
    showindentationerror = showtraceback

    def _format_exception_for_storage(self, *_: Any, **__: Any) -> None:
        """Nothing: newer versions of IPython make a rich traceback for the history, too."""


def _lines(error: BaseException, trace: types.TracebackType | None, namespace: dict[str, Any]) -> list[str]:
    render = getattr(error, "_render_traceback_", None)
    if render is not None:
        return [str(line) for line in render()]
    own = [
        f"in line {line}, {frame.f_code.co_name}"
        for frame, line in traceback.walk_tb(trace)
        if frame.f_globals is namespace
    ]
    return [*own[-8:], *(line.rstrip("\n") for line in traceback.format_exception_only(error))]


class Shell:
    """A shell to fork processes from: made once, used once in each of them."""

    def __init__(self) -> None:
        config = Config()
        config.HistoryManager.enabled = False  # it has a thread
        config.InteractiveShell.cache_size = 0
        config.InteractiveShell.colors = "nocolor"
        self._shell = _Shell.instance(config=config)
        self._shell.shown = Outputs()
        for source in _FIRST_STEPS:
            self.run(source)
        self._shell.reset(new_session=True)

    @property
    def namespace(self) -> dict[str, Any]:
        """The names that the cells have defined."""
        return self._shell.user_ns

    def run(self, source: str) -> dict[str, Any]:
        """Run a cell. Returns {"outputs": nbformat outputs, "ename", "evalue": the exception's, "" if there was none}."""
        self._shell.shown = Outputs()
        streams = [_Stream(self._shell.shown, name) for name in ("stdout", "stderr")]
        builtins.input = _no_input
        with redirect_stdout(streams[0]), redirect_stderr(streams[1]):
            result = self._shell.run_cell(source, store_history=True)
        error = result.error_before_exec or result.error_in_exec
        name, text = (type(error).__name__, _text(error)) if error is not None else ("", "")
        return {"outputs": self._shell.shown.items, "ename": name, "evalue": text}


#: What a first plot, error and display would otherwise cost every process.
_FIRST_STEPS = (
    "%matplotlib inline",
    "import matplotlib.pyplot as plt\nplt.subplots()[1].loglog([1, 2], [1, 2], label='1')\nplt.legend()\nplt.show()",
    "1 / 0",
    "{'a': 1}",
    "def f(:",
)


def _text(error: BaseException) -> str:
    try:
        return str(error)[:2000]
    except BaseException:
        return ""


def _no_input(*_: Any) -> str:
    raise RuntimeError("input() asks for something that nobody is there to type.")
