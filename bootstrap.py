"""Sets Gongzhi up on a machine that has nothing but Python 3.11+: environment, packages, messages.

Run by `make`; the standard library is all it needs. Does nothing where nothing has changed.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
LAUNCHER = """#!{python}
import sys

sys.path.insert(0, {root!r})
from gongzhi.site.cli import main

main()
"""


def say(chinese: str, english: str) -> None:
    print(f"· {chinese}  {english}", flush=True)


def give_up(chinese: str, english: str) -> None:
    print(f"\n✗ {chinese}\n  {english}", file=sys.stderr)
    raise SystemExit(1)


def run(*command: str) -> None:
    """Run a step quietly; its output is shown only when it fails."""
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError as error:
        give_up(f"无法运行 {command[0]}：{error}", f"Cannot run {command[0]}: {error}")
    if done.returncode == 0:
        return
    text = done.stdout + done.stderr
    print(text[-3000:], file=sys.stderr)
    if "No space left" in text or "ENOSPC" in text:
        give_up("磁盘已满，请腾出空间后重试。", "The disk is full; free some space and try again.")
    if any(
        s in text
        for s in (
            "ConnectionError",
            "NewConnectionError",
            "ENOTFOUND",
            "ETIMEDOUT",
            "Could not find a version",
            "Temporary failure in name",
        )
    ):
        give_up(
            "连不上软件包仓库（PyPI 或 npm），请检查网络后重试。",
            "The package registries (PyPI, npm) cannot be reached; check the network.",
        )
    give_up("这一步没有成功，原因见上。", f"This step failed, see above: {' '.join(command[:4])}")


def changed(name: str, *files: Path) -> bool:
    """Whether these files differ from when this step last succeeded."""
    now = hashlib.sha256(b"".join(f.read_bytes() for f in files)).hexdigest()
    mark = VENV / f".{name}.done"
    return not mark.exists() or mark.read_text() != now


def done(name: str, *files: Path) -> None:
    now = hashlib.sha256(b"".join(f.read_bytes() for f in files)).hexdigest()
    (VENV / f".{name}.done").write_text(now)


def make_environment() -> None:
    if (BIN / "python").exists():
        return
    say("建立 Python 环境……", "Making the Python environment ...")
    try:
        venv.create(VENV, with_pip=True)
    except PermissionError:
        give_up(f"没有写入 {ROOT} 的权限。", f"No permission to write to {ROOT}.")
    except (OSError, subprocess.CalledProcessError) as error:
        shutil.rmtree(VENV, ignore_errors=True)
        give_up(
            f"无法建立 Python 环境：{error}（Debian 需要 python3-venv）",
            f"The Python environment cannot be made: {error} (on Debian install python3-venv)",
        )


def install(name: str, lock: Path) -> None:
    if not changed(name, lock):
        return
    say(f"安装软件包（{lock.name}，约 1 分钟）……", "Installing pinned packages, about a minute ...")
    run(str(BIN / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
        "--require-hashes", "-r", str(lock))  # fmt: skip
    done(name, lock)


def install_front_end() -> None:
    lock = ROOT / "package-lock.json"
    if not changed("npm", lock) and (ROOT / "node_modules").exists():
        return
    say("安装前端软件包和字体……", "Installing front-end packages and fonts ...")
    run(str(BIN / "npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")
    done("npm", lock)


def write_launcher() -> None:
    launcher = BIN / "gongzhi"
    launcher.write_text(LAUNCHER.format(python=BIN / "python", root=str(ROOT)))
    launcher.chmod(0o755)


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 -- older ones must be told so
        give_up(
            f"需要 Python 3.11 或更新版本，现在是 {sys.version.split()[0]}。",
            f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.",
        )
    make_environment()
    install("run", ROOT / "requirements" / "run.txt")
    if "--dev" in sys.argv:
        install("dev", ROOT / "requirements" / "dev.txt")
    install_front_end()
    write_launcher()
    run(str(BIN / "python"), "-m", "gongzhi.site.messages", "compile")


if __name__ == "__main__":
    main()
