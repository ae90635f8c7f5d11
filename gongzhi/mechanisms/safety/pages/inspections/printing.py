"""The record of an inspection as a letter 检查记录: what was asked, what was not met, who signed.

What was written about a hazard is not in it: that is in the hazard's own case.
"""

from collections.abc import Iterator, Sequence

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from gongzhi.cases import files
from gongzhi.cases.numbers import spaced
from gongzhi.documents.tree import (
    Cell,
    Letter,
    Node,
    Paragraph,
    Run,
    Signatures,
    Signed,
    Style,
    Table,
)
from gongzhi.mechanisms.safety.models import Inspection
from gongzhi.mechanisms.safety.registers import exhibits, inspected
from gongzhi.mechanisms.safety.registers.exhibits import SIGNATURES
from gongzhi.mechanisms.safety.registers.inspected import Line, Record
from gongzhi.mechanisms.safety.registers.kinds import CHECKS, VERDICTS
from gongzhi.people.models import Post
from gongzhi.ui.words import short_path

MOMENT = "%Y-%m-%d %H:%M"


def _said(text: object, style: Style = Style.BODY) -> Paragraph:
    return Paragraph((Run(str(text)),), style)


def _left(text: object) -> Cell:
    return Cell((Run(str(text)),), "left")


def _row(cells: Sequence[object], *, bold: bool = False) -> tuple[Cell, ...]:
    return tuple(
        Cell((Run(str(c), bold=bold),), "left" if n == 0 else "center")
        for n, c in enumerate(cells)
    )  # fmt: skip


def _facts(row: Inspection) -> Table:
    post = Post.objects.select_related("unit").filter(id=row.post).first()
    said = [
        (_("单位"), row.site.enterprise), (_("场所"), row.site.name),
        (_("地点"), f"{short_path(row.place)} {row.site.address}".strip()),
        (_("检查方式"), CHECKS[row.kind]),
        (_("检查岗位"), f"{post.unit} {post}" if post else ""),
        (_("检查时间"), _times(row)), (_("检查清单"), row.edition.name),
    ]  # fmt: skip
    return Table(tuple((_left(name), _left(value)) for name, value in said))


def _times(row: Inspection) -> str:
    began, ended = (timezone.localtime(t).strftime(MOMENT) for t in (row.began_at, row.finished_at))
    return f"{began} — {ended}"


def _counts(found: Record) -> Iterator[Node]:
    row = found.row
    said = _("应查 %(asked)d 项，符合 %(met)d 项，不符合 %(not_met)d 项，不适用 %(na)d 项。") % {
        "asked": row.asked, "met": row.met, "not_met": row.not_met, "na": row.not_applicable,
    }  # fmt: skip
    yield _said(_("一、检查情况"), Style.SECTION)
    yield _said(said)
    if not row.whole:
        yield _said(_("还有 %(n)d 项没有查。") % {"n": row.asked - row.answered})
    head = _row([_("分类"), *(str(label) for label in VERDICTS.values())], bold=True)
    yield Table((head, *(_row([p.category.name, *p.counts]) for p in found.parts)))


def _lines(title: str, lines: Sequence[Line], *, numbered: bool) -> Iterator[Node]:
    yield _said(title, Style.SECTION)
    if not lines:
        yield _said(_("无。"))
        return
    for n, line in enumerate(lines, 1):
        text = line.item.not_met if numbered else line.item.what
        number = f"（{_('隐患编号')} {spaced(line.number)}）" if line.number else ""
        yield _said(f"{n}. {line.item.code} {text}{number}", Style.ITEM)


def _signatures(row: Inspection) -> Signatures:
    """A line to sign on where nobody signed on the phone, or the picture's time is over."""
    laid = {e.what: e for e in exhibits.of(row) if e.what in SIGNATURES}
    signed = []
    for what, label in SIGNATURES.items():
        picture = files.read(laid[what].sha256) if what in laid else None
        digest = laid[what].sha256[:16] if what in laid else ""
        signed.append(Signed(str(label), picture, digest))
    at = timezone.localtime(row.finished_at).strftime(MOMENT)
    return Signatures(tuple(signed), note=at)


def letter(row: Inspection) -> Letter:
    """In the city's first language, whoever asks: it is a paper of record."""
    with override(settings.CONFIG.language):
        found = inspected.record(row)
        body = (
            _facts(row), *_counts(found),
            *_lines(_("二、不符合的检查项"), found.not_met, numbered=True),
            *_lines(_("三、不适用的检查项"), found.not_applicable, numbered=False),
            _signatures(row),
        )  # fmt: skip
        return Letter(
            title=_("安全生产检查记录"), number=row.id.hex[:12].upper(),
            unit=str(row.site.enterprise), made_at=row.received_at, body=body,
        )  # fmt: skip
