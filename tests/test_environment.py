"""The lists of packages agree, and students' code stands on its own."""

import ast
import importlib.util
import re
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from packaging.requirements import Requirement

from tests import clean_room

ROOT = Path(__file__).parents[1]
CONDA_NAMES = {"pytorch-cpu": "torch", "msgpack-python": "msgpack"}


@pytest.fixture(scope="module")
def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def parsed(lines: list[str]) -> dict[str, Requirement]:
    return {requirement.name: requirement for requirement in map(Requirement, lines)}


def test_conda_environment_names_the_same_packages_and_versions(project):
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    packages = [line for line in environment["dependencies"] if isinstance(line, str)]
    ((handout, *not_on_conda),) = [part["pip"] for part in environment["dependencies"] if isinstance(part, dict)]
    conda = {CONDA_NAMES.get(name, name): requirement for name, requirement in parsed(packages).items()}
    conda |= parsed(not_on_conda)
    python, pip = conda.pop("python"), conda.pop("pip")
    wanted = parsed(project["dependencies"] + project["optional-dependencies"]["instructor"])
    assert {name: r.specifier for name, r in conda.items()} == {name: r.specifier for name, r in wanted.items()}
    assert str(python.specifier) == project["requires-python"]
    assert not pip.specifier
    assert handout == "-e .[handout]"
    assert environment["channels"] == ["conda-forge"]


def pinned(name: str) -> list[Requirement]:
    """The packages of a list of exact versions, which names no place to get them from."""
    lines = (ROOT / name).read_text().splitlines()
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    assert all(len(pin.specifier) == 1 and str(pin.specifier).startswith("==") for pin in pins)
    assert not [line for line in lines if re.search(r"https?:|file:|--index|--extra-index|--find-links|@", line)]
    return pins


def test_what_builds_the_site_is_pinned():
    assert {"jupyterlite-core", "jupyterlite-pyodide-kernel", "jupyter-server", "comm"} <= {
        pin.name for pin in pinned("requirements-site.txt")
    }


def test_pinned_versions_are_exact_and_satisfy_the_project(project):
    pins = pinned("requirements.txt")
    wanted = parsed(
        [*project["dependencies"], *(r for extra in project["optional-dependencies"].values() for r in extra)]
    )
    for name, requirement in wanted.items():
        versions = [next(iter(pin.specifier)).version for pin in pins if pin.name == name]
        assert versions, f"requirements.txt does not pin {name}"
        assert all(requirement.specifier.contains(version) for version in versions), name


def test_hosted_tests_run_with_each_python_that_a_clean_room_takes(project):
    (job,) = yaml.safe_load((ROOT / ".github" / "workflows" / "tests.yml").read_text())["jobs"].values()
    versions = job["strategy"]["matrix"]["python"]
    assert tuple(f"python{version}" for version in versions) == clean_room.PYTHONS
    assert project["requires-python"] == f">={versions[0]}"
    assert job["steps"][-1] == {"run": ".ci/run"}


@pytest.fixture
def licences() -> ModuleType:
    specification = importlib.util.spec_from_file_location("licences", ROOT / "docs" / "licences.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_the_page_of_licences_names_all_packages_with_what_they_say_of_themselves(licences):
    assert licences.page(ROOT) == licences.PAGE.read_text(encoding="utf-8"), "run: make docs"
    assert set(licences.TO_KNOW) <= set(licences.listed(ROOT))


def test_a_package_with_an_unusual_licence_or_none_is_refused(licences, monkeypatch):
    monkeypatch.delitem(licences.TO_KNOW, "certifi")
    with pytest.raises(ValueError, match="certifi has the licence MPL"):
        licences.page(ROOT)
    monkeypatch.setattr(licences, "listed", lambda _: ["a-package-that-is-nowhere"])
    with pytest.raises(ValueError, match="a-package-that-is-nowhere does not say its licence"):
        licences.page(ROOT)
    assert not licences.is_permissive("MIT AND GPL-3.0-only")


def test_helpers_import_nothing_of_autograde_and_no_instructor_package():
    for path in (ROOT / "helpers").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {"autograde", "nbgrader", "nbclient", "jupytext", "click"} & {
                name.split(".")[0] for name in modules
            }, path


def test_progress_bars_of_helpers_need_no_widgets():
    for path in (ROOT / "helpers").glob(
        "*.py"
    ):  # students have no ipywidgets, and tqdm.auto would warn in their first cell
        assert not re.search(r"tqdm\.(auto|notebook)", path.read_text()), path


def test_a_skipped_test_fails_where_all_are_required(pytester, monkeypatch):
    monkeypatch.setenv("REQUIRE_ALL", "1")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # the conftest imports from tests
    pytester.makeconftest((ROOT / "tests" / "conftest.py").read_text())
    pytester.makeini("[pytest]\nmarkers = needs_network: may be skipped")
    pytester.makepyfile(
        "import pytest\n\ndef test_browser():\n    pytest.skip('no chromium')\n\n"
        "@pytest.mark.needs_network\ndef test_network():\n    pytest.skip('no network')\n"
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(failed=1, skipped=1)
    result.stdout.fnmatch_lines(["*REQUIRE_ALL=1: Skipped: no chromium*"])
