"""Starts the database, the web server and the worker, and stops them together."""

import atexit
import contextlib
import ctypes
import errno
import fcntl
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import psutil
from django.db import DatabaseError
from rich.console import Console

from gongzhi.site import config as configuration
from gongzhi.site import embedded
from gongzhi.site.config import Config, new_key

LEAST_FREE = 500 * 1024 * 1024  # bytes the database needs to start and to take a day's work
PR_SET_PDEATHSIG = 1
LOOK_EVERY = 0.5  # seconds
TOO_SOON = 5.0  # a child that lives no longer will not live longer next time
READY_WITHIN = 60.0
UNAVAILABLE = 503
MOST_OPEN = 100_000  # connections of one web process, nearly all of them pages that wait for news
LEAVE_WITHIN = 3  # seconds


class CannotStart(Exception):
    """What must be put right first, in both languages."""


def _secrets(home: Path) -> dict[str, str]:
    """Keys of this installation's embedded database; made once, readable by its owner alone."""
    path = home / "secrets.json"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(
            json.dumps(
                {
                    "GONGZHI_SECRET_KEY": new_key(),
                    "GONGZHI_FIELD_KEYS": f"k1:{new_key()}",
                    "GONGZHI_INDEX_KEY": new_key(),
                }
            )
        )
    found: dict[str, str] = json.loads(path.read_text())
    return found


def provide(config: Config) -> bool:
    """See to it that there is a database and, with the embedded one, keys. True: it is embedded.

    Raises CannotStart.
    """
    home = configuration.home(config)
    is_named = bool(config.database_url or config.app_database_url)
    if is_named and not config.demo:
        return False
    try:
        home.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(home).free < LEAST_FREE:
            raise CannotStart(
                f"磁盘空间不足：{home} 至少要有 500 MB。 "
                f"The disk is nearly full: {home} needs 500 MB at least."
            )
        for name, value in _secrets(home).items():
            os.environ.setdefault(name, value)
        if is_named:
            return False
        if not embedded.is_running(home):
            atexit.register(embedded.stop, home)  # whoever started it stops it
        os.environ["GONGZHI_DATABASE_URL"] = embedded.start(home)
    except OSError as error:
        raise CannotStart(_said(error, home)) from None
    except embedded.EmbeddedError as error:
        raise CannotStart(f"内置数据库无法启动。 {error}") from None
    return True


def _said(error: OSError, home: Path) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "磁盘已满，请腾出空间后重试。 The disk is full; free some space and try again."
    where = error.filename or home
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return (
            f"没有写入 {where} 的权限，可用 GONGZHI_HOME 另选一个文件夹。 "
            f"{where} cannot be written; choose another folder with GONGZHI_HOME."
        )
    return f"{where}: {error.strerror}"


@contextlib.contextmanager
def _only_one(home: Path) -> Iterator[None]:
    """One supervisor for each home. The lock dies with its process, so it is never stale."""
    with contextlib.ExitStack() as stack:
        try:
            home.mkdir(parents=True, exist_ok=True)
            lock = stack.enter_context((home / "run.lock").open("w"))
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(
                f"{home} 中的共治已在运行。 Gongzhi already runs from {home}."
            ) from None
        except OSError as error:
            raise CannotStart(_said(error, home)) from None
        yield


def _need_port(config: Config) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, config.port))
        except OSError:
            raise CannotStart(
                f"端口 {config.port} 已被占用，请用 GONGZHI_PORT 另选一个。 "
                f"Port {config.port} is taken: choose another with GONGZHI_PORT."
            ) from None


def migrate() -> None:
    """Schema and rights."""
    from django.conf import settings
    from django.core.management import call_command

    from gongzhi.site import wall

    call_command("migrate", database="owner", verbosity=0)
    wall.apply(settings.CONFIG)


def _prepare(config: Config, console: Console) -> None:
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    console.print("· 检查数据库…… Checking the database ...")
    migrate()
    call_command("collectstatic", interactive=False, verbosity=0)
    from gongzhi.places.city import facts
    from gongzhi.places.load import load_city
    from gongzhi.places.models import Division

    if not Division.objects.filter(code=facts(config.city).code).exists():
        console.print("· 装入行政区划…… Loading the city ...")
        load_city(config.city)
    if settings.CONFIG.demo:
        from gongzhi.site import demo

        if not demo.exists():
            from gongzhi.site.cli import bar

            with bar() as show:
                demo.make(show)


def _as_child() -> None:
    """Every open page is a file. On Linux, a child whose supervisor was killed stops by itself."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


# Whose work needs the owner's rights: erasing for good is forbidden to all others.
OWNERS = {"worker"}


def environment(name: str) -> dict[str, str]:
    """What a child is told. What the public talks to must not be able to use the owner's
    password."""
    config = configuration.read()
    told = {**os.environ, "GONGZHI_APP_DATABASE_URL": configuration.app_url(config)}
    if name not in OWNERS:
        told.pop("GONGZHI_DATABASE_URL", None)
    return told


def _child(name: str, command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", *command],
        env=environment(name),
        start_new_session=True,  # Ctrl-C reaches the supervisor alone, which stops them in order
        preexec_fn=_as_child,  # noqa: PLW1509
    )


def web_command(config: Config) -> list[str]:
    return [
        "granian", "gongzhi.site.asgi:application", "--interface", "asginl",
        "--host", config.host, "--port", str(config.port),
        "--workers", str(config.web_workers), "--backpressure", str(MOST_OPEN),
        "--workers-kill-timeout", str(LEAVE_WITHIN),  # open pages would be waited for
        "--no-ws", "--log-level", "warning", "--respawn-failed-workers",
    ]  # fmt: skip


class _Stop(Exception):
    """Somebody wants it to end."""


def _on_signal(number: int, frame: FrameType | None) -> None:
    for further in (signal.SIGINT, signal.SIGTERM):
        signal.signal(further, signal.SIG_IGN)  # once is enough; stopping must not be cut short
    raise _Stop


def _end_family(process: subprocess.Popen[bytes]) -> None:
    """A child that was killed leaves children of its own behind, who would keep the port."""
    family = []
    for other in psutil.process_iter():
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.getpgid(other.pid) == process.pid:
                family.append(other)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    psutil.wait_procs(family, timeout=5)


def stop_all(running: list[subprocess.Popen[bytes]]) -> None:
    for process in running:
        process.terminate()
    for process in running:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        _end_family(process)


class Children:
    """The running processes, by name, and what each was started with."""

    def __init__(self, commands: dict[str, list[str]], console: Console) -> None:
        self.commands = commands
        self.console = console
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.since: dict[str, float] = {}

    def start(self) -> None:
        for name in self.commands:
            self._start(name)

    def _start(self, name: str) -> None:
        self.running[name] = _child(name, self.commands[name])
        self.since[name] = time.monotonic()

    def look_after(self) -> None:
        """Start again what died. Raises CannotStart for what dies at once."""
        for name in [n for n, process in self.running.items() if process.poll() is not None]:
            _end_family(self.running[name])
            if time.monotonic() - self.since[name] < TOO_SOON:
                raise CannotStart(
                    f"{name} 一启动就退出，原因见上。 {name} stops at once; see the reason above."
                )
            self.console.print(f"· {name} 意外停止，重新启动 stopped and is started again")
            self._start(name)

    def kill(self) -> None:
        for process in self.running.values():
            _end_family(process)
            process.wait()

    def stop(self) -> None:
        stop_all(list(self.running.values()))


def _look_after_database(home: Path, children: Children) -> None:
    if embedded.is_running(home):
        return
    children.console.print("· 数据库意外停止，重新启动 The database stopped and is started again")
    before, os.environ["GONGZHI_DATABASE_URL"] = (
        os.environ["GONGZHI_DATABASE_URL"], embedded.start(home),
    )  # fmt: skip
    if os.environ["GONGZHI_DATABASE_URL"] != before:  # its port was taken meanwhile
        children.stop()
        children.start()


def until_ready(config: Config, children: Children) -> None:
    """Wait until the first page would be answered."""
    host = "127.0.0.1" if config.host in {"0.0.0.0", "::"} else config.host  # noqa: S104
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        children.look_after()
        try:
            with urllib.request.urlopen(f"http://{host}:{config.port}/readyz", timeout=5):
                return
        except urllib.error.HTTPError as error:
            if error.code != UNAVAILABLE:
                break  # a fault of the program, which waiting does not mend
        except OSError:
            pass  # it does not listen yet
        time.sleep(0.1)
    raise CannotStart(
        "网站没有就绪，原因见上。 The site does not become ready; see the reason above."
    )


def _serve(config: Config, console: Console, *, is_embedded: bool) -> None:
    """Keep everything running until a signal comes."""
    children = Children({"web": web_command(config), "worker": ["gongzhi", "worker"]}, console)
    try:
        children.start()
        until_ready(config, children)
        _greet(config, console)
        while True:
            time.sleep(LOOK_EVERY)
            children.look_after()
            if is_embedded:
                _look_after_database(configuration.home(config), children)
    finally:
        children.stop()


def run(config: Config, console: Console) -> None:
    """`gongzhi run`: all of it, until Ctrl-C. Raises CannotStart."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _on_signal)
    home, is_embedded = configuration.home(config), False
    try:
        with _only_one(home):
            try:
                _need_port(config)
                is_embedded = not (config.database_url or config.app_database_url)
                provide(config)
                found = configuration.problems(configuration.read())
                if found:
                    raise CannotStart("\n  ".join(found))
                _prepare(configuration.read(), console)
                _serve(config, console, is_embedded=is_embedded)
            finally:
                if is_embedded:
                    embedded.stop(home)
    except _Stop:
        console.print("\n· 已停止。 Stopped.")
    except embedded.EmbeddedError as error:
        raise CannotStart(f"内置数据库无法启动。 {error}") from None
    except DatabaseError as error:
        raise CannotStart(
            f"数据库无法使用，请检查 GONGZHI_DATABASE_URL。 "
            f"The database cannot be used; check GONGZHI_DATABASE_URL: {error}"
        ) from None


def _greet(config: Config, console: Console) -> None:
    console.print(f"\n[bold]共治 Gongzhi  http://{config.host}:{config.port}[/bold]")
    if configuration.read().demo:
        from gongzhi.site import demo

        console.print("演示登录 Demo sign-ins（密码均为 password for all: " + demo.PASSWORD + "）")
        for username, title in demo.sign_ins():
            console.print(f"  {username:<16} {title}")
    console.print("按 Ctrl-C 停止  Press Ctrl-C to stop\n")
