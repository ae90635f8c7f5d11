"""What a report says: sentences and tables made of its figures and nothing else; never why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gongzhi.command.alerts import shown
from gongzhi.command.comparing import MEASURES, Years, ratio
from gongzhi.command.models import Alert, Report
from gongzhi.command.reports.spans import BEFORE, TITLES, Span
from gongzhi.declare import Level, registry
from gongzhi.places.names import name_of, paths
from gongzhi.ui import words

LAST_YEAR: Final = gettext_lazy("去年同期")
Row = tuple[str, Mapping[str, Sequence[int]], str]  # a name, its counts by measure, its page


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with its sentences and its table; `links`: where each row leads, or each sentence
    if there is no table."""

    title: str
    lines: Sequence[str]
    head: Sequence[str] = ()
    rows: Sequence[Sequence[object]] = ()
    links: Sequence[str] = ()
    note: str = ""


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
    labels = {m.name: words.label(m) for m in registry.every()}
    mechanisms = [(label, of["mechanisms"][name], "") for name, label in labels.items()
                  if name in of["mechanisms"]]  # fmt: skip
    below = [(name_of(row["place"]), row, _page(report, row["place"])) for row in of["below"]]
    found = [_own(report), _each(report, _("各机制"), _("机制"), mechanisms)]
    if below:
        found.append(_each(report, _("各地情况"), _("地方"), below))
    return [*found, _alerts(report)]


def _page(report: Report, place: str) -> str:
    """Of villages there are none."""
    return address(report, place) if len(place) <= Level.TOWN.digits else ""


def _own(report: Report) -> Part:
    of = report.figures
    numbers = [(str(label), of["own"][measure]) for measure, label in MEASURES.items()]
    at = words.moment(report.made_at)
    lines = [
        *(_sentence(report, label, n) for label, n in numbers),
        _("汇总时（%(at)s）在办 %(held)d 件，其中逾期 %(overdue)d 件。")
        % {"at": at, "held": of["held"], "overdue": of["overdue"]},
    ]
    head = [_("指标"), _("本期"), capfirst(str(BEFORE[report.kind])), str(LAST_YEAR)]
    note = _("新登记、化解按件计，超期按次计。数字只说多了还是少了，不说明原因。")
    return Part(_("总的情况"), lines, head, [[label, *n] for label, n in numbers], note=note)


def _against(report: Report, numbers: Sequence[int], at: int) -> Years:
    """The span beside the one before (1) or the same days of last year (2)."""
    length = span_of(report).days
    of = ratio(numbers[at], length[at], numbers[0], length[0])
    return Years("", numbers[at], numbers[0], of)


def _beyond(of: Years) -> bool:
    return of.of.low > 1 or (of.of.high is not None and of.of.high < 1)


def _allows(of: Years) -> str:
    """What the two counts allow to say."""
    if _beyond(of):
        return _("超出偶然的起落")
    return _("数量太少，说明不了什么") if of.small else _("在偶然的起落之内")


def _change(of: Years) -> str:
    more = of.after - of.before
    if not more:
        return _("一样多")
    said = _("多 %(n)d") % {"n": more} if more > 0 else _("少 %(n)d") % {"n": -more}
    share = "" if of.percent is None else _("（%(percent)+d%%）") % {"percent": of.percent}
    return _("%(more)s，%(allows)s") % {"more": said + share, "allows": _allows(of)}


def _sentence(report: Report, label: str, numbers: Sequence[int]) -> str:
    said = _("%(label)s %(n)d。%(earlier)s %(before)d：%(change)s。去年同期 %(year)d：%(since)s。")
    return said % {
        "label": label, "n": numbers[0], "earlier": BEFORE[report.kind], "before": numbers[1],
        "change": _change(_against(report, numbers, 1)), "year": numbers[2],
        "since": _change(_against(report, numbers, 2)),
    }  # fmt: skip


def _each(report: Report, title: str, head: str, rows: Sequence[Row]) -> Part:
    """Mechanisms or places side by side, and which of them changed by more than chance; those
    where nothing was are left out."""
    busy = [(name, n, link) for name, n, link in rows if _any(n)]
    against = [[_against(report, n["reported"], at) for at in (1, 2)] for _name, n, _link in busy]
    names, before = [name for name, _n, _link in busy], str(BEFORE[report.kind])
    labels = (_("新登记与%(before)s比") % {"before": before}, _("新登记与去年同期比"))
    lines = [
        _changed(label, list(zip(names, [pair[at] for pair in against], strict=True)))
        for at, label in enumerate(labels)
    ]
    if len(busy) < len(rows):
        lines.append(_("没有列出的都是 0。"))
    return Part(
        title, lines,
        [head, str(MEASURES["reported"]), capfirst(before), str(LAST_YEAR),
         str(MEASURES["settled"]), str(MEASURES["late"]), _("能说什么")],
        [[name, *n["reported"], n["settled"][0], n["late"][0], _allows(pair[0])]
         for (name, n, _link), pair in zip(busy, against, strict=True)],
        [link for _name, _n, link in busy],
        _("“%(before)s”“去年同期”和“能说什么”三栏都是新登记的。逐个比较：什么都没有变，平均二十个里也约有一个超出偶然的起落。")
        % {"before": before},
    )  # fmt: skip


def _any(counts: Mapping[str, Sequence[int]]) -> bool:
    return any(n for measure in MEASURES for n in counts[measure])


def _changed(against: str, rows: Sequence[tuple[str, Years]]) -> str:
    found = [_("%(name)s（%(before)d → %(after)d）")
             % {"name": name, "before": of.before, "after": of.after}
             for name, of in rows if _beyond(of)]  # fmt: skip
    if not found:
        return _("%(against)s，没有哪个超出偶然的起落。") % {"against": against}
    which = _("、").join(found)
    return _("%(against)s，超出偶然起落的：%(which)s。") % {"against": against, "which": which}


def _alerts(report: Report) -> Part:
    """What stood out most in weeks that began in the span."""
    ids = report.figures["alerts"]
    known = {str(a.id): a for a in Alert.objects.filter(id__in=ids).select_related("watch")}
    alerts = [known[id_] for id_ in ids]
    paths(a.place for a in alerts)
    lines = [
        _("%(place)s，%(matter)s：%(week)s 起的一周 %(n)d 件，平常 %(expected).1f 件。")
        % {"place": name_of(a.place), "matter": shown.matter(a), "week": a.watch.week, "n": a.n,
           "expected": a.expected}
        for a in alerts
    ]  # fmt: skip
    links = [reverse("command:alert", args=[a.id]) for a in alerts]
    return Part(_("堆积预警"), lines or [_("没有预警。")], links=links)
