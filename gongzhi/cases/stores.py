"""Where files lie, each under the hash of its content: a folder, or an S3 bucket."""

import io
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from urllib.parse import urlsplit

from django.conf import settings

SHA256 = re.compile("[0-9a-f]{64}")


class StoreUnusable(Exception):
    """The store of files cannot be used."""


class Store(Protocol):
    """Puts a file under its hash, opens it again (FileNotFoundError), erases it.

    `untouched_since` gives the hashes of what was last put before a time.
    """

    def put(self, sha256: str, content: BinaryIO, size: int) -> None: ...
    def open(self, sha256: str) -> BinaryIO: ...
    def erase(self, sha256: str) -> None: ...
    def untouched_since(self, before: datetime) -> Iterator[str]: ...


def _sharded(sha256: str) -> str:
    """ab/cd/abcd…: no folder grows beyond what tools can list."""
    if not SHA256.fullmatch(sha256):
        raise FileNotFoundError(sha256)
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


@dataclass(frozen=True)
class Folder:
    """A folder of this machine, readable by the owner alone."""

    root: Path

    def path_of(self, sha256: str) -> Path:
        return self.root / _sharded(sha256)

    def put(self, sha256: str, content: BinaryIO, size: int) -> None:
        """On disk before it is named: a crash leaves no half file under a hash."""
        path = self.path_of(sha256)
        with suppress(FileNotFoundError):
            os.utime(path)
            return
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix="new-", delete=False) as new:
            try:
                shutil.copyfileobj(content, new)
                new.flush()
                os.fsync(new.fileno())
                Path(new.name).replace(path)
            except BaseException:
                Path(new.name).unlink(missing_ok=True)
                raise
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def open(self, sha256: str) -> BinaryIO:
        return self.path_of(sha256).open("rb")

    def erase(self, sha256: str) -> None:
        self.path_of(sha256).unlink(missing_ok=True)

    def untouched_since(self, before: datetime) -> Iterator[str]:
        """What a crash left half-written goes on the way."""
        for path in self.root.glob("??/??/*"):
            if path.stat().st_mtime >= before.timestamp():
                continue
            if SHA256.fullmatch(path.name):
                yield path.name
            else:
                path.unlink(missing_ok=True)


@dataclass(frozen=True)
class Bucket:
    """A bucket of an S3 store, through the `minio` client (requirements/s3.txt)."""

    client: Any
    name: str
    prefix: str

    def _key(self, sha256: str) -> str:
        return f"{self.prefix}{_sharded(sha256)}"

    def put(self, sha256: str, content: BinaryIO, size: int) -> None:
        self.client.put_object(self.name, self._key(sha256), content, size)

    def open(self, sha256: str) -> BinaryIO:
        key = self._key(sha256)
        try:
            answer = self.client.get_object(self.name, key)
        except import_module("minio").error.S3Error as error:
            if error.code == "NoSuchKey":
                raise FileNotFoundError(sha256) from None
            raise
        # In memory: it is at most what accept() takes, and the connection is free again at once.
        with answer:
            content = io.BytesIO(answer.read())
        answer.release_conn()
        return content

    def erase(self, sha256: str) -> None:
        self.client.remove_object(self.name, self._key(sha256))

    def untouched_since(self, before: datetime) -> Iterator[str]:
        for found in self.client.list_objects(self.name, prefix=self.prefix, recursive=True):
            if found.last_modified < before:
                yield found.object_name.rpartition("/")[2]


def _bucket(url: str, endpoint: str) -> Bucket:
    """Raises StoreUnusable. Credentials come from AWS's own variables, file or machine role."""
    try:
        minio, providers = import_module("minio"), import_module("minio.credentials")
    except ImportError:
        raise StoreUnusable(
            "GONGZHI_FILES is on S3: install requirements/s3.txt with pip first."
        ) from None
    where, at = urlsplit(url), urlsplit(endpoint or "https://s3.amazonaws.com")
    if not where.netloc or at.scheme not in {"http", "https"} or not at.netloc:
        raise StoreUnusable(
            "Write GONGZHI_FILES as s3://bucket/prefix and GONGZHI_S3_ENDPOINT as https://host:port."
        )
    chain = [providers.EnvAWSProvider(), providers.AWSConfigProvider(), providers.IamAwsProvider()]
    client = minio.Minio(
        endpoint=at.netloc,
        secure=at.scheme == "https",
        credentials=providers.ChainedProvider(chain),
        region=os.environ.get("AWS_REGION"),
    )
    prefix = where.path.strip("/")
    return Bucket(client, where.netloc, f"{prefix}/" if prefix else "")


@lru_cache(maxsize=4)
def _made(files: str, endpoint: str) -> Store:
    if files.startswith("s3://"):
        return _bucket(files, endpoint)
    return Folder(Path(files))


def store() -> Store:
    """The store that GONGZHI_FILES names. Raises StoreUnusable."""
    return _made(str(settings.FILES), settings.S3_ENDPOINT)


def check_store() -> list[str]:
    """Whether a file can be put and taken back, as sentences about what is wrong."""
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    try:
        here = store()
        here.put(empty, io.BytesIO(), 0)
        with suppress(FileNotFoundError), here.open(empty):
            here.erase(empty)
            return []
    except StoreUnusable as error:
        return [str(error)]
    except Exception as error:  # whatever the store's client raises, the operator reads
        return [f"Files cannot be kept in GONGZHI_FILES: {type(error).__name__}: {error}"]
    return ["The store of files does not give back what was put into it."]
