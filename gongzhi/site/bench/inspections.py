"""How long the server takes for a whole inspection: 500 items, 40 not met, a photo of each."""

import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from statistics import median
from uuid import UUID, uuid4

from django.contrib.auth.hashers import make_password
from django.utils import timezone
from django.utils.encoding import force_bytes
from PIL import Image

from gongzhi.mechanisms.safety.models import (
    Answer,
    Category,
    Edition,
    Enterprise,
    Exhibit,
    Item,
    Site,
)
from gongzhi.mechanisms.safety.registers import catalogue_reading, editions, shipped
from gongzhi.mechanisms.safety.registers.contents import Contents
from gongzhi.people.models import Account, Appointment, Post, Unit
from gongzhi.site.bench.intake import VILLAGE, Browser
from gongzhi.site.demo import PASSWORD

ITEMS = 500
PHOTOS = 40
ROUNDS = 5
USERNAME = "bench-inspector"
SIDE = (1600, 1200)  # what a phone sends, redrawn
MOST_BYTES = 6_000_000  # of one request, as field/outbox.js has it
BOUND = uuid4().hex
Operation = dict[str, object]


def _inspector() -> UUID:
    now = timezone.now()
    unit = Unit.objects.get(place=VILLAGE[:9], kind="governance_centre")
    post = Post.objects.create(
        unit=unit, kind="safety_inspector", title="监管人员", place=VILLAGE[:9], valid_from=now
    )
    account = Account.objects.create(
        username=USERNAME, name="监管人员", password=make_password(PASSWORD)
    )
    Appointment.objects.create(post=post, account=account, held_from=now)
    return post.id


def _edition() -> Edition:
    """The first 500 items of the shipped catalogue, asked of every site."""
    held = catalogue_reading.read(shipped.rows()).contents
    rows: list[Category | Item] = [*held.categories, *held.items]
    for row in rows:
        row.industries, row.needs = [], []
    now = timezone.now()
    new = Edition(place=VILLAGE[:6], name="五百项", source="", valid_from=now.date())
    return editions.enter(
        new, Contents(held.categories, held.items[:ITEMS], held.bases), now=now
    )  # fmt: skip


def _site(n: int) -> Site:
    on = timezone.localdate()
    firm = Enterprise.objects.create(
        code=f"BENCH{n:013}", name=f"五金厂 {n}", place=VILLAGE, industry="C33", size="small",
        valid_from=on,
    )  # fmt: skip
    return Site.objects.create(
        enterprise=firm, name="车间", place=VILLAGE, colour="orange", valid_from=on
    )


def _photo() -> bytes:
    """As large as a photo of a workshop is: coarse grain over a gradient."""
    grain = Image.frombytes("RGB", (400, 300), os.urandom(400 * 300 * 3)).resize(SIDE)
    field = Image.linear_gradient("L").resize(SIDE).convert("RGB")
    out = BytesIO()
    Image.blend(field, grain, 0.4).save(out, "JPEG", quality=80)
    return out.getvalue()


def _operation(post: UUID, kind: str, data: Mapping[str, object]) -> Operation:
    return {"key": uuid4().hex, "kind": f"safety.{kind}", "post": str(post),
            "at": timezone.now().isoformat(), "data": data}  # fmt: skip


def _parcels(
    photos: Sequence[tuple[Operation, bytes]], last: Operation
) -> Iterator[list[tuple[Operation, bytes]]]:
    """As many photos in a request as the phone sends; the inspection comes last."""
    parcel: list[tuple[Operation, bytes]] = []
    for one, photo in photos:
        if parcel and sum(len(p) for _o, p in parcel) + len(photo) > MOST_BYTES:
            yield parcel
            parcel = []
        parcel.append((one, photo))
    yield [*parcel, (last, b"")]


def _part(name: str, content: bytes, about: str = "") -> bytes:
    head = f'--{BOUND}\r\nContent-Disposition: form-data; name="{name}"{about}\r\n\r\n'
    return head.encode() + content + b"\r\n"


def _body(parcel: Sequence[tuple[Operation, bytes]], token: str) -> bytes:
    told = {"operations": json.dumps([one for one, _photo in parcel]),
            "sent_at": timezone.now().isoformat(), "csrfmiddlewaretoken": token}  # fmt: skip
    said = [_part(name, force_bytes(value)) for name, value in told.items()]
    files = [
        _part(str(one["key"]), photo, '; filename="0.jpg"\r\nContent-Type: image/jpeg')
        for one, photo in parcel if photo
    ]  # fmt: skip
    return b"".join((*said, *files, f"--{BOUND}--\r\n".encode()))


def _send(browser: Browser, body: bytes) -> None:
    head = {"Cookie": "; ".join(f"{k}={v}" for k, v in browser.cookies.items()),
            "Content-Type": f"multipart/form-data; boundary={BOUND}"}  # fmt: skip
    browser.connection.request("POST", "/field/sync", body, head)
    answer = browser.connection.getresponse()
    told = json.loads(answer.read())["answers"] if answer.status == 200 else []
    if not told or any(one["what"] != "done" for one in told):
        raise RuntimeError("an inspection was not taken in")


def _one(browser: Browser, post: UUID, edition: Edition, n: int) -> float:
    """Seconds in which the server was busy with it."""
    now, inspection = timezone.now().isoformat(), str(uuid4())
    codes = [i.code for i in editions.of(edition.id).items]
    bad = codes[:: ITEMS // PHOTOS][:PHOTOS]
    photos = [(_operation(post, "exhibit", {"inspection": inspection, "code": code}), _photo())
              for code in bad]  # fmt: skip
    last = _operation(post, "inspection", {
        "inspection": inspection, "site": str(_site(n).id), "kind": "department",
        "edition": str(edition.id), "packed_at": now, "began_at": now,
        "verdicts": {c: "not_met" if c in bad else "met" for c in codes},
        "found": {c: {"text": "现场看到护罩缺失。"} for c in bad},
    })  # fmt: skip
    bodies = [_body(p, browser.token) for p in _parcels(photos, last)]
    began = time.perf_counter()
    for body in bodies:
        _send(browser, body)
    return time.perf_counter() - began


def upload() -> dict[str, float]:
    """While the site is served: the requests of one inspection after another, over HTTP."""
    post, edition = _inspector(), _edition()
    browser = Browser().sign_in(USERNAME)
    browser.ask("/field/pack")
    took = [_one(browser, post, edition, n) for n in range(ROUNDS)]
    begun = Answer.objects.exclude(number="").count()
    if (begun, Exhibit.objects.count()) != (ROUNDS * PHOTOS, ROUNDS * PHOTOS):
        raise RuntimeError("some hazards or photos are missing")
    return {f"inspection of {ITEMS} items with {PHOTOS} photos, seconds": round(median(took), 2)}
