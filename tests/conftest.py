"""The course under test, read once."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from autograde.build import Built, read_course
from autograde.course import Course
from autograde.jobs import Workers
from autograde.room import missing
from autograde.trained import train_and_save
from tests import browser as browsers

ROOT = Path(__file__).parents[1]

pytest_plugins = ["pytester"]


@pytest.fixture(scope="session")
def course() -> Course:
    return Course(ROOT)


@pytest.fixture(scope="session")
def built(course) -> list[Built]:
    return read_course(course)


@pytest.fixture(scope="session")
def trained(built, tmp_path_factory) -> list[Path]:
    """The files of weights that a right submission hands in."""
    return train_and_save(built, tmp_path_factory.mktemp("trained"))


@pytest.fixture(scope="session")
def needs_room() -> None:
    """Skips where submitted code cannot be shut in, saying what is missing and how to install it."""
    lacking = [str(item) for item in missing() if item.needed]
    if lacking:
        pytest.skip("; ".join(lacking))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium through Playwright, for one module of tests; skipped, saying how to install it, where it is missing."""
    if browsers.chromium() is None:
        pytest.skip(browsers.INSTALL)
    with browsers.started() as started:
        yield started


@pytest.fixture
def watched(browser) -> Iterator[browsers.Watched]:
    """A fresh user of the browser: the test fails when a request wanted to leave the machine, or the console told an error."""
    with browsers.watched(browser) as seen:
        yield seen


@pytest.fixture(scope="session")
def workers(needs_room) -> Iterator[Workers]:
    """Processes that examine, kept for all tests: they take seconds to start."""
    with Workers() as pool:
        yield pool


@pytest.fixture(scope="session", autouse=True)
def shared_workers(request) -> Iterator[None]:
    """Whatever starts workers gets those."""

    class Shared:
        def __init__(self, _count: int | None = None, **_options: object) -> None:
            pass

        def __enter__(self) -> Workers:
            return request.getfixturevalue("workers")

        def __exit__(self, *_: object) -> None:
            pass

    with pytest.MonkeyPatch.context() as patch:
        for module in ("jobs", "grade", "nbgrader_steps"):
            patch.setattr(f"autograde.{module}.Workers", Shared)
        yield


@pytest.fixture(autouse=True)
def offline_images(monkeypatch) -> None:
    """Notebooks that ask for images get the built-in set, without trying the network."""
    monkeypatch.setenv("COURSE_IMAGES", "synthetic")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """With REQUIRE_ALL=1, as in CI, a test that is skipped for want of something has failed.

    But for those marked `needs_network`: no command installs what they need, so they say why, and are skipped.
    """
    report = yield
    if report.skipped and os.environ.get("REQUIRE_ALL") == "1" and not item.get_closest_marker("needs_network"):
        report.outcome, report.longrepr = "failed", f"skipped, but REQUIRE_ALL=1: {report.longrepr[-1]}"
    return report
