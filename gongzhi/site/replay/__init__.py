"""`gongzhi replay`: the article's year through real acts, each of its figures counted afterwards.

Runs on a database of its own, which is thrown away at the next run. See docs/replay.md.
"""

import json
import os
import platform
import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from gongzhi.site import embedded
from gongzhi.site.replay.figures import ARTICLE, SOURCE

if TYPE_CHECKING:
    from gongzhi.site.replay.rows import Row, Told

HOME = Path(".gongzhi/replay")
Say = Callable[[str], None]


class NoSuchRow(LookupError):
    """No row of the replay is called so."""


@contextmanager
def _fresh(home: Path) -> Iterator[None]:
    """An installation with Zhaoqing's places and nothing else in it, whatever stands in the
    environment; it stays, so that one can look around in it. Sets up Django."""
    from gongzhi.site import config, supervisor

    embedded.stop(home)
    shutil.rmtree(embedded.server(home).data, ignore_errors=True)
    shutil.rmtree(home)
    for name in [n for n in os.environ if n.startswith("GONGZHI_")]:
        del os.environ[name]
    os.environ.update(
        DJANGO_SETTINGS_MODULE="gongzhi.site.settings", GONGZHI_HOME=str(home), GONGZHI_DEMO="1",
        GONGZHI_LOG_LEVEL="WARNING",
    )  # fmt: skip
    try:
        embedded.start(home, fast=True)  # what is lost with the power is run anew
        supervisor.provide(config.read())
        import django

        django.setup()
        from gongzhi.places.load import load_city

        supervisor.migrate()
        load_city("zhaoqing")
        yield
    finally:
        embedded.stop(home)


def every() -> "Sequence[Row]":
    """In the order of the article."""
    from gongzhi.site.replay import disputes, homes, petitions, roads, safety

    return (
        petitions.Levels(), petitions.Merchants(), disputes.Wages(), disputes.Linked(),
        disputes.ContactPoints(), disputes.Studios(), disputes.Divorce(), roads.RainbowRoad(),
        roads.Whistle(), roads.Lists(), homes.Buildings(), homes.Team(), safety.Catalogue(),
        safety.SafetyAudit(), safety.Declines(),
    )  # fmt: skip


def played(rows: "Sequence[Row]", without: Collection[str], say: Say) -> "list[Told]":
    """All of them on the database there is, as if some mechanisms were not installed.

    Raises registry.Unknown.
    """
    from gongzhi.cases.rollups import fold
    from gongzhi.declare import registry
    from gongzhi.site.replay.rows import told
    from gongzhi.site.replay.stage import Stage

    found = []
    with registry.without(*without):
        on = [row for row in rows if row.mechanism.name not in without]
        stage = Stage({room for row in on for room in row.rooms}, say)
        for row in rows:
            say(f"· {row.statement.zh}")
            found.append(told(row, stage))
        fold()
    return found


def _figures(one: "Told") -> Table:
    """What is counted, in the article, in the database."""
    lines = Table.grid(padding=(0, 1), expand=True)
    lines.add_column(ratio=1, overflow="fold")
    for _name in ("article", "database", "ok"):
        lines.add_column(justify="right", no_wrap=True)
    for what, figure, n, ok in one.figures:
        style = None if ok else "bold red"
        lines.add_row(what, figure, f"{n:,}", "✓" if ok else "✗", style=style)
    return lines


def _table(found: "Sequence[Told]") -> Table:
    table = Table(title="文章重演 The article replayed", show_lines=True, expand=True)
    table.add_column("报道 statement", ratio=4, overflow="fold")
    table.add_column("机制、办理 mechanism, done", ratio=5, overflow="fold")
    table.add_column("计数：报道中、库中 counted: article, database", ratio=5)
    for one in found:
        said, did = one.row.statement, one.wrong or "\n".join(one.row.did)
        table.add_row(
            f"{said.zh}\n{said.en}",
            f"{one.row.mechanism.label} {one.row.mechanism.name}\n{did}",
            _figures(one),
        )
    return table


def _page(facts: dict[str, Any]) -> str:
    from django.template import Context, Engine

    text = Path(__file__).with_name("page.html").read_text("utf-8")
    return Engine().from_string(text).render(Context(facts))


def _kept(found: "Sequence[Told]", differences: int, seconds: float, home: Path) -> None:
    """As JSON and as a page."""
    facts = {
        "source": SOURCE[0], "source_en": SOURCE[1], "seconds": round(seconds),
        "at": datetime.now().astimezone().isoformat(timespec="seconds"),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "ok": differences == 0 and all(one.ok for one in found), "differences": differences,
        "rows": [one.plain() for one in found],
    }  # fmt: skip
    (home / "replay.json").write_text(json.dumps(facts, ensure_ascii=False, indent=2), "utf-8")
    (home / "replay.html").write_text(_page(facts), "utf-8")


def replay(only: Collection[str], without: Collection[str], console: Console) -> bool:
    """Whether every row is as the article says and the ledger agrees with all tables.

    Raises NoSuchRow, registry.Unknown.
    """
    for name in only:
        if name not in ARTICLE:
            raise NoSuchRow(f"{name}；{'、'.join(ARTICLE)}")
    home, began = HOME.resolve(), perf_counter()
    with _fresh(home):
        from gongzhi.cases.replay import verify

        rows = [row for row in every() if not only or row.name in only]
        found = played(rows, without, lambda said: console.print(said, markup=False))
        differences = verify()
        seconds = perf_counter() - began
        _kept(found, len(differences), seconds, home)
    console.print(_table(found))
    good = sum(1 for one in found if one.ok)
    console.print(
        f"{good}/{len(found)} 行相符 rows agree；台账差异 differences of the ledger:"
        f" {len(differences)}；{seconds:.0f} s；{home / 'replay.html'}",
        soft_wrap=True,
    )
    return good == len(found) and not differences
