"""Writes the reference pages from the code, or says which of them no longer tell the truth."""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

from gongzhi.declare import Mechanism, registry
from gongzhi.declare.picture import draw
from gongzhi.site.config import Config, variable

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference"


def configuration() -> str:
    """docs/reference/configuration.md."""
    rows = [
        f"| `{variable(f.name)}` | {_default(f.default)} | {f.metadata['means']}"
        f"{' **Secret.**' if f.metadata['secret'] else ''} |"
        for f in fields(Config)
    ]
    return "\n".join(
        [
            "# Configuration",
            "",
            "Made by `make docs` from `gongzhi/site/config.py`; do not edit.",
            "",
            "All settings are environment variables. They are checked at start: a wrong or",
            "unknown `GONGZHI_` variable stops the start with a sentence that names it. No",
            "secret has a default. Where no database is named, `gongzhi run` starts the",
            "embedded one and makes keys for it, readable by its owner alone, in",
            "`GONGZHI_HOME`; `gongzhi keys new` prints fresh ones for every other installation.",
            "",
            "| Variable | Default | Meaning |",
            "| --- | --- | --- |",
            *rows,
            "",
        ]
    )


def _default(value: object) -> str:
    if isinstance(value, bool):
        return f"`{int(value)}`"
    return f"`{value}`" if value != "" else "none"


def picture(mechanism: Mechanism) -> str:
    """docs/reference/<mechanism>.svg: its states and acts."""
    return draw(mechanism).replace("currentColor", "#444444") + "\n"


def released() -> str:
    """docs/reference/mechanisms.json: the declarations that cases may have begun under."""
    said = {m.name: _said(m, _last().get(m.name, {})) for m in registry.every()}
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def _last() -> dict[str, Any]:
    """The declarations as they were last released."""
    return json.loads(RELEASED.read_text("utf-8")) if RELEASED.exists() else {}


def _said(m: Mechanism, last: dict[str, Any]) -> dict[str, Any]:
    states = {s.name: [s.phase, s.final] for s in m.states}
    before = {*last.get("states", {}), *last.get("retired", [])}
    # Sorted: in which order acts are declared says which button comes first, and nothing else.
    return {
        "version": m.version,
        "states": states,
        "acts": {
            a.name: [sorted(s.name for s in m.sources(a)), a.then.name if a.then else None]
            for a in (m.starts, *m.acts)
        },
        "clocks": {
            c.name: [str(c.span), sorted(s.name for s in m.states if c in m.running_in(s))]
            for c in m.clocks
        },
        "retired": sorted(before - set(states)),
    }


RELEASED = FOLDER / "mechanisms.json"
COMPARED = ("states", "acts", "clocks")


def unsaid(now: dict[str, Any], last: dict[str, Any]) -> list[str]:
    """What of a declaration has changed without its version being raised: cases that began under
    the last one are still open, and whoever changes it must think of them."""
    gone = [
        f"{name}: it was released and is gone; its cases could no longer be read"
        for name in last
        if name not in now
    ]
    return gone + [
        f"{name}: {part} changed; raise its version, run `make docs`, and say in CHANGELOG.md what"
        " becomes of the cases that stand there"
        for name, of in now.items()
        if name in last and of["version"] == last[name]["version"]
        for part in COMPARED
        if of[part] != last[name][part]
    ]


def indicators() -> str:
    """docs/reference/indicators.md."""
    from gongzhi.site.indicators import page  # it wants Django's apps, which are not ready before

    return page()


PAGES: dict[str, Callable[[], str]] = {
    "configuration.md": configuration,
    "indicators.md": indicators,
    "mechanisms.json": released,
    "mediation.svg": lambda: picture(registry.get("mediation")),
    "petitions.svg": lambda: picture(registry.get("petitions")),
    "roads.svg": lambda: picture(registry.get("roads")),
    "safety.svg": lambda: picture(registry.get("safety")),
    "neighbourhoods.svg": lambda: picture(registry.get("neighbourhoods")),
}


def stale() -> list[str]:
    """Pages that differ from what the code says now."""
    return [
        name
        for name, page in PAGES.items()
        if not (FOLDER / name).exists() or (FOLDER / name).read_text(encoding="utf-8") != page()
    ]


def write() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    if found := unsaid(json.loads(released()), _last()):
        sys.exit("\n".join(found))
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    import django

    # Declarations name their forms, and forms want settings; no database is asked.
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongzhi.site.settings")
    django.setup()
    if "--check" not in sys.argv:
        write()
    elif found := stale():
        sys.exit(f"docs/reference/{', '.join(found)}: not what the code says; run `make docs`.")
