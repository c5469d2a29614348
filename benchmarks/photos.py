"""Photos as phones take them, invented: noise and gradients of 12 megapixels, with the metadata of a phone.

    python -m benchmarks.photos FOLDER [COUNT]

Every photo differs from every other. Half of them are stored on their side, as phones store what is taken upright.
"""

from __future__ import annotations

import argparse
from io import BytesIO
from pathlib import Path
from random import Random

from PIL import Image

WIDTH, HEIGHT = 4032, 3024
MOTIFS = 8
PHONES = (("Apple", "iPhone 15"), ("Google", "Pixel 8"))
_QUALITY = 88  # some 4 to 5 MB, as phones write them
_GPS = 0x8825
_ORIENTATION = 0x0112


def make_photos(folder: Path, count: int) -> list[Path]:
    """Write `count` photos into a folder, photo-001.jpg and so on; the same bytes under the same Pillow."""
    folder.mkdir(parents=True, exist_ok=True)
    motifs = [_motif(Random(number)) for number in range(min(count, MOTIFS))]
    files = []
    for number in range(count):
        data = BytesIO()
        motifs[number % len(motifs)].save(data, "JPEG", quality=_QUALITY, exif=_exif(number))
        files.append(folder / f"photo-{number + 1:03}.jpg")
        files[-1].write_bytes(data.getvalue())
    return files


def _motif(random: Random) -> Image.Image:
    """Draw a sky, a ground and the grain of a sensor."""
    small = Image.new("RGB", (24, 18))
    small.putdata([tuple(random.randrange(256) for _ in range(3)) for _ in range(24 * 18)])
    scene = small.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    grain = Image.effect_noise((WIDTH // 2, HEIGHT // 2), 40).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    return Image.blend(scene, Image.merge("RGB", (grain, grain, grain)), 0.25)


def _exif(number: int) -> Image.Exif:
    maker, model = PHONES[number % len(PHONES)]
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = maker, model
    exif[0x0132] = f"2026:06:{number % 28 + 1:02} 12:{number % 60:02}:00"
    exif[0x9286] = f"photo {number}"
    exif[_ORIENTATION] = 6 if number % 4 >= 2 else 1
    exif[_GPS] = {1: "N", 2: (51.0, 30.0, number % 60), 3: "W", 4: (0.0, 7.0, number % 60)}
    return exif


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int, nargs="?", default=200)
    given = parser.parse_args()
    make_photos(given.folder, given.count)
