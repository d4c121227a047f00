"""After a long run: how many examples each target had."""

import pytest

from tests.fuzz.fuzzing import MINUTES, ran


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if MINUTES:
        for name, (examples, seconds) in ran.items():
            terminalreporter.write_line(f"{name}: {examples:,} examples in {seconds:.0f} s")
