"""Run a notebook's cells in a fresh kernel."""

import asyncio
import contextlib
import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from traitlets.config import Config

from autograde.cells import HAND_IN_TAG, error_output
from autograde.verdict import KILLED_ERROR, TIMEOUT_ERROR


def execute(
    notebook: NotebookNode,
    folder: Path,
    *,
    timeout: int = 120,
    skip_tag: str = HAND_IN_TAG,
    environment: dict[str, str] | None = None,
) -> NotebookNode:
    """Run all cells in order with folder as working directory, in place; errors become outputs and the next cell runs.

    timeout: seconds a cell may take before it is interrupted. skip_tag: cells with this tag are not run; if none is given, the
    one that hands in.
    A cell without an error output has run to its end: when the kernel dies, that cell and the rest get an error.
    """
    metadata = dict(notebook.metadata)
    replied: set[int] = set()

    def note(cell: NotebookNode, cell_index: int, execute_reply: dict[str, Any]) -> None:
        replied.add(cell_index)
        _note_failure(cell, execute_reply["content"])

    with tempfile.TemporaryDirectory() as sockets, contextlib.suppress(DeadKernelError):
        client = NotebookClient(
            notebook,
            kernel_name="python3",
            config=_transport(sockets),
            timeout=timeout,
            allow_errors=True,
            interrupt_on_timeout=True,
            error_on_timeout={"ename": TIMEOUT_ERROR, "evalue": f"no end after {timeout} s", "traceback": []},
            skip_cells_with_tag=skip_tag,
            record_timing=False,
            store_widget_state=False,
            shutdown_kernel="immediate",
            resources={"metadata": {"path": str(folder)}},
            on_cell_executed=note,
        )
        # What student code writes past Python, to the file descriptors, must not reach the grader's terminal.
        options = {
            "env": {**os.environ, **(environment or {})},
            "stdout": subprocess.DEVNULL,
            "stderr": subprocess.DEVNULL,
        }
        # In a thread, since in the main one nbclient answers Ctrl-C by killing the kernel under the student's feet.
        with ThreadPoolExecutor(1) as pool:
            pool.submit(asyncio.run, client.async_execute(**options)).result()
    for index, cell in enumerate(notebook.cells):
        skipped = skip_tag in cell.metadata.get("tags", [])
        if cell.cell_type == "code" and cell.source.strip() and index not in replied and not skipped:
            cell.outputs.append(error_output(KILLED_ERROR, "the kernel died before this cell ended"))
    notebook.metadata = NotebookNode(metadata)  # not the version of the Python that happened to run it
    return notebook


def _transport(sockets: str) -> Config:
    """Speak with the kernel over sockets in the file system where there are any, not over the network."""
    if os.name != "posix":
        return Config()
    return Config({"KernelManager": {"transport": "ipc", "ip": str(Path(sockets, "kernel"))}})


def _note_failure(cell: NotebookNode, reply: dict[str, Any]) -> None:
    """Trust the kernel's reply on whether a cell failed, not what the cell displayed; the cause comes first."""
    if reply["status"] == "ok":
        return
    name = reply.get("ename", "Aborted")
    shown = [output.ename for output in cell.outputs if output.output_type == "error"]
    if name not in shown:
        cell.outputs.insert(0, error_output(name, reply.get("evalue", "")))
