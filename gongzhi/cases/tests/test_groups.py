"""A list of people of one matter: what is wrong with it is said line by line."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gongzhi.cases.forms import Group
from gongzhi.cases.reading import seen_by
from gongzhi.cases.testing import BEGAN, LINE, begin, make_cast
from gongzhi.cases.tests import toys


def group(*rows: tuple[str, str]) -> Group:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in (("姓名", "电话"), *rows):
        book.worksheets[0].append(row)
    book.save(out)
    clerk = make_cast()[LINE[-1], "clerk"]
    case = begin(toys.toy)
    upload = SimpleUploadedFile("list.xlsx", out.getvalue())
    return Group({}, {"sheet": upload}, case=seen_by(clerk, *case.ref), by=clerk, now=BEGAN)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "一个人也没有"),
        ([("张三", "13800000001"), ("", "13800000002")], "第 3 行：没有姓名"),
        ([("张三", "123")], "第 2 行：请写完整的电话号码"),
        ([("张三", ""), ("李四", ""), ("张三", "")], "第 4 行：和第 2 行是同一个人"),
    ],
)
def test_a_faulty_list_says_where(rows: list[tuple[str, str]], said: str) -> None:
    form = group(*rows)
    assert not form.is_valid()
    assert said in form.errors.as_text()


@pytest.mark.django_db
def test_two_of_one_name_with_two_phones_are_two_people() -> None:
    form = group(("张三", "13800000001"), ("张三", "13800000002"))
    assert form.is_valid() and form.told() == {"count": 2}
