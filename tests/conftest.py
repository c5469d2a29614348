"""What several rooms' tests need from outside the repository; skipped where missing, but never in CI."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest


def missing(reason: str) -> NoReturn:
    """Skip the test with its reason; fail it where OPENLETTER_REQUIRE_OUTSIDE=1 says that nothing may be missing."""
    if os.environ.get("OPENLETTER_REQUIRE_OUTSIDE") == "1":
        pytest.fail(f"OPENLETTER_REQUIRE_OUTSIDE=1, but {reason}", pytrace=False)
    pytest.skip(reason)


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
