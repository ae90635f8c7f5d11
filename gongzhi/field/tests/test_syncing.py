"""Keys of operations are forgotten once no phone will send them again."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from gongzhi.field import syncing
from gongzhi.field.models import Received

pytestmark = pytest.mark.django_db


def test_old_keys_are_forgotten_and_fresh_ones_kept() -> None:
    now, account = timezone.now(), uuid4()
    for key, at in (("old", now - syncing.KEPT - timedelta(days=1)), ("fresh", now)):
        Received.objects.create(account=account, key=key, at=at)
    assert syncing.forget(now) == 1
    assert [r.key for r in Received.objects.all()] == ["fresh"]
