"""Each rule, shown failing on a declaration that breaks it and silent on one that is right."""

from dataclasses import replace
from typing import Any

import pytest

from gongzhi.declare import (
    OPEN,
    TIMER,
    Act,
    Clock,
    Document,
    Indicator,
    Level,
    Mechanism,
    Phase,
    Role,
    State,
    days,
)
from gongzhi.declare.checks import RULES, problems

new = State("new", "新", Phase.REGISTER)
doing = State("doing", "办", Phase.HANDLE)
done = State("done", "完", Phase.CLOSE, final=True)
lost = State("lost", "无人可到", Phase.HANDLE)
clerk = Role("clerk", "专员", kinds=("clerk",))
begin = Act("begin", "登记", when=[], then=new, by=clerk)
take = Act("take", "受理", when=[new], then=doing, by=clerk)
end = Act("end", "办结", when=[doing], then=done, by=clerk)
lapse = Act("lapse", "过期", when=[doing], then=done, by=TIMER)
run = Clock("run", "期限", days(3), runs_in=OPEN, law="条例 第一条")
RIGHT = Mechanism(
    "toy", "玩具", starts=begin, keep=days(1), routed_to=("centre",), acts=[take, end, lapse],
    clocks=[run, Clock("lapses", "过期", days(9), runs_in=[doing], law="条例 第二条", late=lapse)],
    documents=[Document("letter", "通知", after=take)],
)  # fmt: skip


def changed(**what: Any) -> Mechanism:
    return replace(RIGHT, **what)


def more(*acts: Act) -> Mechanism:
    return changed(acts=[*RIGHT.acts, *acts])


def clocks(*wrong: Clock) -> Mechanism:
    return changed(clocks=[*RIGHT.clocks, *wrong])


WRONG: dict[str, list[tuple[Mechanism, str]]] = {
    "the_start_starts": [
        (changed(starts=replace(begin, when=[new])), "'begin' begins a case"),
        (changed(starts=replace(begin, then=None)), "must name the state"),
    ],
    "every_state_is_reached": [
        (more(Act("stray", "歧", when=[lost], then=done, by=clerk)), "no act leads to 'lost'"),
    ],
    "only_final_states_end": [
        (more(Act("stick", "停", when=[new], then=lost, by=clerk)), "nothing leads out of 'lost'"),
        (more(Act("odd", "怪", when=[new], by=clerk,
                  then=State("odd", "怪", Phase.HANDLE, settled=True))), "settled but not final"),
    ],
    "something_is_due_in_every_open_state": [
        (changed(clocks=[replace(run, runs_in=[new])]), "nothing is due in 'doing'"),
        (changed(clocks=[replace(run, pauses_in=[new])]), "nothing is due in 'new'"),
        (changed(clocks=[replace(run, categories=["wages"])]), "nothing is due in 'new'"),
    ],
    "no_name_twice": [
        (more(replace(take, label="再受理")), "act 'take' is declared 2"),
        (clocks(run), "clock 'run' is declared 2"),
        (changed(documents=[*RIGHT.documents] * 2), "document 'letter' is declared 2"),
        (changed(categories=[("a", "甲"), ("a", "乙")]), "category 'a' is declared 2"),
        (changed(indicators=[Indicator("n", "数", "n", "我", over=("n",))] * 2),
         "indicator 'n' is declared 2"),
        (changed(tasks=[("t", "任务", take)] * 2), "task 't' is declared 2"),
        (more(Act("twin", "孪", when=[new], then=replace(doing, label="另"), by=clerk)),
         "two states are called 'doing'"),
    ],
    "what_is_named_is_declared": [
        (changed(documents=[Document("x", "x", after=Act("gone", "无", when=OPEN, by=clerk))]),
         "follows 'gone'"),
        (clocks(Clock("x", "x", days(1), runs_in=[doing], law="l",
                      late=Act("gone", "无", when=[doing], by=TIMER))), "ends in 'gone'"),
        (clocks(Clock("x", "x", days(1), runs_in=[doing], law="l", late=end)),
         "not allowed to TIMER"),
        (changed(tasks=[("t", "任务", Act("gone", "无", when=OPEN, by=clerk))]),
         "fulfilled by 'gone'"),
    ],
    "what_extends_a_clock_is_declared": [
        (changed(clocks=[replace(run, extend=days(1),
                                 extended_by=Act("gone", "无", when=OPEN, by=clerk))]),
         "extended by 'gone'"),
    ],
    "clocks_stand_in_states_that_are_reached": [
        (clocks(Clock("x", "x", days(1), runs_in=[lost], law="l")), "runs in 'lost'"),
        (clocks(replace(run, name="x", pauses_in=[lost])), "pauses in 'lost'"),
    ],
    "another_person_is_another_than_somebody": [
        (changed(acts=[take, replace(end, by_other_than=Act("gone", "无", when=OPEN, by=clerk)),
                       lapse]), "'end' wants another person than did 'gone'"),
    ],
    "a_late_act_fits_its_clock": [
        (clocks(Clock("x", "x", days(1), runs_in=[new], law="l", late=lapse)),
         "can fall due in 'new'"),
    ],
    "time_only_moves_a_case": [
        (changed(acts=[take, end, (filled := replace(lapse, form=object))],
                 clocks=[run, Clock("x", "x", days(1), runs_in=[doing], law="l", late=filled)]),
         "fills in no form"),
        (changed(acts=[take, end, (well := replace(
            lapse, then=State("well", "好", Phase.CLOSE, final=True, settled=True)))],
                 clocks=[run, Clock("x", "x", days(1), runs_in=[doing], law="l", late=well)]),
         "settles nothing"),
        (changed(acts=[take, end, (back := replace(lapse, then=new))],
                 clocks=[replace(run, pauses_in=[new]),
                         Clock("x", "x", days(1), runs_in=[doing], law="l", late=back)]),
         "cannot pause 'run'"),
    ],
    "time_starts_no_clock_for_some": [
        (changed(acts=[take, end, lapse, (back := replace(lapse, name="back", then=new))],
                 clocks=[run, Clock("x", "x", days(1), runs_in=[doing], law="l", late=back),
                         Clock("y", "y", days(1), runs_in=[new], law="l", channels=["letter"])]),
         "would start 'y' for all"),
    ],
    "levels_have_no_clock_at_the_start": [
        (clocks(Clock("x", "x", days(1), runs_in=[new], law="l", at=Level.TOWN)),
         "cannot run from the start"),
        (clocks(Clock("x", "x", days(1), runs_in=[doing], pauses_in=[new], law="l",
                      at=Level.TOWN)), "cannot pause"),
    ],
    "only_time_goes_up_by_itself": [
        (more(Act("rise", "上", when=[new], then=doing, by=TIMER, up=True)), "no clock does it"),
        (changed(acts=[take, end, (rise := replace(lapse, up=True))],
                 clocks=[run, Clock("x", "x", days(1), runs_in=[doing], law="l", late=rise),
                         Clock("y", "y", days(1), runs_in=[doing], law="l", at=Level.TOWN)]),
         "'doing' has clocks of levels"),
    ],
    "every_clock_cites_its_source": [
        (changed(clocks=[replace(run, law="")]), "'run' names no law"),
    ],
    "an_extension_names_who_grants_it": [
        (changed(clocks=[replace(run, extend=days(1))]), "how far and by whom"),
    ],
    "every_act_is_allowed_to_somebody": [
        (more(Act("idle", "空", when=[new], by=())), "nobody may do 'idle'"),
    ],
}  # fmt: skip


def test_a_right_declaration_has_nothing_said_against_it() -> None:
    assert problems(RIGHT, post_kinds={"clerk"}) == []


def test_every_rule_is_shown_failing() -> None:
    assert set(WRONG) == {rule.__name__ for rule in RULES}


@pytest.mark.parametrize(
    ("rule", "wrong", "said"), [(rule, *one) for rule, many in WRONG.items() for one in many]
)
def test_a_wrong_declaration_is_named_in_a_sentence(rule: str, wrong: Mechanism, said: str) -> None:
    (of,) = (r for r in RULES if r.__name__ == rule)
    assert [s for s in of(wrong) if said in s]
    assert [s for s in problems(wrong) if s.startswith("toy: ") and said in s]


def test_a_role_of_posts_that_do_not_exist_is_named() -> None:
    assert problems(RIGHT, post_kinds={"judge"}) == [
        "toy: role 'clerk' wants posts of kind 'clerk', which does not exist"
    ]


def test_a_grant_by_posts_that_do_not_exist_is_named() -> None:
    granted = replace(run, extend=days(1), extended_by=Role("boss", "领导", kinds=("boss",)))
    (said,) = problems(changed(clocks=[granted, *RIGHT.clocks[1:]]), post_kinds={"clerk"})
    assert "'boss'" in said


def test_somebody_else_than_who_did_a_declared_act_is_right() -> None:
    assert problems(changed(acts=[take, replace(end, by_other_than=take), lapse])) == []
