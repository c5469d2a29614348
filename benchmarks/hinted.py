"""Edit one text after another and build each with a hint: `python -m benchmarks.hinted SITE` prints milliseconds."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import perf_counter

from generator.engine.engine import Engine
from generator.engine.options import BuildOptions

TIMES = 30


def main() -> None:
    """Print a JSON list: what each hinted build took, in ms, the first one left out."""
    root = Path(sys.argv[1])
    posts = sorted((root / "content/posts").rglob("*.md"))
    taken = []
    with Engine(root, BuildOptions()) as engine:
        engine.build()
        engine.prepare()
        for number in range(TIMES + 1):
            post = posts[(len(posts) // 2 + 7 * number) % len(posts)]
            with post.open("a", encoding="utf-8") as text:
                text.write(f"\n{number}\n")
            begin = perf_counter()
            engine.build(hint={post.relative_to(root).as_posix()})
            taken.append((perf_counter() - begin) * 1000)
    print(json.dumps(taken[1:]))


if __name__ == "__main__":
    main()
