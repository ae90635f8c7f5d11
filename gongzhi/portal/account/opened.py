"""The open data of the public account: the same bytes for everybody, as CSV and JSON."""

import csv
import io
import json
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from gongzhi.cases import sheets
from gongzhi.places.levels import parent_of
from gongzhi.portal.account.figures import FIGURES
from gongzhi.portal.models import OpenFigure, Publication

COLUMNS = (
    ("month", "月份", _("统计的月份。"), "gYearMonth"),
    ("place", "行政区划代码", _("4 位是市，6 位是县（区），9 位是乡镇、街道。"), "string"),
    ("name", "名称", _("当时的名称。"), "string"),
    ("name_en", "英文名称", _("名称的拉丁字母写法。"), "string"),
    ("mechanism", "事项", _("办理案件的机制，用系统内的名称。"), "string"),
    *((f.name, f.label, f.means, "nonNegativeInteger") for f in FIGURES),
)
NAMES = [name for name, *_rest in COLUMNS]


def rows(month: str, place: str = "") -> list[OpenFigure]:
    """In the order of the files: a month's, or of a place and those right below it alone."""
    found = OpenFigure.objects.filter(publication=month, place__startswith=place)
    return [
        row for row in found.order_by("place", "mechanism")
        if not place or place in {row.place, parent_of(row.place)}
    ]  # fmt: skip


def _line(row: OpenFigure) -> list[Any]:
    said = [row.publication_id, row.place, row.name, row.name_en, row.mechanism]
    return said + [getattr(row, figure.name) for figure in FIGURES]


def csv_of(rows: Iterable[OpenFigure]) -> bytes:
    """As RFC 4180 has it; an empty cell is a withheld one. Excel needs the mark at its start."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(NAMES)
    writer.writerows([sheets.safe(value) for value in _line(row)] for row in rows)
    return ("\ufeff" + out.getvalue()).encode()


def json_of(publication: Publication, rows: Iterable[OpenFigure], dictionary: str) -> bytes:
    said = {
        "month": publication.month,
        "published_at": publication.published_at.isoformat(),
        "least": publication.least,
        "sha256_of_csv": publication.digest,
        "licence": settings.CONFIG.account_licence or None,
        "dictionary": dictionary,
        "figures": [dict(zip(NAMES, _line(row), strict=True)) for row in rows],
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def _in(language: str, said: str | Promise) -> str:
    with translation.override(language):
        return str(said)


def dictionary_of(url: str) -> bytes:
    """The data dictionary, as W3C's Metadata Vocabulary for Tabular Data (CSV on the Web)."""
    columns = [
        {"name": name, "titles": {"zh": _in("zh-hans", title), "en": name},
         "dc:description": {"zh": _in("zh-hans", means), "en": _in("en", means)},
         "datatype": datatype, "required": datatype == "string" and name != "name_en", "null": ""}
        for name, title, means, datatype in COLUMNS
    ]  # fmt: skip
    said: dict[str, Any] = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": url,
        "dc:title": {"zh": "公开账", "en": "Public account"},
        "dc:description": {
            "zh": "空白的数没有公布：太小，或者会让人算出太小的数。空白不是零。",
            "en": "An empty figure is withheld: too small, or it would give a small one away. "
            "It does not mean zero.",
        },
        "tableSchema": {"columns": columns, "primaryKey": ["month", "place", "mechanism"]},
    }
    if settings.CONFIG.account_licence:
        said["dc:license"] = settings.CONFIG.account_licence
    return json.dumps(said, ensure_ascii=False, indent=1).encode()
