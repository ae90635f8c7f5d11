"""The texts of letters: a city reads them, changes them, and sees the letter before it is used."""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gongzhi.cases.changes import Refused
from gongzhi.declare import registry
from gongzhi.documents import texts
from gongzhi.documents.blocks import BLOCKS
from gongzhi.documents.composing import compose
from gongzhi.documents.examples import KINDS, example
from gongzhi.documents.filling import LONGEST, TextRefused
from gongzhi.documents.models import LetterText
from gongzhi.documents.sending import sent
from gongzhi.documents.trials import tried
from gongzhi.people.models import Account
from gongzhi.people.permissions import No
from gongzhi.people.posts import Holder
from gongzhi.people.session import as_post
from gongzhi.ui.words import label

AROUND = 2  # unchanged lines shown on either side of a change
SHOWN = 30  # characters of an example in the list of contents


class TextForm(forms.Form):
    """A letter's text, and the version that it was written over."""

    text = forms.CharField(
        label=gettext_lazy("文书文本"), max_length=LONGEST, strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "false"}),
        help_text=gettext_lazy("“#”开头的是标题，空一行另起一段，{{ … }} 处填写案件内容。"),
    )  # fmt: skip
    after = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class Listed(NamedTuple):
    """A letter in the list."""

    mechanism: str
    name: str
    title: str
    newest: LetterText | None


class Line(NamedTuple):
    """A line of a comparison: kept, put in (+), taken out (-), or a gap (…)."""

    mark: str
    text: str


class Content(NamedTuple):
    """What a text may name, and what stands there in the example; many of a kind are grouped."""

    written: str
    example: str
    group: str | Promise = ""


GROUPS = {
    "said": gettext_lazy("各步骤中写下的话"),
    "answers": gettext_lazy("各步骤中选定的项"),
    "due": gettext_lazy("各项期限的到期日"),
}


def title_of(mechanism: str, name: str) -> str:
    """As declared; of a letter without a case, as its example says."""
    declared = [d for d in registry.get(mechanism).documents if d.name == name]
    return label(declared[0]) if declared else str(example(mechanism, name, "usual")["title"])


def contents(facts: Mapping[str, Any]) -> Iterator[Content]:
    """All that may be filled in, with its example; rows of a list as they are repeated."""
    for name, value in facts.items():
        if isinstance(value, Mapping):
            for inner, said in value.items():
                yield Content(f"{{{{ {name}.{inner} }}}}", _shown(said), GROUPS.get(name, ""))
        elif isinstance(value, list):
            row = value[0] if value else ""
            fields = (
                " ".join(f"{{{{ i.{inner} }}}}" for inner in row)
                if isinstance(row, Mapping)
                else "{{ i }}"
            )
            said = row.values() if isinstance(row, Mapping) else [row]
            yield Content(
                f"{{% for i in {name} %}} {fields} {{% endfor %}}", " ".join(map(_shown, said))
            )
        elif not isinstance(value, bytes):
            yield Content(f"{{{{ {name} }}}}", _shown(value))
    for block in BLOCKS:
        yield Content(f"{{{{ {block}() }}}}", "")


def _shown(value: Any) -> str:
    said = "" if isinstance(value, bytes) else str(value)
    return said if len(said) <= SHOWN else said[:SHOWN] + "…"


def compared(old: str, new: str) -> list[Line]:
    """What was taken out of one text and put into the other, with some lines around."""
    before, after = old.splitlines(), new.splitlines()
    found: list[Line] = []
    for group in SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(AROUND):
        found += [Line("…", "")] if found else []
        for what, a, b, c, d in group:
            if what == "equal":
                found += [Line("", line) for line in before[a:b]]
            else:
                found += [Line("-", line) for line in before[a:b]]
                found += [Line("+", line) for line in after[c:d]]
    return found


@as_post
def listed(request: HttpRequest, by: Holder) -> HttpResponse:
    """Every letter, and whether the city has changed it."""
    newest: dict[tuple[str, str], LetterText] = {}
    for one in LetterText.objects.order_by("version"):
        newest[one.mechanism, one.name] = one
    letters = [Listed(m, n, title_of(m, n), newest.get((m, n))) for m, n in texts.every()]
    allowed = texts.may_change(by)
    context = {
        "by": by, "letters": letters, "people": _people([t for t in newest.values()]),
        "why_not": allowed.reason if isinstance(allowed, No) else "",
    }  # fmt: skip
    return render(request, "desk/letters/list.html", context)


def _people(versions: list[LetterText]) -> dict[Any, str]:
    asked = {v.account for v in versions}
    return {a.id: a.name for a in Account.objects.filter(id__in=asked)} if asked else {}


def _known(mechanism: str, name: str) -> None:
    if (mechanism, name) not in set(texts.every()):
        raise Http404


@as_post
def change(request: HttpRequest, by: Holder, mechanism: str, name: str) -> HttpResponse:
    """The text of one letter. What was typed stays, whatever is refused."""
    _known(mechanism, name)
    versions = texts.versions(mechanism, name)
    shipped = texts.shipped(mechanism, name).text
    by_number = {0: shipped, **{v.version: v.text for v in versions}}
    newest = max(by_number)
    begun = _number(request.GET.get("from"), by_number, newest)
    form = TextForm(request.POST or None, initial={"text": by_number[begun], "after": newest})
    if request.method == "POST" and form.is_valid() and _save(form, mechanism, name, by):
        messages.success(request, _("已保存，从现在起办理的用新文本。"), extra_tags="good")
        return redirect("desk:letter_text", mechanism, name)
    against = _number(request.GET.get("against"), by_number, 0)
    allowed = texts.may_change(by)
    context = {
        "by": by, "form": form, "mechanism": mechanism, "name": name,
        "title": title_of(mechanism, name), "versions": versions, "people": _people(versions),
        "newest": newest, "against": against, "kinds": KINDS,
        "difference": compared(by_number[against], by_number[newest]),
        "contents": sorted(
            contents(example(mechanism, name, "usual")), key=lambda c: str(c.group)
        ),
        "why_not": allowed.reason if isinstance(allowed, No) else "",
    }  # fmt: skip
    return render(request, "desk/letters/text.html", context, status=422 if form.errors else 200)


def _number(said: str | None, known: Mapping[int, str], otherwise: int) -> int:
    """The version that an address names. Raises Http404."""
    if not said:
        return otherwise
    if not said.isdigit() or int(said) not in known:
        raise Http404
    return int(said)


def _save(form: TextForm, mechanism: str, name: str, by: Holder) -> bool:
    """A text that no letter can be made of is refused, and never gets into use."""
    text, after, now = form.cleaned_data["text"], form.cleaned_data["after"], timezone.now()
    try:
        tried(mechanism, name, text, now=now)
        texts.save(mechanism, name, text, after=after, now=now, by=by)
    except TextRefused as error:
        form.add_error("text", str(error))
    except Refused as error:
        form.add_error(None, str(error.reason))
        newest = texts.versions(mechanism, name)[:1]
        form.data = {**form.data, "after": str(newest[0].version if newest else 0)}
    return form.is_valid()


@require_POST
@as_post
def preview(request: HttpRequest, by: Holder, mechanism: str, name: str) -> HttpResponse:
    """What was typed, as the letter of an example; nothing is saved."""
    _known(mechanism, name)
    kind = request.POST.get("kind", KINDS[0])
    if isinstance(texts.may_change(by), No) or kind not in KINDS:
        raise Http404
    form = TextForm(request.POST)
    if form.is_valid():
        try:
            made = compose(
                form.cleaned_data["text"], example(mechanism, name, kind), made_at=timezone.now()
            )
            return sent(made, as_word=request.POST.get("as") == "docx")
        except TextRefused as error:
            form.add_error("text", str(error))
    context = {"by": by, "form": form, "title": title_of(mechanism, name)}
    return render(request, "desk/letters/refused.html", context, status=422)
