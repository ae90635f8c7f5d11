"""The draw: the same for all from the same seed, and as likely as the weights say."""

from collections import Counter
from datetime import date, timedelta
from uuid import UUID

import pytest

from gongzhi.mechanisms.safety.registers import audit_drawing, audits
from gongzhi.mechanisms.safety.registers.audit_method import CURRENT
from gongzhi.mechanisms.safety.tests.auditing import Auditing

ON = date(2026, 6, 1)
FRAME = {UUID(int=n): weight for n, weight in enumerate([32, 16, 8, 8, 4, 2, 1, 1])}
DRAWS = 4_000


def often(n: int) -> dict[UUID, float]:
    drawn: Counter[UUID] = Counter()
    for seed in range(DRAWS):
        drawn.update(audit_drawing.drawn(f"seed {seed}", FRAME, n))
    return {site: drawn[site] / DRAWS for site in FRAME}


def test_a_seed_draws_the_same_again() -> None:
    """The digest is what `openssl dgst -sha256 -hmac seed` says."""
    site = UUID(int=0)
    assert audit_drawing.digest("seed", site).startswith("4cb332d9c1275")
    first = audit_drawing.drawn("seed", FRAME, 3)
    assert first == audit_drawing.drawn("seed", dict(reversed(FRAME.items())), 3)
    assert first != audit_drawing.drawn("another", FRAME, 3)
    assert audit_drawing.drawn("seed", FRAME, 99) == sorted(
        FRAME, key=lambda s: audit_drawing.key("seed", s, FRAME[s])
    )


def test_one_alone_is_drawn_as_often_as_its_share_of_the_weights() -> None:
    whole = sum(FRAME.values())
    for site, share in often(1).items():
        assert share == pytest.approx(FRAME[site] / whole, abs=0.025)


def test_of_several_each_is_drawn_as_often_as_the_page_says() -> None:
    said = audit_drawing.chances(list(FRAME.values()), 3)
    assert sum(said) == pytest.approx(3)
    for chance, share in zip(said, often(3).values(), strict=True):
        assert share == pytest.approx(chance, abs=0.06)
    assert audit_drawing.chances([2, 2, 2, 2], 1) == pytest.approx([0.25] * 4)
    assert audit_drawing.chances([5, 1], 2) == [1.0, 1.0]


@pytest.mark.parametrize(
    ("colour", "days", "weight"),
    [("red", 10, 8), ("red", 90, 8), ("red", 91, 16), ("orange", 365, 12), ("blue", 366, 4),
     ("yellow", None, 8)],
)  # fmt: skip
def test_a_site_weighs_by_colour_and_by_how_long_nobody_came(
    colour: str, days: int | None, weight: int
) -> None:
    last = None if days is None else ON - timedelta(days=days)
    assert audit_drawing.weight(CURRENT, colour, last, ON) == weight


def test_the_frame_is_kept_as_it_was(auditing: Auditing) -> None:
    auditing.checked(auditing.workshop, "department", auditing.bureau, {}, days=100)
    auditing.checked(auditing.workshop, "self", auditing.bureau, {}, days=5)
    made = auditing.open(size=1)
    rows = {row.site_id: row for row in made.frame.all()}
    shop = rows[auditing.workshop.id]
    assert (shop.weight, shop.why) == (4 * 2, "own")
    assert shop.last_on == auditing.today - timedelta(days=100), "a self-check is no look outside"
    assert rows[auditing.store.id].weight == 1 * 4
    auditing.workshop.colour = "red"
    auditing.workshop.save()
    turns = made.frame.filter(turn__isnull=False).order_by("turn")
    assert audits.redrawn(made) == list(turns.values_list("site", flat=True))
    other = made.frame.get(turn=None)
    made.frame.filter(turn=1).update(turn=None)
    made.frame.filter(id=other.id).update(turn=1)
    assert audits.redrawn(made) != [other.site_id], "another sample than the one that was drawn"


def test_a_department_answers_for_what_it_oversees_checked_or_had_to_check(
    auditing: Auditing,
) -> None:
    other = auditing.add_firm("别的厂", overseer=auditing.bureau.unit)
    sites = [auditing.add_site(other, name) for name in ("一号", "二号")]
    auditing.due(sites[1], auditing.bureau.unit, days=20, done=None, kind="department")
    auditing.checked(auditing.store, "department", auditing.bureau, {}, days=30)
    auditing.checked(auditing.workshop, "department", auditing.bureau, {}, days=300)
    made = auditing.open(auditing.department)
    assert dict(made.frame.values_list("site__name", "why")) == {
        "一号": "overseer", "二号": "due", "原料仓库": "checked",
    }  # fmt: skip
