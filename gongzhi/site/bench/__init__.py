"""Measures the product on a database of its own: every speed beside a baseline of the same run.

`gongzhi bench` prints a table and leaves JSON. What the figures mean: docs/benchmarks.md.
"""

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from gongzhi.site import embedded

SMALL = 10  # how many times fewer cases there are when growth is measured
Figures = dict[str, Any]


def _start(home: Path) -> None:
    """An installation with Zhaoqing's posts and nothing in it. Sets up Django."""
    from gongzhi.site.config import new_key

    os.environ.update(
        DJANGO_SETTINGS_MODULE="gongzhi.site.settings",
        GONGZHI_DATABASE_URL=embedded.start(home), GONGZHI_HOME=str(home), GONGZHI_DEMO="1",
        GONGZHI_SECRET_KEY=new_key(), GONGZHI_FIELD_KEYS=f"k1:{new_key()}",
        GONGZHI_INDEX_KEY=new_key(), GONGZHI_PORT=str(embedded.free_port()),
        GONGZHI_REPORTS_PER_HOUR="1000000", GONGZHI_LOG_LEVEL="WARNING",
    )  # fmt: skip
    import django

    django.setup()
    from django.core.management import call_command

    from gongzhi.places.load import load_city
    from gongzhi.site import supervisor
    from gongzhi.site.bench import filling

    supervisor.migrate()
    load_city("zhaoqing")
    call_command("collectstatic", interactive=False, verbosity=0)
    filling.organise()


def _of_firms(say: Callable[[str], None]) -> Figures:
    from gongzhi.site.bench import inspections, lists, safety_plans

    say("五万家企业的检查计划 plans for 50,000 firms")
    figures = safety_plans.laying()
    with lists.serving():
        figures |= safety_plans.pages()
        say("五百项的检查 an inspection of 500 items")
        figures |= inspections.upload()
    return figures


def _measured(cases: int, home: Path, console: Console) -> Figures:
    from gongzhi.site.bench import (
        campaigns,
        field,
        filling,
        homes,
        intake,
        lists,
        live,
        notices,
        ranked,
        roll_call,
    )

    def say(what: str) -> None:
        console.print(f"· {what}")

    figures: Figures = {"cases": cases, "python": sys.version.split()[0]}
    say("登记和办理 intake and acts")
    figures |= intake.kernel() | intake.over_http(home) | intake.bulk()
    say("吹哨和实时 whistles and open pages")
    figures |= live.fan_out()
    say("公告 a notice to a county")
    figures |= notices.to_a_county()
    with lists.serving():
        figures |= live.pages() | notices.over_http() | homes.pages()
    figures |= _of_firms(say)
    say("全国行政区划 divisions of the nation's number")
    figures["divisions"] = filling.nation()
    with lists.serving():
        say("手机一次上传 one upload of a phone")
        figures |= field.upload()
        say("集中行动 a campaign of a city")
        figures |= campaigns.running()
        say("七千名楼长点名 a roll call of 7,000 chiefs")
        figures |= roll_call.measure()
        say(f"{cases // SMALL} 件 cases")
        filling.multiply(cases // SMALL)
        lists.settle()
        small = lists.pages()
        say(f"{cases} 件 cases")
        filling.multiply(cases - cases // SMALL)
        figures |= lists.unfolded()
        figures |= lists.folding()
        large = lists.pages()
    for name, of in large.items():
        figures[name] = {**of, "growth": round(of["median_ms"] / small[name]["median_ms"], 2)}
    say("一百万件隐患的轻重缓急 the order of urgency of a million hazards")
    ranked.fill()
    with lists.serving():
        figures |= ranked.measure()
    say("到期时钟 clocks that are due")
    figures |= lists.sweeping()
    say("逾期上报 what is late goes up")
    return figures | lists.falling()


def _show(figures: Figures, home: Path, console: Console) -> None:
    table = Table("figure", "value")
    for name, value in figures.items():
        table.add_row(name, json.dumps(value))
    console.print(table)
    (home / "bench.json").write_text(json.dumps(figures, indent=2))


def measure(cases: int, console: Console, *, nation: bool = False) -> None:
    """Run all of it, or the nation alone; the table for people, the JSON for comparison, both under
    .gongzhi/bench."""
    home = Path(".gongzhi/bench").resolve()
    embedded.stop(home)
    shutil.rmtree(home, ignore_errors=True)
    shutil.rmtree(embedded.server(home).data, ignore_errors=True)
    try:
        _start(home)
        if nation:
            from gongzhi.site.bench import national

            figures = national.measured(cases, home, console)
        else:
            figures = _measured(cases, home, console)
        _show(figures, home, console)
    finally:
        embedded.stop(home)
