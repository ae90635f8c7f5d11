"""What the worker does by itself, through the real queue."""

import gc
import warnings
from datetime import timedelta

from asgiref.sync import async_to_sync
from django.utils import timezone
from procrastinate.contrib.django import app

from gongzhi.cases import files, replay
from gongzhi.cases.changes import NewFile
from gongzhi.cases.models import Attachment, Case, Party, Sealed
from gongzhi.cases.retention import erase_due
from gongzhi.cases.tasks import sweep_due_clocks
from gongzhi.cases.testing import LINE, begin, make_cast
from gongzhi.mechanisms.mediation import mechanism as m
from gongzhi.people.scope import Scope, within

KEPT = 1095  # days, as the declaration says


def work_through_the_queue() -> None:
    async def work() -> None:
        connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]
        async with app.with_connector(connector).open_async() as jobs:
            await jobs.run_worker_async(wait=False, install_signal_handlers=False)

    async_to_sync(work)()
    # The worker's threads keep their connections for the next job; here there is none.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def test_the_queue_sweeps_what_is_due(fresh_database: str) -> None:
    make_cast()
    case = begin(m.mediation)
    sweep_due_clocks.defer(timestamp=0)  # type: ignore[call-arg]
    work_through_the_queue()
    assert case.row().overdue
    assert replay.verify() == []


def test_personal_data_go_when_their_time_is_over(fresh_database: str) -> None:
    cast = make_cast()
    photo = files.accept(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n")
    case = begin(m.mediation, files=[NewFile(photo.sha256, photo.kind, photo.size)])
    way = {"way": "court", "reason": "法院已立案"}
    case.act(m.refuse, way, by=cast[LINE[-1], "clerk"])
    closed = case.now
    assert erase_due(closed + timedelta(days=KEPT - 1)) == 0
    assert erase_due(closed + timedelta(days=KEPT + 1)) == 1
    with within(Scope(case=case.receipt.id)):
        assert Sealed.objects.count() == 0
        assert set(Party.objects.values_list("name", "phone", "name_index")) == {(None, None, None)}
        assert "三十八" not in Case.objects.get().title
        assert Attachment.objects.get().erased_at is not None
    assert replay.verify() == []
    assert erase_due(timezone.now() + timedelta(days=9999)) == 0
