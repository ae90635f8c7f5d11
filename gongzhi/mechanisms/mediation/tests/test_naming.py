"""Who mediates: named by a clerk, refused by a party, and free again."""

import pytest

from gongzhi.cases.changes import Refused
from gongzhi.cases.testing import LINE, Cast, Told, begin, make_cast
from gongzhi.mechanisms.mediation import mechanism as m

VILLAGE = LINE[-1]


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def mediated(cast: Cast) -> Told:
    case, clerk = begin(m.mediation), cast[VILLAGE, "clerk"]
    case.act(m.accept, by=clerk)
    case.act(m.assign, {"mediator": cast[VILLAGE, "mediator"].post}, by=clerk)
    assert case.row().post == cast[VILLAGE, "mediator"].post
    return case


def test_a_mediator_who_is_objected_to_lets_go_at_once(cast: Cast) -> None:
    case, mediator = mediated(cast), cast[VILLAGE, "mediator"]
    case.act(m.object_, by=case.resident)
    assert (case.row().post, case.row().unit) == (None, cast.units[VILLAGE])
    with pytest.raises(Refused, match="更换"):
        case.act(m.assign, {"mediator": mediator.post}, by=cast[VILLAGE, "clerk"])


def test_a_reopened_case_begins_without_its_mediator(cast: Cast) -> None:
    case = mediated(cast)
    case.act(m.fail, {"advice": []}, by=cast[VILLAGE, "mediator"])
    case.act(m.reopen, by=case.resident)
    assert (case.row().state, case.row().post) == ("registered", None)
