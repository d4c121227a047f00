"""Chromium for tests: it must be installed, nothing may leave the machine, and nothing may go wrong on the console."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Route, sync_playwright

#: How to get what is missing.
INSTALL = "Chromium is not there. Install it: sudo apt install chromium"
_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
_HERE = ("127.0.0.1", "localhost")


@dataclass
class Watched:
    """A context of its own for one user, and what it must not have seen: requests to other machines, console errors."""

    context: BrowserContext
    left: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def chromium() -> str | None:
    """The path of Debian's Chromium, or of a Chrome; None where there is none."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@contextmanager
def started() -> Iterator[Browser]:
    """A browser. For one module of tests, not for all: while it is there, an event loop runs in this thread."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=_ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def watched(browser: Browser, **options: object) -> Iterator[Watched]:
    """A fresh context; raises AssertionError when a request wanted to leave the machine or the console told an error."""
    options = {"service_workers": "block"} | options  # their requests would not be seen
    with browser.new_context(**options) as context:
        seen = Watched(context)

        def stop(route: Route) -> None:
            seen.left.append(route.request.url)
            route.abort()

        context.route(_leaves, stop)
        # A socket with such a handler is not connected.
        context.route_web_socket(_leaves, lambda socket: seen.left.append(socket.url))
        context.on("console", lambda told: seen.errors.append(told.text) if told.type == "error" else None)
        context.on("weberror", lambda error: seen.errors.append(str(error.error)))
        yield seen
        assert not seen.left, f"left the machine: {seen.left}"
        assert not seen.errors, f"on the console: {seen.errors}"


def _leaves(url: str) -> bool:
    """Whether a request to this address would leave the machine."""
    parts = urlsplit(url)
    return parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in _HERE
