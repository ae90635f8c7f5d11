"""What a report says: sentences and tables made of its figures and nothing else; never why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.command.alerts import shown
from gongzhi.command.comparing import MEASURES, Years, left_out, ratio
from gongzhi.command.definitions import APART
from gongzhi.command.models import Alert, Report
from gongzhi.command.reports import reading
from gongzhi.command.reports.spans import BEFORE, TITLES, WEEK, Span
from gongzhi.declare import registry
from gongzhi.places.names import name_of, paths
from gongzhi.ui import words

LAST_YEAR: Final = gettext_lazy("去年同期")
COUNTED: Final[Mapping[str, str | Promise]] = {
    "reported": gettext_lazy("新登记 %(n)d 件"), "settled": gettext_lazy("化解 %(n)d 件"),
    "late": gettext_lazy("逾期办完 %(n)d 次"),
}  # fmt: skip
ALLOWS: Final[Mapping[str, str | Promise]] = {
    "beyond": gettext_lazy("超出偶然的起落"), "within": gettext_lazy("在偶然的起落之内"),
    "few": gettext_lazy("太少，说明不了什么"),
}  # fmt: skip
BRIEF: Final[Mapping[str, str | Promise]] = {
    "beyond": gettext_lazy("超出偶然"), "within": gettext_lazy("偶然之内"),
    "few": gettext_lazy("太少"), "new": gettext_lazy("不能比"),
}  # fmt: skip
Counts = Mapping[str, Any]  # by measure, and the day of the first one
Row = tuple[str, Counts, str]  # a name, its counts, its page


class Counted(NamedTuple):
    """What happened in a span."""

    reported: int
    settled: int
    late: int


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with its sentences, its table and the chart of it; `links`: where each row leads,
    or each sentence if there is no table."""

    name: str
    title: str
    lines: Sequence[str]
    head: Sequence[str] = ()
    rows: Sequence[Sequence[object]] = ()
    links: Sequence[str] = ()
    note: str = ""
    drawn: Sequence[tuple[str, Counted]] = ()


def span_of(report: Report) -> Span:
    return Span(report.kind, report.since)


def title(report: Report) -> str:
    return str(TITLES[report.kind]) % {"place": name_of(report.place)}


def days(report: Report) -> str:
    last = report.until - timedelta(days=1)
    return _("%(since)s 至 %(last)s") % {"since": report.since, "last": last}


def address(report: Report, place: str = "") -> str:
    of = f"place={place or report.place}&kind={report.kind}&since={report.since}"
    return f"{reverse('command:reports')}?{of}"


def parts(report: Report) -> list[Part]:
    of = report.figures
    paths(row["place"] for row in of["below"])  # all names at once
    made = reading.made_below(report)
    labels = {m.name: words.label(m) for m in registry.every()}
    mechanisms = [(label, of["mechanisms"][name], "")
                  for name, label in labels.items() if name in of["mechanisms"]]  # fmt: skip
    below = [(name_of(row["place"]), row, address(report, row["place"]) if row["place"] in made
              else "") for row in of["below"]]  # fmt: skip
    found = [_own(report), _times(report),
             _each(report, "mechanisms", (_("各机制"), _("机制")), mechanisms)]  # fmt: skip
    if below:
        found.append(_each(report, "below", (_("各地情况"), _("地方")), below))
    return [*found, _alerts(report)]


def _own(report: Report) -> Part:
    of = report.figures
    at = words.moment(report.made_at)
    lines = [
        *(_sentence(report, measure) for measure in MEASURES),
        *_since_when(report),
        *_left_out(report),
        _("汇总时（%(at)s）在办 %(held)d 件，其中逾期 %(overdue)d 件。")
        % {"at": at, "held": of["held"], "overdue": of["overdue"]},
    ]
    head = [_("指标"), _("本期"), capfirst(str(BEFORE[report.kind])), str(LAST_YEAR)]
    rows = [[str(label), *of["own"][measure]] for measure, label in MEASURES.items()]
    note = _("%(apart)s数字只说多了还是少了，不说明原因。") % {"apart": APART}
    return Part("own", _("总的情况"), lines, head, rows, note=note)


def _times(report: Report) -> Part:
    of = report.figures["times"]
    drawn = [
        (each.label, Counted(*(of[measure][n] for measure in MEASURES)))
        for n, each in enumerate(span_of(report).series)
    ]
    week = report.kind == WEEK
    head = [_("从这天起的一周") if week else _("月份"), *map(str, MEASURES.values())]
    rows = [[label, x.reported, x.settled, x.late] for label, x in drawn]
    title = _("最近十三周") if week else _("最近十三个月")
    return Part("times", title, [], head, rows, drawn=drawn)


def _earlier(report: Report) -> list[str]:
    """What the span is compared with, in the middle of a sentence."""
    return [str(BEFORE[report.kind]), str(LAST_YEAR).lower()]


def _against(report: Report, counts: Counts, measure: str) -> list[Years | None]:
    """The span beside the one before and the same days of last year, by mechanisms in use when
    these began; None where none was, so that there is nothing to compare with."""
    days = span_of(report).days
    found: list[Years | None] = []
    for at, known in enumerate(counts["against"], 1):
        now, then = known[measure] if known else (0, 0)
        of = ratio(then, days[at], now, days[0])
        found.append(Years("", then, now, of) if known else None)
    return found


def _beyond(of: Years) -> bool:
    return of.of.low > 1 or (of.of.high is not None and of.of.high < 1)


def _allows(of: Years | None) -> str:
    """What the two counts allow to say: a key of ALLOWS and BRIEF."""
    if of is None:
        return "new"
    if _beyond(of):
        return "beyond"
    return "few" if of.small else "within"


def _change(earlier: str, of: Years) -> str:
    more = of.after - of.before
    if not more:
        return _("和%(earlier)s一样") % {"earlier": earlier}
    share = "" if of.percent is None else _("（%(percent)+d%%）") % {"percent": of.percent}
    said = (_("比%(earlier)s（%(before)d）多 %(n)d%(share)s，%(allows)s") if more > 0
            else _("比%(earlier)s（%(before)d）少 %(n)d%(share)s，%(allows)s"))  # fmt: skip
    return said % {
        "earlier": earlier, "before": of.before, "n": abs(more), "share": share,
        "allows": ALLOWS[_allows(of)],
    }  # fmt: skip


def _sentence(report: Report, measure: str) -> str:
    own = report.figures["own"]
    against = zip(_earlier(report), _against(report, own, measure), strict=True)
    changes = [_part(of.after, own[measure][0]) + _change(earlier, of)
               for earlier, of in against if of]  # fmt: skip
    head = str(COUNTED[measure]) % {"n": own[measure][0]}
    if not changes:
        return head
    return _("%(head)s：%(changes)s。") % {"head": head, "changes": _("；").join(changes)}


def _part(compared: int, of: int) -> str:
    """How many of all are compared, if not all are."""
    return "" if compared == of else _("其中可比的 %(n)d，") % {"n": compared}


def _left_out(report: Report) -> list[str]:
    """The mechanisms that are not in the comparisons of the whole."""
    labels = {m.name: words.label(m) for m in registry.every()}
    against = zip(_earlier(report), report.figures["own"]["against"], strict=True)
    return [
        left_out(earlier, [(labels.get(name, name), day) for name, day in known["new"].items()])
        for earlier, known in against
        if known and known["new"]
    ]


def _since_when(report: Report) -> list[str]:
    """Why there is no comparison, if there is none."""
    began = report.figures["began"]
    if not began:
        return [_("这里还没有登记过。")]
    before, year = report.figures["own"]["against"]
    said = {"day": began, "before": BEFORE[report.kind]}
    if before is None:
        return [_("这里 %(day)s 才有第一件登记，和%(before)s、去年同期都不作比较。") % said]
    return [] if year else [_("这里 %(day)s 才有第一件登记，和去年同期不作比较。") % said]


def _each(report: Report, name: str, headings: tuple[str, str], rows: Sequence[Row]) -> Part:
    """Mechanisms or places side by side, and which of them changed by more than chance; those
    where nothing was are left out."""
    title, first = headings
    busy = [row for row in rows if _any(row[1])]
    if not busy:
        return Part(name, title, [_("都是 0。")])
    against = [(label, _against(report, n, "reported")) for label, n, _link in busy]
    before = str(BEFORE[report.kind])
    labels = (_("新登记与%(before)s比") % {"before": before}, _("新登记与去年同期比"))
    lines = [
        _changed(label, [(of, pair[at]) for of, pair in against]) for at, label in enumerate(labels)
    ]
    if len(busy) < len(rows):
        lines.append(_("没有列出的都是 0。"))
    counted = [Counted(*(n[measure][0] for measure in MEASURES)) for _label, n, _link in busy]
    return Part(
        name, title, lines,
        [first, str(MEASURES["reported"]), capfirst(before), str(LAST_YEAR),
         str(MEASURES["settled"]), str(MEASURES["late"]),
         *(_("比%(earlier)s") % {"earlier": earlier} for earlier in _earlier(report))],
        [[label, *n["reported"], n["settled"][0], n["late"][0],
          *(str(BRIEF[_allows(of)]) for of in pair)]
         for (label, n, _link), (_same, pair) in zip(busy, against, strict=True)],
        [link for _label, _n, link in busy],
        _("除化解、逾期办完外，各栏都是新登记的；比较只算当时已有登记的机制。逐个比较：什么都没有变，平均二十个里也约有一个超出偶然的起落。"),
        [(label, x) for (label, _n, _link), x in zip(busy, counted, strict=True)],
    )  # fmt: skip


def _any(counts: Counts) -> bool:
    return any(n for measure in MEASURES for n in counts[measure])


def _changed(against: str, rows: Sequence[tuple[str, Years | None]]) -> str:
    known = [(name, of) for name, of in rows if of]
    if not known:
        return _("%(against)s：当时都还没有登记，不作比较。") % {"against": against}
    beyond = [_("%(name)s（%(before)d → %(after)d）")
              % {"name": name, "before": of.before, "after": of.after}
              for name, of in known if _beyond(of)]  # fmt: skip
    said = [_("超出偶然起落的：%(which)s") % {"which": _("、").join(beyond)} if beyond
            else _("没有哪个超出偶然的起落")]  # fmt: skip
    new = _("、").join(name for name, of in rows if of is None)
    if new:
        said.append(_("当时还没有登记、不作比较的：%(which)s") % {"which": new})
    return _("%(against)s，%(said)s。") % {"against": against, "said": _("；").join(said)}


def _alerts(report: Report) -> Part:
    """What stood out most in weeks that began in the span."""
    ids = report.figures["alerts"]
    known = {str(a.id): a for a in Alert.objects.filter(id__in=ids).select_related("watch")}
    alerts = [known[id_] for id_ in ids]
    paths(a.place for a in alerts)
    lines = [
        _("%(place)s，%(matter)s：%(week)s 起的一周 %(told)s。")
        % {"place": name_of(a.place), "matter": shown.matter(a), "week": a.watch.week,
           "told": shown.told(a)}
        for a in alerts
    ]  # fmt: skip
    links = [reverse("command:alert", args=[a.id]) for a in alerts]
    return Part("alerts", _("堆积预警"), lines or [_("没有预警。")], links=links)
