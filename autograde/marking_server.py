"""nbgrader's formgrader on the course's gradebook, and nothing else: no kernels, no files, nothing from a network."""

import contextlib
import importlib.resources
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbgrader.server_extensions.formgrader
from jupyter_server.serverapp import ServerApp
from nbgrader.server_extensions.formgrader import handlers
from tornado.web import StaticFileHandler
from traitlets.config import Config

from autograde.formgrader import TEMPLATES, MarkingExporter

_FORMGRADER = nbgrader.server_extensions.formgrader.__name__
#: What a page may load. nbgrader's pages hold scripts and compile templates; students' text is made inert before.
_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


class MarkingServer(ServerApp):
    """A Jupyter server for this machine alone, with formgrader as its only extension."""

    default_services = ("api", "auth", "security")
    announce: Callable[[str], Any] = staticmethod(print)

    def load_config_file(self, suppress_errors: bool = True) -> None:
        """Whatever this user has set for servers is for other ones."""

    def find_server_extensions(self) -> None:
        """Only the one that is named in the configuration."""

    def start_app(self) -> None:
        """Start, and say where; Jupyter's own words for that are for other servers."""
        level = self.log.level
        self.log.setLevel(logging.CRITICAL + 1)
        super().start_app()
        self.log.setLevel(level)
        self.announce(f"{self.connection_url.rstrip('/')}{self.default_url}?token={self.identity_provider.token}")


def serve(
    gradebook: Path, assignment: str, announce: Callable[[str], Any], *, port: int = 0, browser: bool = True
) -> None:
    """Run formgrader on nbgrader's course folder until Ctrl-C. announce: is told the address. Raises SystemExit.

    assignment: whose page it opens; port: 0 for one that is free.
    """
    config, start = Config(), f"/formgrader/gradebook/{assignment}"
    config.ServerApp.update(
        ip="127.0.0.1", port=port, port_retries=0 if port else 50, open_browser=browser, answer_yes=True, default_url=start,
        terminals_enabled=False, root_dir=str(gradebook), jpserver_extensions={_FORMGRADER: True}, allow_root=True,
        log_level="ERROR", tornado_settings={"headers": {"Content-Security-Policy": _POLICY}},
    )  # fmt: skip
    # nbgrader's handlers would have it hold for their own page only.
    config.IdentityProvider.cookie_options = {"path": "/", "samesite": "Strict"}
    with contextlib.chdir(gradebook):  # where formgrader looks for nbgrader_config.py
        server = MarkingServer(config=config)
        server.announce = announce
        server.initialize(argv=[])
        _use_local_mathjax(server)
        server.start()


def _use_local_mathjax(server: ServerApp) -> None:
    settings = server.web_app.settings
    settings["nbgrader_exporter"] = MarkingExporter(
        config=settings["initial_config"],
        template_name="formgrade",
        extra_template_basedirs=[str(TEMPLATES), handlers.template_path],
    )
    files = importlib.resources.files("mathjax") / "static" / "mathjax" / "es5"
    server.web_app.add_handlers(".*$", [("/mathjax/(.*)", StaticFileHandler, {"path": str(files)})])
