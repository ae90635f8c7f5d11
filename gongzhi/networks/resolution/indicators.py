"""Named figures of the linkage 联动, of one mechanism or of all of them together.

Each is counted by the level of who did it, or where a case was left lying: sums go over levels.
"""

from gongzhi.declare import Better, Indicator

OURS = "本平台的统计口径"

planned = Indicator(
    "planned", "制定化解方案",
    formula="定方案的次数；一件案子可以定几次",
    source=OURS, over=("planned",), unit="",
)  # fmt: skip
green = Indicator(
    "green", "开通绿色通道",
    formula="开通绿色通道的件数，每件只计一次",
    source=OURS, over=("green",), unit="", better=Better.NEITHER,
)  # fmt: skip
steps = Indicator(
    "steps", "方案步骤按期完成率",
    formula="期限内完成的步骤 ÷ 完成的步骤；还没有完成的不计",
    source=OURS, over=("steps_kept",), under=("steps",),
)  # fmt: skip
decided = Indicator(
    "decided", "联席会议议定率",
    formula="议定的议题 ÷（议定 + 下次再议 + 提到上一级）",
    source=OURS, over=("meeting.decided",),
    under=("meeting.decided", "meeting.postponed", "meeting.up"),
)  # fmt: skip
postponed = Indicator(
    "postponed", "议题下次再议",
    formula="没有议定、列入下次会议的议题",
    source=OURS, over=("meeting.postponed",), unit="", better=Better.DOWN,
)  # fmt: skip
passed_up = Indicator(
    "passed_up", "议题提到上一级",
    formula="没有议定、提到上一级会议的议题",
    source=OURS, over=("meeting.up",), unit="", better=Better.NEITHER,
)  # fmt: skip
reminded = Indicator(
    "reminded", "逾期催办",
    formula="自动催办的次数，计在逾期的那一级",
    source=OURS, over=("reminded",), unit="", better=Better.DOWN,
)  # fmt: skip
fell = Indicator(
    "fell", "自动上报",
    formula="催办后仍没有办、自动上报的次数，计在没有办的那一级",
    source=OURS, over=("fell",), unit="", better=Better.DOWN,
)  # fmt: skip
stayed = Indicator(
    "stayed", "兜底到人",
    formula="已是最高一级、由领导负责的次数，计在那一级",
    source=OURS, over=("stayed",), unit="", better=Better.DOWN,
)  # fmt: skip
in_vain = Indicator(
    "in_vain", "催办无效率",
    formula="（自动上报 + 兜底到人）÷ 逾期催办；催办和上报各按发生的时间计",
    source=OURS, over=("fell", "stayed"), under=("reminded",), better=Better.DOWN,
)  # fmt: skip

LINKAGE = (planned, green, steps, decided, postponed, passed_up, reminded, fell, stayed, in_vain)
