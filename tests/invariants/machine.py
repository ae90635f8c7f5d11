"""Lives of cases, played at random: what anybody may do, what nobody may, and time."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from hypothesis.strategies import DataObject

from gongzhi.cases import files, linkage, numbers
from gongzhi.cases.act import Receipt, Report, act, report
from gongzhi.cases.bulk import report_many
from gongzhi.cases.changes import (
    NewFile,
    NewParty,
    NobodyTakesIt,
    NotFound,
    PlaceUnknown,
    Refused,
    Words,
)
from gongzhi.cases.custody import hand_over
from gongzhi.cases.models import Case
from gongzhi.cases.reading import case_for
from gongzhi.cases.registers import FallbackRule
from gongzhi.cases.roles import manager
from gongzhi.cases.testing import BEGAN, LINE, OUTSIDE, PHONE
from gongzhi.declare import Act
from gongzhi.people.models import Account, Post
from gongzhi.people.permissions import Actor
from gongzhi.people.posts import Holder, NotYourPost, Resident, Timer, deputise
from gongzhi.people.scope import within
from gongzhi.places.levels import county_of
from tests.invariants import reading
from tests.invariants.filling import SHEETS, CannotAnswer, fill
from tests.invariants.passing import Passing
from tests.invariants.stage import wipe
from tests.invariants.truths import TAIL

NOWHERE = "441226999999"
PASSING = {"transfer", "join", "whistle", "assign", "name", "accuse", "name_leader", "table",
           "plan", "forward", "pass_on"}  # fmt: skip
PLACES = st.sampled_from([LINE[-1], LINE[-1], LINE[-1], *LINE, OUTSIDE])


class Life(Passing):
    """Cases live; whoever tries something either may, or changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        wipe(self.appointments)
        self.now = BEGAN
        self.known = self.cast.everyone
        self.cases, self.sent = [], []
        self.accused, self.ledger = {}, {}
        self.unseen_hand_overs = set()
        self.latest_erasure = BEGAN

    @initialize(data=st.data(), falls=st.booleans())
    def a_first_case(self, data: DataObject, falls: bool) -> None:
        if falls:
            FallbackRule.objects.create(
                place=LINE[0], remind_after=1, up_after=2, valid_from=BEGAN, account=uuid4(),
                post=uuid4(),
            )  # fmt: skip
        self.reported(data, LINE[-1], Resident(), [])

    @precondition(lambda self: len(self.cases) < 4)
    @rule(data=st.data())
    def somebody_reports(self, data: DataObject) -> None:
        place = data.draw(st.one_of(PLACES, st.just(NOWHERE)))
        by = data.draw(st.one_of(st.just(Resident()), st.sampled_from(self.people)))
        keys = st.sampled_from(sorted(self.cast.posts))
        ways = st.sampled_from(["account", "post", "unit", "phone"])
        who = data.draw(st.lists(st.tuples(keys, ways), max_size=2))
        self.reported(data, place, by, who)

    def reported(
        self, data: DataObject, place: str, by: Actor, who: list[tuple[tuple[str, str], str]]
    ) -> None:
        told, accused = self.as_told(data, place, who)
        before, key, now = reading.everything(), uuid4().hex, self.now
        unit = reading.routed_to(self.mechanism, place, accused)
        allowed = reading.may_begin(self.mechanism, by, place, now)
        try:
            done = report(self.mechanism, told, key=key, now=now, by=by)
        except (Refused, NotYourPost) as refusal:
            assert reading.everything() == before
            unknown, nobody = isinstance(refusal, PlaceUnknown), isinstance(refusal, NobodyTakesIt)
            assert not allowed or unknown == (place == NOWHERE) or nobody == (unit is None)
            return
        assert allowed and place != NOWHERE
        self.begun(done, place, accused)
        again = lambda: report(self.mechanism, told, key=key, now=now, by=by)  # noqa: E731
        self.sent.append((again, done))
        self.tally["report"] += 1

    def begun(self, done: Receipt, place: str, accused: set[UUID]) -> None:
        """Where it should be, under a number that can be checked."""
        row = reading.case(done.id)
        unit = reading.routed_to(self.mechanism, place, accused)
        assert (row["unit"], row["seq"], row["county"]) == (unit, 1, county_of(place))
        assert numbers.parse(row["number"]) == row["number"] == done.number
        self.cases.append(done.id)
        self.accused[done.id] = accused

    def as_told(
        self, data: DataObject, place: str, who: list[tuple[tuple[str, str], str]]
    ) -> tuple[Report, set[UUID]]:
        """A report, and who of our own people and units is complained about in it."""
        parties = [NewParty("applicant", name="张三", phone=PHONE)]
        accused: set[UUID] = set()
        for whom, way in who:
            holder = self.cast[whom]
            ids = {"phone": holder.account}.get(way) or getattr(holder, way)
            accused |= self.with_persons({ids})
            parties.append(
                NewParty("respondent", name="某人", phone=self.phones[holder.account])
                if way == "phone"
                else NewParty("respondent", name="某某", who=ids)
            )
        category = data.draw(st.sampled_from([c for c, _ in self.mechanism.categories]))
        told = Report(place=place, category=category, title="拖欠工资", parties=parties,
                      data={"text": Words("拖欠工资三十八万元")})  # fmt: skip
        return told, accused

    @precondition(lambda self: len(self.cases) < 3)
    @rule(data=st.data(), place=PLACES)
    def a_sheet_of_reports_is_taken_in(self, data: DataObject, place: str) -> None:
        """All of one place, the first of them twice: each begins as it would alone, or none."""
        keys = st.sampled_from(sorted(self.cast.posts))
        ways = st.sampled_from(["account", "post", "unit", "phone"])
        one, two = (
            self.as_told(data, place, data.draw(st.lists(st.tuples(keys, ways), max_size=2)))
            for _ in range(2)
        )
        name, before, now = uuid4().hex, reading.everything(), self.now
        sheet = [(f"{name}1", one[0]), (f"{name}2", two[0]), (f"{name}1", one[0])]
        taken = [reading.routed_to(self.mechanism, place, a) for _, a in (one, two)]

        def send() -> list[Receipt]:
            return report_many(self.mechanism, sheet, now=now, by=Resident())

        try:
            done = send()
        except NobodyTakesIt:
            assert None in taken and reading.everything() == before
            return
        assert [r.again for r in done] == [False, False, True] and done[0].id == done[2].id
        for receipt, (_, accused) in zip(done, (one, two), strict=False):
            self.begun(receipt, place, accused)
        self.sent.append((lambda: send()[1], done[1]))
        self.tally["sheet"] += 1

    def around(self, of: reading.Row) -> list[Actor]:
        """Those who have most to do with a case."""
        near = [h for h in self.people if h.unit in of["units"]]
        above = [h for h in self.people if h.kind == "leader" and of["place"].startswith(h.place)]
        return [*near, *above, Resident(case=of["id"], tail=TAIL)]

    @rule(data=st.data())
    def people_do_what_they_may(self, data: DataObject) -> None:
        for _ in range(data.draw(st.integers(2, 6))):
            self.do_what_may_be_done(data)

    @rule(data=st.data())
    def people_go_on(self, data: DataObject) -> None:
        """Rules are drawn alike; this is what happens most."""
        self.people_do_what_they_may(data)

    @rule(data=st.data())
    def people_go_on_and_on(self, data: DataObject) -> None:
        self.people_do_what_they_may(data)

    def do_what_may_be_done(self, data: DataObject) -> None:
        of = reading.case(data.draw(st.sampled_from(self.cases)))
        acts = [a for a in linkage.acts_of(self.mechanism)
                if reading.possible(self.mechanism, a, of)]  # fmt: skip
        may: dict[str, list[Actor]] = {}
        one: Actor
        for one in self.around(of):
            for a in reading.permitted(acts, one, of, now=self.now, own_tail=TAIL):
                may.setdefault(a.name, []).append(one)
        own = [a for a in self.mechanism.acts
               if a.name in may and not (a.then and a.then.final)]  # fmt: skip
        if may:
            # The acts of the mechanism's own move a case on; the others are many, and some end it.
            # Where there are many, most states lie behind acts that come one after the other.
            on = [a for a in own if a.then and a.then.name != of["state"]]
            ahead = [*own * 4, *on * max(len(self.mechanism.acts) // 2 - 5, 0)]
            name = data.draw(st.sampled_from([*may, *(a.name for a in ahead)]))
            chosen = next(a for a in acts if a.name == name)
            self.attempted(of, chosen, data.draw(st.sampled_from(may[name])), data, expected=True)

    @rule(data=st.data())
    def somebody_tries_anything(self, data: DataObject) -> None:
        of = reading.case(data.draw(st.sampled_from(self.cases)))
        others: list[Actor] = [Resident(case=of["id"], tail=b"wrong"), Resident(tail=TAIL), Timer(),
                  Resident(case=self.cases[0], tail=TAIL)]  # fmt: skip
        by: Actor = data.draw(st.sampled_from([*self.people, *others, *self.around(of)]))
        chosen = data.draw(st.sampled_from(linkage.acts_of(self.mechanism)))
        may = reading.possible(self.mechanism, chosen, of) and chosen in reading.permitted(
            [chosen], by, of, now=self.now, own_tail=TAIL
        )
        self.attempted(of, chosen, by, data, expected=bool(may))

    @rule(data=st.data())
    def somebody_passes_it_past_the_form(self, data: DataObject) -> None:
        """Forms leave out the accused; whoever sends the data by hand does not."""
        of = reading.case(data.draw(st.sampled_from(self.cases)))
        unit = data.draw(st.sampled_from(list(self.cast.units.values())))
        post = data.draw(st.sampled_from([h.post for h in self.cast.everyone]))
        passing = [a for a in linkage.acts_of(self.mechanism)
                   if a.name in PASSING]  # fmt: skip
        chosen = data.draw(st.sampled_from(passing))
        who = data.draw(st.sampled_from([unit, post, *(h.account for h in self.people)]))
        day = timezone.localdate(self.now)
        told = {"unit": unit, "units": [unit], "post": post, "mediator": post, "who": who,
                "report_by": day, "steps": [{"unit": unit, "due": day}]}  # fmt: skip
        by = next((h for h in self.people if h.unit == of["unit"] and h.kind == "clerk"), None)
        self.sent_by_hand(of, chosen, by, told)

    def sent_by_hand(
        self, of: reading.Row, chosen: Act, by: Holder | None, told: dict[str, Any]
    ) -> None:
        before = reading.everything()
        try:
            if by is not None:
                act((of["county"], of["id"]), chosen, told, key=uuid4().hex, now=self.now, by=by)
                if chosen.name == "accuse":
                    self.complained_about(of["id"], {told["who"]})
                self.nobody_accused_is_given_it(of)
                self.tally["by hand"] += 1
        except (Refused, NotYourPost):
            assert reading.everything() == before
            self.tally["by hand, refused"] += 1

    def filled(
        self, of: reading.Row, chosen: Act, by: Actor, data: DataObject
    ) -> tuple[dict[str, Any], dict[str, Any], list[bytes]]:
        """The form as this actor could send it; nothing when they do not even see the case."""
        try:
            view = case_for(by, of["county"], of["id"])
        except NotFound:
            return {}, {}, []
        if of["erased_at"] and chosen.name in SHEETS:  # nobody is left whom a sheet could name
            raise CannotAnswer
        with within(by.scope):
            shown = list(Case.objects.exclude(id=of["id"]).order_by("reported_at", "number"))
        order = [str(c.number) for c in sorted(shown, key=lambda c: self.cases.index(c.id))]
        return fill(chosen, data, numbers=order, case=view.snapshot, by=by, now=self.now)

    def attempted(
        self, of: reading.Row, chosen: Act, by: Actor, data: DataObject, *, expected: bool
    ) -> None:
        """Done, it is one entry more of this case; refused, nothing has changed at all."""
        try:
            told, given, contents = self.filled(of, chosen, by, data)
        except CannotAnswer:
            if expected:
                return
            told, given, contents = {}, {}, []
        kept = [files.accept(content) for content in contents] if expected else []
        laid = [NewFile(f.sha256, f.kind, f.size) for f in kept]
        before, key, now = reading.everything(), uuid4().hex, self.now
        others = {r["id"]: r for r in reading.cases() if r["id"] != of["id"]}

        def send() -> Receipt:
            return act((of["county"], of["id"]), chosen, told, key=key, now=now, by=by,
                       files=laid, given=given)  # fmt: skip

        try:
            done = send()
        except (Refused, NotYourPost):
            assert reading.everything() == before
            self.tally["refused" if expected else "forbidden"] += 1
            return
        assert expected, f"{by} may not {chosen.name}"
        after = reading.case(of["id"])
        assert after["seq"] == of["seq"] + 1 == done.seq
        assert after["state"] == (chosen.then.name if chosen.then else of["state"])
        assert others == {r["id"]: r for r in reading.cases() if r["id"] != of["id"]}
        if chosen is linkage.exclude:
            self.complained_about(of["id"], {*told.get("units", ()), *told.get("posts", ())})
        self.nobody_accused_is_given_it(of)
        self.sent.append((send, done))
        self.tally[chosen.name] += 1

    def nobody_accused_is_given_it(self, of: reading.Row) -> None:
        """Nor to a post in which one of them is deputy."""
        after = reading.case(of["id"])
        if after["post"] and (after["unit"], after["post"]) != (of["unit"], of["post"]):
            assert not self.persons_in(after["post"]) & self.accused[of["id"]]

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def somebody_sends_it_again(self, data: DataObject) -> None:
        send, first = data.draw(st.sampled_from(self.sent))
        before = reading.everything()
        try:
            again = send()
        except (NotFound, NotYourPost):  # shut out since, or gone from the post
            self.tally["sent again, gone"] += 1
        else:
            assert again == replace(first, again=True)
            self.tally["sent again"] += 1
        assert reading.everything() == before

    @rule(data=st.data())
    def a_post_changes_hands(self, data: DataObject) -> None:
        by = data.draw(st.sampled_from(self.people))
        old = data.draw(st.sampled_from([h for h in self.people if h.unit == by.unit]))
        to = data.draw(st.sampled_from(self.cast.everyone)).account
        if self.in_post(old.post)[0]["account_id"] == to or not reading.holds_post(by, self.now):
            return
        unseen = {r["id"] for r in reading.cases()
                  if r["post"] == old.post and not reading.sees(by, r)}  # fmt: skip
        before = reading.everything()
        self.now += timedelta(minutes=1)
        try:
            hand_over(Post.objects.get(id=old.post), Account.objects.get(id=to),
                      now=self.now, by=by)  # fmt: skip
        except Refused:
            assert by.kind not in manager.kinds
            assert reading.everything() == before
            return
        assert by.kind in manager.kinds
        self.known = [*self.known, replace(old, account=to)]
        self.unseen_hand_overs |= unseen
        self.tally["hand_over of a post"] += 1

    @rule(data=st.data(), days=st.sampled_from([1, 30]))
    def a_post_gets_a_deputy(self, data: DataObject, days: int) -> None:
        post, other = (data.draw(st.sampled_from(self.cast.everyone)) for _ in range(2))
        if other.account in self.persons_in(post.post):
            return
        deputise(Post.objects.get(id=post.post), Account.objects.get(id=other.account),
                 from_=self.now, until=self.now + timedelta(days=days))  # fmt: skip
        self.known = [*self.known, replace(post, account=other.account, deputy=True)]
