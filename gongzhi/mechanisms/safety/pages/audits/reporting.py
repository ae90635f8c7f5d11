"""What an audit came to, for the page and as the report 安全审计报告 in PDF."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override

from gongzhi.documents.sending import sent
from gongzhi.documents.tree import Cell, Letter, Paragraph, Run, Seal, Style, Table
from gongzhi.mechanisms.safety.models import Audit, Finding, Framed, Inspection, Item
from gongzhi.mechanisms.safety.pages.audits.asking import audit_read
from gongzhi.mechanisms.safety.registers import (
    audit_figures,
    audit_findings,
    audits,
    editions,
)
from gongzhi.mechanisms.safety.registers.audit_figures import Compared, Figures, Line
from gongzhi.mechanisms.safety.registers.audit_method import (
    DEPARTMENT,
    ENTERPRISE,
    METHODS,
    Scored,
    score,
)
from gongzhi.mechanisms.safety.registers.kinds import COLOURS, VERDICTS
from gongzhi.people.models import Post, Unit
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.ui.words import day, moment, named, number, short_path

ROWS = 300  # of items not met in the report


@dataclass(frozen=True)
class Told:
    """All that a page or the report says of an audit."""

    of: Any  # the firm or the department
    by: Unit | None
    sample: Sequence[Mapping[str, Any]]
    frame: int
    own: Compared
    other: Compared
    wrong: Sequence[Mapping[str, Any]]  # items not met, with what was said before
    findings: Sequence[Mapping[str, Any]]
    parts: Sequence[Scored]
    score: float | None


def told(of: Audit, by: Holder) -> Told:
    found = audit_figures.figures(of, by=by)
    parts = audit_figures.parts(of, found)
    papers = list(Inspection.objects.filter(audit=of.id).order_by("finished_at", "id"))
    rows = audits.sample(of)
    items = _items(papers)
    units = Unit.objects.in_bulk([id_ for id_ in (of.unit, of.by_unit) if id_])
    return Told(
        of=of.enterprise or units[of.unit],
        by=units.get(of.by_unit), sample=_sample(rows, papers), frame=of.frame.count(),
        own=audit_figures.compared(found.lines, ENTERPRISE),
        other=audit_figures.compared(found.lines, DEPARTMENT),
        wrong=_wrong(found, rows, items), findings=_findings(of, items), parts=parts,
        score=score(parts),
    )  # fmt: skip


def _items(papers: Sequence[Inspection]) -> dict[str, Item]:
    return {i.code: i for id_ in {p.edition_id for p in papers} for i in editions.of(id_).items}


def posts_of(papers: Sequence[Inspection]) -> dict[UUID, str]:
    """Who looked: unit and post, no name."""
    posts = Post.objects.select_related("unit").in_bulk({p.post for p in papers})
    return {id_: f"{named(post.unit)} · {named(post)}" for id_, post in posts.items()}


def _sample(rows: Sequence[Framed], papers: Sequence[Inspection]) -> list[dict[str, Any]]:
    who = posts_of(papers)
    return [
        {"row": row, "colour": COLOURS[row.colour],
         "papers": [{"paper": p, "who": who.get(p.post, "")} for p in papers
                    if p.site_id == row.site_id]}
        for row in rows
    ]  # fmt: skip


def _wrong(
    found: Figures, rows: Sequence[Framed], items: Mapping[str, Item]
) -> list[dict[str, Any]]:
    called = {str(row.site_id): row.site for row in rows}
    return [
        {"line": line, "site": called.get(line.site), "item": items.get(line.code),
         "own": _said(line.own, line.own_on), "other": _said(line.other, line.other_on),
         "passed_over": _passed_over(line)}
        for line in found.lines if line.seen == "not_met"
    ]  # fmt: skip


def _passed_over(line: Line) -> bool:
    return line.own in {"met", "not_applicable"}


def _said(verdict: str, on: str) -> str:
    return f"{VERDICTS[verdict]} {on}" if verdict else _("没有看")


def _findings(of: Audit, items: Mapping[str, Item]) -> list[dict[str, Any]]:
    order = list(audit_findings.KINDS)
    rows: list[Finding] = list(of.findings.select_related("site"))
    rows.sort(key=lambda row: (order.index(row.kind), str(row.site_id), row.code, str(row.id)))
    ids = {row.whose for row in rows if row.whose}
    names = {u.id: named(u) for u in Unit.objects.filter(id__in=ids)}
    for post in Post.objects.filter(id__in=ids).select_related("unit"):
        names[post.id] = f"{named(post.unit)} · {named(post)}"
    return [
        {"row": row, "kind": audit_findings.KINDS[row.kind], "said": said(row, items),
         "whose": names.get(row.whose, "") if row.whose else ""}
        for row in rows
    ]  # fmt: skip


def said(row: Finding, items: Mapping[str, Item]) -> str:
    """A finding in words."""
    if row.kind == "item":
        item = items.get(row.code)
        return f"{row.site.name if row.site else ''}：{row.code} {item.not_met if item else ''}"
    counted = {
        "passed_over": _("审计查出的 %(of)s 项里，有 %(n)s 项此前检查写的是符合或不适用。"),
        "overdue": _("期内到期的检查 %(of)s 次，%(n)s 次没有按时做。"),
        "late": _("期内到期的整改 %(of)s 件，%(n)s 件没有按时完成。"),
    }
    return counted[row.kind] % {"n": row.n, "of": row.of} if row.kind in counted else row.said


def _p(text: str, style: Style = Style.BODY) -> Paragraph:
    return Paragraph((Run(text),), style)


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> Table:
    return Table(
        (
            tuple(Cell((Run(str(text), bold=True),)) for text in head),
            *(tuple(Cell((Run(str(text)),)) for text in row) for row in rows),
        )
    )


def _about(of: Audit, all_: Told) -> list[Paragraph]:
    told = {
        "of": named(all_.of), "place": short_path(of.place), "since": of.since,
        "until": of.until, "method": of.method, "n": len(all_.sample), "frame": all_.frame,
        "seed": of.seed,
    }  # fmt: skip
    return [
        _p(_("一、审计概况"), Style.SECTION),
        _p(_("被审计单位：%(of)s（%(place)s）。审计期间：%(since)s 至 %(until)s。") % told),
        _p(_("目的和依据：%(why)s") % {"why": of.purpose}),
        _p(
            _("按风险从 %(frame)s 处场所里抽取 %(n)s 处。办法版本 %(method)s，种子 %(seed)s；"
              "抽样名单和每处的权重留存，任何人可以照办法重算。") % told
        ),
    ]  # fmt: skip


def _seen(all_: Told) -> list[Paragraph | Table]:
    rows: list[list[object]] = []
    for one in all_.sample:
        site = one["row"].called
        for each in one["papers"]:
            p = each["paper"]
            rows.append([site, moment(p.finished_at), each["who"], p.met, p.not_met,
                         p.not_applicable])  # fmt: skip
        if not one["papers"]:
            rows.append([site, "—", one["row"].not_seen, "—", "—", "—"])
    head = [_("场所"), _("离场时间"), _("由谁检查"), *(str(v) for v in VERDICTS.values())]
    return [_p(_("二、现场检查"), Style.SECTION), _table(head, rows)]


def _compared(all_: Told) -> list[Paragraph | Table]:
    head = ["", _("一致"), _("放过"), _("没有看"), _("只在此前检查里")]
    rows = [
        [label, c.agreed, c.passed_over, c.not_looked, c.only_before]
        for label, c in ((_("企业自查"), all_.own), (_("部门检查"), all_.other))
    ]
    return [
        _p(_("三、与此前检查比对"), Style.SECTION), _table(head, rows),
        _p(_("隐患也可能在此前检查以后才出现：不一致不等于作假。"), Style.NOTE),
        *(_p(f"{n}. {_item(one)}", Style.ITEM) for n, one in enumerate(all_.wrong[:ROWS], 1)),
    ]  # fmt: skip


def _item(one: Mapping[str, Any]) -> str:
    """An item not met, the hazard it began, and what had been said before."""
    site, item = one["site"], one["item"]
    told = {
        "site": site.name if site else "", "what": item.what if item else "",
        "code": one["line"].code, "number": number(one["line"].number), "own": one["own"],
        "other": one["other"],
    }  # fmt: skip
    return (
        _("%(site)s：%(what)s（%(code)s，隐患 %(number)s）。自查：%(own)s；部门：%(other)s。")
        % told
    )


def _followed(all_: Told) -> list[Paragraph]:
    """Items with the same follow-up are told once: they stand one by one in the part before."""
    alike: dict[tuple[object, ...], list[Mapping[str, Any]]] = {}
    for f in all_.findings:
        row: Finding = f["row"]
        each = None if row.kind == "item" else row.id
        alike.setdefault((each, row.measure, row.whose, row.due, row.done), []).append(f)
    rows = [_finding(n, of) for n, of in enumerate(alike.values(), 1)]
    title = _p(_("四、审计发现和后续"), Style.SECTION)
    return [title, *(rows or [_p(_("没有。"))])]


def _finding(n: int, of: Sequence[Mapping[str, Any]]) -> Paragraph:
    row: Finding = of[0]["row"]
    items = _("检查项不符合 %(n)s 项，见第三部分。") % {"n": len(of)}
    told = {
        "n": n, "said": items if row.kind == "item" else of[0]["said"], "due": row.due or "—",
        "measure": row.measure or "—", "whose": of[0]["whose"] or "—", "done": row.done or "—",
    }  # fmt: skip
    text = _("%(n)s. %(said)s后续：%(measure)s由 %(whose)s 办，到 %(due)s。结果：%(done)s")
    return _p(text % told, Style.ITEM)


def _scores(of: Audit, all_: Told) -> list[Paragraph | Table]:
    rows = [
        [f"{p.part.label}：{p.part.formula}", f"{p.over} ÷ {p.under}",
         f"{p.percent}%" if p.counts else _("不计"), p.part.weight]
        for p in all_.parts
    ]  # fmt: skip
    head = [_("项目和公式"), _("分子 ÷ 分母"), _("比例"), _("权重")]
    whole = _("没有可以计分的数字。") if all_.score is None else _("得分：%s") % all_.score
    return [
        _p(_("五、评分"), Style.SECTION), _table(head, rows), _p(whole),
        _p(
            _("得分 = 计分各项的（权重 × 比例）之和 ÷ 计分各项权重之和 × 100。没有数字的不计；"
              "审计查出的隐患不到 %(least)s 项的，一致不计。办法由本平台自定，不评个人。")
            % {"least": METHODS[of.method].least}, Style.NOTE,
        ),
    ]  # fmt: skip


def letter(of: Audit, all_: Told) -> Letter:
    """The report as it is printed; what the audited said of it is behind it."""
    body: list[Paragraph | Table | Seal] = [
        *_about(of, all_), *_seen(all_), *_compared(all_), *_followed(all_), *_scores(of, all_),
        _p(_("六、审计意见"), Style.SECTION), _p(of.opinion or "—"),
    ]  # fmt: skip
    unit = named(all_.by) if all_.by else ""
    if of.issued_at:
        body.append(Seal(unit, day(of.issued_at), _("（盖章）")))
    if of.stated_at:
        body += [_p(_("附：被审计单位的陈述申辩（%s）") % day(of.stated_at), Style.SECTION),
                 _p(of.stated)]  # fmt: skip
    return Letter(
        title=_("安全审计报告"), number=audits.number(of), unit=unit,
        made_at=of.stated_at or of.issued_at or of.opened_at, body=tuple(body),
    )  # fmt: skip


@as_post
def report_pdf(request: HttpRequest, by: Holder, audit: UUID) -> HttpResponse:
    """Once drawn up, for who may read it; as a document of the city in its first language."""
    of = audit_read(by, audit)
    if of.drawn_up_at is None or of.withdrawn_at:
        raise Http404
    with override(settings.CONFIG.language):
        return sent(letter(of, told(of, by)))
