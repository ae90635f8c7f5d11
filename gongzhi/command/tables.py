"""Tables of the command pages as files: each chart's as CSV, that of places as Excel too."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.translation import gettext as _

from gongzhi.cases import sheets
from gongzhi.command.comparing import Neighbour, Years
from gongzhi.command.definitions import Known
from gongzhi.command.figures import SHOWN, Line, Overview
from gongzhi.declare import Mechanism
from gongzhi.places.search import name_of
from gongzhi.ui import words

CSV = "text/csv; charset=utf-8"
Table = tuple[Sequence[object], list[list[object]]]


def as_csv(name: str, table: Table) -> HttpResponse:
    head, rows = table
    out = io.StringIO()
    csv.writer(out).writerows([[sheets.safe(v) for v in row] for row in (head, *rows)])
    # Excel takes a file without this mark for another encoding.
    response = HttpResponse("\ufeff" + out.getvalue(), content_type=CSV)
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def as_excel(name: str, table: Table) -> HttpResponse:
    head, rows = table
    response = HttpResponse(sheets.made_of([str(h) for h in head], rows), content_type=sheets.XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def places(rows: Iterable[tuple[str, Line]]) -> Table:
    head = [_("代码"), _("地方"), _("在办"), _("逾期"), *map(words.phase, SHOWN),
            _("新登记"), _("化解"), _("逾期办完")]  # fmt: skip
    return head, [
        [code, name_of(code), x.open, x.overdue, *(n for _phase, n in x.phases), *_flows(x)]
        for code, x in rows
    ]


def _flows(line: Line) -> list[object]:
    return [line.reported, line.settled, line.late]


def times(found: Overview) -> Table:
    head = [_("从"), _("新登记"), _("化解"), _("逾期办完"), _("说明")]
    return head, [
        [label, *_flows(x), found.parts.get(label, "")] for label, x in found.times.items()
    ]


def mechanisms(found: Overview) -> Table:
    head = [_("机制"), _("在办"), _("逾期"), _("新登记"), _("化解"), _("逾期办完")]
    return head, [[words.label(m), x.open, x.overdue, *_flows(x)] for m, x in found.mechanisms]


def piles(found: Overview) -> Table:
    head = [_("承办单位的层级"), _("在办"), _("逾期")]
    return head, [[words.level(row.level), row.held, row.late] for row in found.piles]


def years(rows: Sequence[Years]) -> Table:
    head = [_("指标"), _("去年同期"), _("本期"), _("本期与去年同期之比"), _("之比 95% 下限"),
            _("之比 95% 上限"), _("说明")]  # fmt: skip
    return head, [
        [row.label, row.before, row.after, _three(row.of.ratio), _three(row.of.low),
         _three(row.of.high), row.of.words]
        for row in rows
    ]  # fmt: skip


def neighbours(rows: Sequence[Neighbour]) -> Table:
    head = [_("代码"), _("地方"), _("件数"), _("常住人口"), _("每万人"),
            _("每万人 95% 下限"), _("每万人 95% 上限"), _("与其他地方之比"), _("之比 95% 下限"),
            _("之比 95% 上限"), _("说明")]  # fmt: skip
    return head, [
        [row.code, name_of(row.code), row.n, row.residents, _three(row.rate), _three(row.low),
         _three(row.high), *((_three(row.of.ratio), _three(row.of.low), _three(row.of.high),
                              row.of.words) if row.of else ("", "", "", _("人口未知")))]
        for row in rows
    ]  # fmt: skip


def _three(n: float | None) -> float | None:
    return None if n is None else round(n, 3)


def indicators(found: Sequence[tuple[Mechanism | None, Sequence[Known]]]) -> Table:
    head = [_("机制"), _("指标"), _("数值"), _("单位"), _("分子"), _("分母"), _("怎样计算"),
            _("依据"), _("方向")]  # fmt: skip
    return head, [
        [words.label(m) if m else _("五级联动"), i.label, i.over if i.under is None else i.percent,
         i.unit, i.over, i.under, i.formula, i.source, i.direction]
        for m, rows in found for i in rows
    ]  # fmt: skip
