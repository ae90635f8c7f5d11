"""The list of a filter begins with what was asked for, and says what that is."""

from gongzhi.cases import whistles
from gongzhi.cases.testing import LINE, begin, make_cast, signed_in
from gongzhi.mechanisms.mediation import mechanism as m

VILLAGE, TOWN = LINE[-1], LINE[-2]
ASKED = "请您协助"


def test_a_filter_says_what_it_shows_and_tasks_stand_aside(db: None) -> None:
    cast = make_cast()
    case, by = begin(m.mediation), cast[TOWN, "leader"]
    case.act(whistles.whistle, {"units": [cast.units[TOWN]]}, by=cast[VILLAGE, "clerk"])
    client = signed_in(by)
    page = client.get("/desk/?kind=place").content.decode()
    assert "<h1>等您办理</h1>" in page and ASKED in page
    page = client.get(f"/desk/?kind=place&place={VILLAGE}&phase=register").content.decode()
    assert ASKED not in page and case.row().title in page
    assert "· 登记</h1>" in page and "等您办理" not in page
    page = client.get("/desk/?kind=place&overdue=1").content.decode()
    assert "· 逾期</h1>" in page and case.row().title not in page
