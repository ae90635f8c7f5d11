"""`make soak`: 200,000 sequences, or as many as asked, spread over all mechanisms and cores."""

import os
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

import django

SEQUENCES, CHUNK = 200_000, 2_000


def _some(name: str, seed: int, n: int) -> Counter[str]:
    from gongzhi.declare import registry  # noqa: PLC0415 -- once Django is set up
    from tests.soak.walk import walk  # noqa: PLC0415

    return walk(registry.get(name), n, seed=seed)


def _ready() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongzhi.site.settings")
    django.setup()


def main() -> None:
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else SEQUENCES
    _ready()
    from gongzhi.declare import registry  # noqa: PLC0415

    names = [m.name for m in registry.every()]
    jobs = [(names[n % len(names)], n) for n in range(-(-wanted // CHUNK))]
    done, begun = Counter[str](), time.monotonic()
    with ProcessPoolExecutor(initializer=_ready) as pool:
        found = pool.map(_some, *zip(*jobs, strict=True), [CHUNK] * len(jobs))
        for n, counted in enumerate(found, 1):
            done += counted
            print(f"\r{n * CHUNK:>9,} / {wanted:,}", end="", flush=True)  # noqa: T201
    spent = time.monotonic() - begun
    refused = done.pop("refused", 0)
    print(f"\n{done.total():,} acts done, {refused:,} refused, {spent:.0f} s")  # noqa: T201


if __name__ == "__main__":
    main()
