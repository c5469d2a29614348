import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

Draw = Callable[..., Image.Image]
Save = Callable[..., bytes]


@pytest.fixture
def draw() -> Draw:
    """Draw a picture without symmetry: each corner has its colour."""

    def make(mode: str = "RGB", size: tuple[int, int] = (96, 64)) -> Image.Image:
        picture = Image.new("RGB", size, "white")
        pen = ImageDraw.Draw(picture)
        width, height = size
        for box, colour in (
            ((0, 0, width // 2, height // 2), "red"),
            ((width // 2, 0, width, height // 2), "green"),
            ((0, height // 2, width // 2, height), "blue"),
        ):
            pen.rectangle(box, fill=colour)
        return picture.convert(mode)

    return make


@pytest.fixture
def save() -> Save:
    """Save a picture as bytes."""

    def make(picture: Image.Image, kind: str, **options: Any) -> bytes:
        target = BytesIO()
        picture.save(target, kind, **options)
        return target.getvalue()

    return make


@pytest.fixture
def samples() -> Path:
    """Give the folder of sample files."""
    folder = os.environ.get("OPENLETTER_SAMPLES")
    if not folder:
        pytest.skip("OPENLETTER_SAMPLES does not name the folder of samples")
    return Path(folder)
