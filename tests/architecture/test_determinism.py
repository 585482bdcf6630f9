"""An answer is a function of its files: not of hashing, the clock, the locale or the network."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path.stem for path in (ROOT / "examples").glob("*.yaml"))

# Any use of a socket fails, in Python code (socket.socket, create_connection) and one level below
# (_socket.socket, which other modules could reach for). Name look-ups are a way out as well.
BLOCK_NETWORK = """
import _socket, socket, sys
class Refused(BaseException):
    pass
def refuse(*arguments, **options):
    raise Refused("the network was used")
class NoSocket(socket.socket):
    __init__ = __new__ = refuse
for module in (socket, _socket):
    for name in ("socket", "getaddrinfo", "gethostbyname", "create_connection"):
        if hasattr(module, name):
            setattr(module, name, NoSocket if name == "socket" else refuse)
_socket.SocketType = NoSocket
"""
RUN = "from advisor.cli import main; main()"


def run(code: str, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        check=False,
    )


@pytest.mark.parametrize("format_", ["table", "json", "markdown"])
@pytest.mark.parametrize("example", EXAMPLES)
def test_an_answer_does_not_depend_on_hashing_or_surroundings(example: str, format_: str) -> None:
    """The order of a set of strings is the hash seed's; the zone and locale are the user's."""
    arguments = ("compare", f"examples/{example}.yaml", "--format", format_)

    first = run(RUN, *arguments, PYTHONHASHSEED="0", TZ="UTC", LC_ALL="C.UTF-8")
    second = run(RUN, *arguments, PYTHONHASHSEED="1", TZ="Asia/Tokyo", LC_ALL="C", COLUMNS="50")

    assert first.stdout
    assert (first.returncode, first.stdout) == (second.returncode, second.stdout)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_answer_needs_no_network(example: str) -> None:
    arguments = ("compare", f"examples/{example}.yaml", "--format", "json")

    blocked = run(BLOCK_NETWORK + RUN, *arguments)

    assert b"Refused" not in blocked.stderr
    assert blocked.stdout == run(RUN, *arguments).stdout


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.socket()",
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import socket; socket.getaddrinfo('localhost', 80)",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9')",
    ],
)
def test_the_block_would_show_a_use_of_the_network(attempt: str) -> None:
    child = run(BLOCK_NETWORK + attempt)

    assert child.returncode != 0
    assert b"the network was used" in child.stderr
