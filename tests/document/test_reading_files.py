"""Each way in which a file cannot be read, without reading more than allowed or waiting."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from advisor.document.tree import parse, read_bytes
from advisor.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

_NOBODY = 65534


def _code(path: str, **limits: int) -> str:
    with pytest.raises(InputError) as caught:
        read_bytes(path, **limits)
    (found,) = caught.value.diagnostics
    assert found.help
    assert found.position is None
    return found.code


def test_a_file_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    path.write_bytes(b"\xff\r\n\x00")
    assert read_bytes(str(path)) == b"\xff\r\n\x00"


def test_the_bound_is_the_last_size_that_is_read(tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    path.write_bytes(b"x" * 10)
    assert read_bytes(str(path), max_bytes=10) == b"x" * 10
    assert _code(str(path), max_bytes=9) == "file-too-large"


def test_a_link_is_followed_and_a_circle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "w").write_bytes(b"a")
    (tmp_path / "link").symlink_to("w")
    (tmp_path / "circle").symlink_to("circle")
    (tmp_path / "dangling").symlink_to("absent")
    assert read_bytes(str(tmp_path / "link")) == b"a"
    assert _code(str(tmp_path / "circle")) == "unreadable-file"
    assert _code(str(tmp_path / "dangling")) == "file-not-found"


def test_missing_files(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert _code(str(tmp_path / "absent")) == "file-not-found"
    assert _code(str(tmp_path / "absent" / "w")) == "file-not-found"
    assert _code(str(tmp_path / "file" / "w")) == "file-not-found"
    assert _code("") == "file-not-found"


def test_a_directory(tmp_path: Path) -> None:
    assert _code(str(tmp_path)) == "is-a-directory"
    assert _code(f"{tmp_path}/") == "is-a-directory"


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "n" * 5000])
def test_what_cannot_be_a_path(name: str) -> None:
    assert _code(name) == "unreadable-file"


def test_a_sparse_file_of_50_mb_is_refused_by_its_size(tmp_path: Path) -> None:
    path = tmp_path / "w.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(InputError, match="this holds more than 1,048,576 bytes"):
        read_bytes(str(path))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no fifos here")
def test_a_fifo_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    path = tmp_path / "fifo"
    os.mkfifo(path)
    assert _code(str(path)) == "not-a-regular-file"


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no local sockets here")
def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket is short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("s")
        assert _code("s") == "not-a-regular-file"


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="no devices here")  # noqa: PTH110 - as the reader
def test_an_endless_device_is_refused() -> None:
    assert _code("/dev/zero") == "not-a-regular-file"


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="no /proc")  # noqa: PTH110 - as the reader
def test_a_file_that_states_no_size_is_bounded_as_it_is_read() -> None:
    assert read_bytes("/proc/self/status").startswith(b"Name:")
    assert _code("/proc/self/status", max_bytes=10) == "file-too-large"


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="no /proc")  # noqa: PTH112 - as the reader
def test_no_descriptor_stays_open(tmp_path: Path) -> None:
    (tmp_path / "w").write_bytes(b"a" * 10)

    def count() -> int:
        return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - one listing, no paths

    before = count()
    for _ in range(20):
        _code(str(tmp_path))
        _code(str(tmp_path / "w"), max_bytes=1)
        read_bytes(str(tmp_path / "w"))
    assert count() == before


_AS_NOBODY = """
import os, sys
from advisor.document.tree import read_bytes
from advisor.errors import InputError
if os.getuid() == 0:
    os.setgroups([]); os.setgid({nobody}); os.setuid({nobody})
for path in sys.argv[1:]:
    try:
        read_bytes(path)
    except InputError as error:
        print(error.diagnostics[0].code)
"""


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="rights work otherwise here")
def test_no_permission(tmp_path: Path, repository: Path) -> None:
    # Tests may run as root, who may read everything: a child gives that up first.
    secret, closed = tmp_path / "secret", tmp_path / "closed"
    secret.write_bytes(b"a: 1\n")
    secret.chmod(0)
    closed.mkdir()
    (closed / "w").write_bytes(b"a: 1\n")
    closed.chmod(0)
    for parent in (tmp_path, *tmp_path.parents):
        if parent.owner() != "root" or os.getuid() == 0:
            parent.chmod(parent.stat().st_mode | 0o111)
        if parent.name.startswith("pytest-of"):
            break
    child = subprocess.run(
        [sys.executable, "-c", _AS_NOBODY.format(nobody=_NOBODY), secret, closed, closed / "w"],
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    closed.chmod(0o700)
    assert child.stdout.split() == ["permission-denied", "is-a-directory", "permission-denied"]
    assert child.stderr == ""


def _standard_input(content: bytes, limit: int, repository: Path) -> str:
    program = (
        "from advisor.document.tree import read_bytes\n"
        f"try: print(read_bytes('-', max_bytes={limit}))\n"
        "except Exception as error: print(error)\n"
    )
    child = subprocess.run(
        [sys.executable, "-c", program],
        cwd=repository,
        input=content,
        capture_output=True,
        check=True,
    )
    return child.stdout.decode()


def test_standard_input_is_bounded_too(repository: Path) -> None:
    assert _standard_input(b"a: 1\n", 5, repository) == "b'a: 1\\n'\n"
    assert _standard_input(b"a: 1\n", 4, repository).startswith(
        "<stdin>: error[file-too-large]: this holds more than 4 bytes\n"
    )


def test_closed_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert _code("-") == "unreadable-file"


def test_a_hostile_name_is_shown_harmlessly(tmp_path: Path) -> None:
    path = f"{tmp_path}/\x1b[31m\nw"
    with pytest.raises(InputError) as caught:
        read_bytes(path)
    assert all(line.isprintable() for line in str(caught.value).split("\n"))
    with pytest.raises(InputError) as caught:
        parse(b"a: ]", "\x1b]0;x\x07")
    assert str(caught.value).startswith(r"\x1b]0;x\x07:1:4: error[syntax]")
