"""The real web server and worker, started for a test against a database of its own."""

from rich.console import Console

from gongzhi.site import supervisor
from gongzhi.site.config import Config


class RunningSite:
    """A site that can be asked by HTTP, killed, and started again."""

    def __init__(self, config: Config, *, application: str = "") -> None:
        self.config = config
        self.url = f"http://{config.host}:{config.port}"
        program, usual, *rest = supervisor.web_command(config)
        self._web = self._children({"web": [program, application or usual, *rest]})
        self._worker = self._children({"worker": ["gongzhi", "worker"]})

    @staticmethod
    def _children(commands: dict[str, list[str]]) -> supervisor.Children:
        return supervisor.Children(commands, Console(quiet=True))

    def start(self) -> None:
        """Start the web server; returns when it would answer the first page."""
        self._web.start()
        supervisor.until_ready(self.config, self._web)

    def start_worker(self) -> None:
        self._worker.start()

    def kill(self) -> None:
        """kill -9 of the web server with all its processes, as when the machine fails."""
        self._web.kill()

    def kill_worker(self) -> None:
        self._worker.kill()

    def stop(self) -> None:
        self._worker.stop()
        self._web.stop()
