"""That a page which reaches out, or goes wrong, fails its test."""

import pytest
from playwright.sync_api import Browser

from tests.browser import watched

SOCKET = """new Promise(done => {
    const socket = new WebSocket('ws://192.0.2.1/socket'); socket.onopen = socket.onerror = () => done(); })"""


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("fetch('http://192.0.2.1/asked').catch(() => 0)", r"left the machine: \['http://192.0.2.1/asked'\]"),
        (SOCKET, r"left the machine: \['ws://192.0.2.1/socket'\]"),
        ("console.error('told so')", r"on the console: \['told so'\]"),
        ("setTimeout(() => { throw new Error('thrown') }) && undefined", r"on the console: \['.*thrown"),
    ],
    ids=["request", "socket", "console", "exception"],
)
def test_a_page_that_reaches_out_or_goes_wrong_fails_its_test(browser, script, told):
    with pytest.raises(AssertionError, match=told):
        visit(browser, script)


def test_a_page_that_does_neither_passes(browser):
    visit(browser, "console.log('all is well')")


def visit(browser: Browser, script: str) -> None:
    with watched(browser) as seen:
        page = seen.context.new_page()
        page.evaluate(script)
        page.wait_for_timeout(100)  # for what the script did not wait for
