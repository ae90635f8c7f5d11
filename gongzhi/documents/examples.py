"""Facts of cases that never were, to try a letter's text on: full, with long and rare words, bare.

Everybody in them is marked as an example 示例.
"""

import io
import json
from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from django.forms import ChoiceField
from django.utils import translation
from PIL import Image, ImageDraw

from gongzhi.cases import catalogue
from gongzhi.declare import Document, Mechanism, registry
from gongzhi.documents.facts import asked_of, asked_to_sign, money, side
from gongzhi.documents.texts import folder

KINDS = ("usual", "long", "bare")
# What people may write, and what must not become part of a letter's text.
RARE = '䶮𠮷 *星* #read("/etc") {{ 7*7 }} | 竖线 \\ <b> & [括号](x)'
PARAGRAPHS = f"（示例）第一段：{RARE}\n（示例）第二段：" + "写得很长的一段话，" * 60
LONG_NAME = "（示例）欧阳䶮𠮷·买买提江·阿卜杜热依木与其他十六名共同申请人"


@cache
def _signature() -> bytes:
    """A stroke of a pen."""
    image = Image.new("RGBA", (480, 160), (0, 0, 0, 0))
    stroke = [(20, 90), (90, 40), (150, 120), (230, 50), (300, 115), (380, 60), (450, 95)]
    ImageDraw.Draw(image).line(stroke, fill="black", width=6, joint="curve")
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _said(fields: Mapping[str, Any], kind: str) -> dict[str, str]:
    if kind == "bare":
        return dict.fromkeys(fields, "")
    labels = {name: str(getattr(f, "label", None) or "经过") for name, f in fields.items()}
    said = {name: f"（示例）这里是“{label}”里写的内容。" for name, label in labels.items()}
    if kind == "long":
        said |= {name: PARAGRAPHS for name in fields if name != "title"}
    return said


def _choices(field: Any) -> list[str]:
    choices = field.choices if isinstance(field, ChoiceField) else ()
    return [str(label) for value, label in cast(list[Any], choices) if value]


def _answers(fields: Mapping[str, Any], kind: str) -> dict[str, str]:
    """The first of the choices that a form offers."""
    found = dict.fromkeys(fields, "")
    for name, field in fields.items():
        if kind != "bare":
            own = f"（示例）{getattr(field, 'label', None) or name}"
            found[name] = (_choices(field) or [own])[0]
    return found


def _people(kind: str) -> dict[str, dict[str, str]]:
    phone, address = "13800000000", "示例县示例镇示例村1号"
    if kind == "bare":
        return {"applicant": side([("示例甲", "", "")]), "respondent": side([])}
    if kind == "long":
        many = [(LONG_NAME, phone, address * 3), ("示例丙" + RARE, "", "")]
        return {"applicant": side(many * 2), "respondent": side(many)}
    return {
        "applicant": side([("示例甲", phone, address)]),
        "respondent": side([("示例合作社", phone, "")]),
    }


def _money(kind: str) -> dict[str, Any]:
    times = {"usual": 3, "long": 30, "bare": 0}[kind]
    dues = [f"{2026 + n // 12}年{n % 12 + 1}月28日" for n in range(times)]
    return money({"n": n, "amount": "126667", "due": due} for n, due in enumerate(dues, 1))


def _of_case(mechanism: Mechanism, document: Document, kind: str) -> dict[str, Any]:
    fields, full = asked_of(mechanism), kind != "bare"
    unit = "示例市示例县示例镇人民调解委员会联合办公室" if kind == "long" else "示例镇综治中心"
    own = getattr(document.after.form, "base_fields", {})
    signed = {"picture": _signature() if full else None, "digest": "0123456789abcdef" * full}
    return {
        "number": "441226-26-0000000-0",
        "title": str(document.label),
        "matter": next((k.label for k in catalogue.offered(mechanism)), str(mechanism.label)),
        "summary": {"usual": "（示例）墙根渗水", "long": "（示例）" + RARE * 2, "bare": ""}[kind],
        "place": "示例市示例县示例镇示例村",
        "unit": unit,
        "phone": "0758-0000000" if full else "",
        "hotline": "12345",
        "date": "2026年11月24日",
        **_people(kind),
        "said": _said(fields, kind),
        "answers": _answers(fields, kind),
        "session": {
            "when": "2026年11月30日 09:00", "mode": "site",
            "where": "示例调解室" if full else "",
        },
        "other_unit": "示例县人民法院",
        "due": dict.fromkeys((c.name for c in mechanism.clocks), "2026年12月24日" if full else ""),
        **_money(kind),
        "signatures": [{"who": who, **signed} for who in asked_to_sign(own)],
        "signed_at": "2026年11月24日 10:30:00",
        "assigned": "示例乙" if full else "",
        "actor": "示例乙" if full else "",
    }  # fmt: skip


def example(mechanism: str, name: str, kind: str) -> dict[str, Any]:
    """All that a letter may say, in Chinese. Of a letter without a case: what its file gives."""
    declared = registry.get(mechanism)
    document = next((d for d in declared.documents if d.name == name), None)
    with translation.override("zh-hans"):
        if document is not None:
            return _of_case(declared, document, kind)
    told: dict[str, Any] = json.loads((folder(mechanism) / f"{name}.json").read_text("utf-8"))
    return told
