"""Drafts of the thirty-eight responsibility lists 责任清单草案: for a city to confirm or change.

Ours, from the duties that public law gives (docs/law/roads.md): who is called, what it does, within
what time, on which law. Articles stand where we are sure of them, and are still to be checked.
"""

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from gongzhi.declare import Level, Span, Unit
from gongzhi.networks.responsibility.lines import Line
from gongzhi.networks.responsibility.models import Duty

FILE = Path(__file__).with_name("drafts.csv")
LAW = re.compile(r"《([^》]+)》(?:第[一二三四五六七八九十百]+条)?")
# The laws that drafts rest on; docs/law/roads.md tells what each asks.
SOURCES = (
    "公路法", "道路交通安全法", "公路安全保护条例", "农村公路养护管理办法", "突发事件应对法",
    "安全生产法", "生产安全事故报告和调查处理条例", "消防法", "院前医疗急救管理办法",
    "危险化学品安全管理条例", "道路运输条例", "校车安全管理条例", "城市道路管理条例",
    "城市市容和环境卫生管理条例", "城乡规划法", "土地管理法", "矿产资源法", "地质灾害防治条例",
    "水法", "防洪法", "水污染防治法", "环境保护法", "农业法", "动物防疫法", "电力法",
    "村民委员会组织法", "地方各级人民代表大会和地方各级人民政府组织法",
)  # fmt: skip


def _span(text: str) -> Span:
    n, unit = text.split()
    return Span(int(n), Unit(unit))


def lines() -> Iterator[tuple[str, Line]]:
    """Every matter with a department of it, as the file has them."""
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["matter"], Line(
                row["unit"], row["basis"], leads=row["role"] == "lead", does=row["does"],
                within=_span(row["within"]), urgent=_span(row["urgent"]),
            )  # fmt: skip


def lists(place: str, on: date) -> list[Duty]:
    """One list for each matter, of the county's level, for a city or county."""
    found: dict[str, list[Line]] = {}
    for matter, line in lines():
        found.setdefault(matter, []).append(line)
    return [
        Duty(mechanism="roads", category=matter, level=Level.COUNTY, place=place,
             lines=of, valid_from=on)
        for matter, of in found.items()
    ]  # fmt: skip
