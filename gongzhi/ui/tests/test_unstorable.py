"""A NUL in an address or a form is answered, and nothing breaks."""

import pytest
from django.test import Client

from gongzhi.cases.testing import LINE, make_cast, signed_in

STAFF = ("/command/?place=%00", "/command/reports/?place=4412%00", "/desk/?place=%00",
         "/desk/?number=%00", "/desk/cases/441226/%00/")  # fmt: skip


@pytest.mark.parametrize("path", ["/account/?place=%00", "/report/%00/", "/near/?q=a%00"])
def test_the_public_gets_a_bad_request(db: None, client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 400
    assert "请" in answer.content.decode()


def test_staff_get_a_bad_request(db: None) -> None:
    client = signed_in(make_cast(["leader"])[LINE[2], "leader"])
    for path in STAFF:
        assert client.get(path).status_code == 400, path
    said = {"words": "一\x00二", "key": "k"}
    assert client.post("/command/reports/remark/", said).status_code == 400
    assert client.get("/command/").status_code == 200
