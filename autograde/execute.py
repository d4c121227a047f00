"""Run a notebook's cells in a fresh kernel."""

import contextlib
import os
import tempfile
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_output

#: Long cells carry this tag; their outcome is handed in as a file.
SKIP_TAG = "skip-grading"
TIMEOUT_ERROR = "CellTimeoutError"


def execute(
    notebook: NotebookNode,
    folder: Path,
    *,
    timeout: int = 120,
    skip_tag: str = "",
    environment: dict[str, str] | None = None,
) -> NotebookNode:
    """Run all cells in order with folder as working directory, in place; errors become outputs and the next cell runs.

    timeout: seconds a cell may take before it is interrupted. skip_tag: cells with this tag are not run.
    When the kernel dies, the remaining cells keep no execution count.
    """
    metadata = dict(notebook.metadata)
    with tempfile.TemporaryDirectory() as sockets, contextlib.suppress(DeadKernelError):
        client = NotebookClient(
            notebook,
            km=_kernel(sockets),
            timeout=timeout,
            allow_errors=True,
            interrupt_on_timeout=True,
            error_on_timeout={"ename": TIMEOUT_ERROR, "evalue": f"no end after {timeout} s", "traceback": []},
            skip_cells_with_tag=skip_tag,
            record_timing=False,
            store_widget_state=False,
            shutdown_kernel="immediate",
            resources={"metadata": {"path": str(folder)}},
            on_cell_executed=_note_failure,
        )
        client.execute(env={**os.environ, **(environment or {})})
    notebook.metadata = NotebookNode(metadata)  # not the version of the Python that happened to run it
    return notebook


def _kernel(sockets: str) -> AsyncKernelManager:
    """A manager for one kernel, spoken to over sockets in the file system where there are any, not over the network."""
    if os.name != "posix":
        return AsyncKernelManager(kernel_name="python3")
    return AsyncKernelManager(kernel_name="python3", transport="ipc", ip=str(Path(sockets, "kernel")))


def _note_failure(cell: NotebookNode, cell_index: int, execute_reply: dict[str, Any]) -> None:  # noqa: ARG001
    """Trust the kernel's reply on whether a cell failed, not what the cell displayed."""
    content = execute_reply["content"]
    if content["status"] == "ok" or any(output.output_type == "error" for output in cell.outputs):
        return
    name, value = content.get("ename", "Aborted"), content.get("evalue", "")
    cell.outputs.append(new_output("error", ename=name, evalue=value, traceback=[f"{name}: {value}"]))
