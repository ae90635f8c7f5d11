"""The page that lies on the phone, what it is made of, and the version by which phones renew it.

Nothing in the page is about the person: what is, comes with the pack (field/packs.py).
"""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.templatetags.static import static

from gongzhi.people.posts import Holder
from gongzhi.ui import context, offline

STYLES = ("ui/tokens.css", "ui/dark.css", "ui/page.css", "ui/forms.css", "ui/parts.css",
          "field/field.css")  # fmt: skip
SCRIPTS = ("field/app.js", "field/acts.js", "field/outbox.js", "field/pack.js",
           "field/photos.js", "field/screens.js", "field/spots.js", "field/store.js")  # fmt: skip
ICONS = ("field/icon-192.png", "field/icon-512.png")


def parts_of(kits: Sequence[offline.Kit]) -> list[str]:
    """Static files of the page with these kits."""
    return [*STYLES, *SCRIPTS, *ICONS, *(s for kit in kits for s in kit.scripts)]


@lru_cache(maxsize=64)
def _digest(name: str) -> bytes:
    """Of a static file; the site is started anew when its files change."""
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return hashlib.sha256(Path(found).read_bytes()).digest()


def shown(request: HttpRequest, by: Holder) -> str:
    """The page in the reader's language, theme and size of type."""
    kits = offline.kits_for(by)
    told: dict[str, Any] = {
        "kits": kits, "styles": STYLES, "city": context.city_name(),
        "scripts": [s for kit in kits for s in kit.scripts], **context.look(request),
    }  # fmt: skip
    return render_to_string("field/shell.html", told)


def version(request: HttpRequest, by: Holder) -> str:
    """Changes when anything of the page does, and with how this reader likes it shown."""
    said = hashlib.sha256(shown(request, by).encode())
    for name in parts_of(offline.kits_for(by)):
        said.update(_digest(name))
    return said.hexdigest()[:16]


def worker(request: HttpRequest, by: Holder) -> str:
    """The service worker of this version."""
    parts = [static(name) for name in parts_of(offline.kits_for(by))]
    told = {"version": version(request, by), "parts": parts}
    return render_to_string("field/worker.js", told)
