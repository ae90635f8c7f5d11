"""A form field for a place: typed and found, by keyboard or thumb, with or without JavaScript.

Without it, a text that may mean several places comes back with these to choose from.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gongzhi.declare import Level
from gongzhi.places.levels import BadCode, level_of
from gongzhi.places.models import Division
from gongzhi.places.search import Found, path_of, search

SHOWN = 20  # places to choose from


@dataclass(frozen=True, slots=True)
class Said:
    """What the browser sends: a code, the text beside it, and for which text it was chosen."""

    code: str = ""
    text: str = ""
    chosen_for: str = ""

    @property
    def chosen(self) -> str:
        """The code, unless the text was changed afterwards."""
        return self.code if self.text == self.chosen_for else ""


class PlacePicker(forms.Widget):
    """A text with suggestions; static/places/picker.js makes it a combobox (ARIA pattern)."""

    template_name = "places/picker.html"
    within = ""
    near = ""
    levels: tuple[Level, ...] = tuple(Level)

    class Media:
        css = {"all": ["places/picker.css"]}
        js = (forms.Script("places/picker.js", defer=True),)

    def find(self, text: str) -> list[Found]:
        return search(text, within=self.within, near=self.near, levels=self.levels, limit=SHOWN)

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Said:
        def given(key: str) -> str:
            return str(data.get(key) or "").strip()

        return Said(given(name), given(f"{name}_said"), given(f"{name}_for"))

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and f"{name}_said" not in data

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        said = value if isinstance(value, Said) else Said(str(value or ""))
        chosen = said.chosen
        context: dict[str, Any] = super().get_context(name, None, attrs)
        context["widget"] |= {
            "code": chosen,
            "text": path_of(chosen) if chosen.isdigit() else said.text,
            "found": [] if chosen else self.find(said.text),
            "most": SHOWN,
            "within": self.within,
            "near": self.near,
            "levels": [int(level) for level in self.levels],
        }
        return context


class PlaceField(forms.Field):
    """The code of one place that exists today, at one of the levels and inside `within`."""

    widget: Any = PlacePicker
    default_error_messages = {
        "unknown": _("没有找到这个地方。请换个写法，或在前面加上上级的名称，如“德庆 九市”。"),
        "several": _("请在下面选择是哪一处。"),
        "outside": _("这个地方不在可选的范围内。"),
    }

    def __init__(
        self,
        *,
        level: Level | Iterable[Level] | None = None,
        within: str = "",
        near: str = "",
        **rest: Any,
    ) -> None:
        super().__init__(**rest)
        levels = tuple(Level) if level is None else level
        self.widget.levels = (levels,) if isinstance(levels, Level) else tuple(levels)
        self.within = within
        self.widget.near = near

    @property
    def within(self) -> str:
        """May be set for one form, to the place of the post that fills it in."""
        scope: str = self.widget.within
        return scope

    @within.setter
    def within(self, scope: str) -> None:
        self.widget.within = scope

    def to_python(self, value: Any) -> str:
        said = value if isinstance(value, Said) else Said(str(value or ""))
        if said.chosen or not said.text:
            return said.chosen
        found = self.widget.find(said.text)
        if not found:
            raise self._wrong("unknown")
        exact = [f for f in found if said.text in (f.code, f.name, f.path)]
        if len(exact) != 1:
            raise self._wrong("several")
        code: str = exact[0].code
        return code

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not self._allows(value):
            raise self._wrong("outside")

    def _allows(self, code: str) -> bool:
        try:
            level = level_of(code)
        except BadCode:
            return False
        inside = level in self.widget.levels and code.startswith(self.within)
        return inside and Division.objects.filter(code=code, valid_to=None).exists()

    def _wrong(self, code: str) -> forms.ValidationError:
        return forms.ValidationError(self.error_messages[code], code=code)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return (initial or "") != (data.chosen or data.text if isinstance(data, Said) else data)
