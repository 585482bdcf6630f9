"""Replacing price files: whatever happens in between, the old table or the new one can be read."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from advisor.errors import InputError
from advisor.tariff import PriceTable, replacing
from advisor.tariff.reading import MalformedPrice
from advisor.tariff.replacing import replace_files
from advisor.tariff.writing import text_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SERVICES = ("lambda", "sqs")


def content(service: str, price: str) -> bytes:
    group = {"regions": ["us-east-1"], "from": "2026-09-01", "confidence": "A", "evidence": "x"}
    entry: dict[str, Any] = {
        "unit": "GB",
        "source": "https://aws.amazon.com/lambda/pricing/",
        "checked": "2026-11-01",
        "prices": [{**group, "price": price}],
    }
    return text_of({"service": service, "name": service, "components": {"data": entry}}).encode()


def contents(price: str) -> dict[str, bytes]:
    return {service: content(service, price) for service in SERVICES}


def found(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def prices(folder: Path) -> dict[str, Decimal | None]:
    """Return the price in each file of a table that is read as any other."""
    table = PriceTable(str(folder))
    return {each: table.rows(each, "data")[0].tiers[0].price for each in table.services()}


@pytest.fixture
def existing(tmp_path: Path) -> Path:
    folder = tmp_path / "table"
    replace_files(str(folder), {**contents("1"), "vpc": content("vpc", "1")})
    return folder


def test_a_folder_appears_with_all_of_its_files_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "new" / "table"
    there = []
    write = replacing._write

    def watched(path: Path, content: bytes) -> None:
        there.append(folder.exists())
        write(path, content)

    monkeypatch.setattr(replacing, "_write", watched)
    replace_files(str(folder), contents("2"))
    assert there == [False, False]
    assert found(folder) == {f"{each}.yaml": text for each, text in contents("2").items()}
    assert list(folder.parent.iterdir()) == [folder]


def test_files_are_replaced_and_the_others_stay(existing: Path) -> None:
    replace_files(str(existing), contents("2"))
    assert prices(existing) == {"lambda": 2, "sqs": 2, "vpc": 1}
    assert sorted(found(existing)) == ["lambda.yaml", "sqs.yaml", "vpc.yaml"]


def broken_at(number: int, error: BaseException | None) -> Callable[[Path, bytes], None]:
    """Return a way to write that stops in the middle of a file; silently without an error."""
    write = replacing._write
    left = iter(range(number, -1, -1))

    def broken(path: Path, content: bytes) -> None:
        if next(left, 1):
            write(path, content)
            return
        path.write_bytes(content[: len(content) // 2])
        if error is not None:
            raise error

    return broken


FAILURES = [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt(), MemoryError()]


@pytest.mark.parametrize("number", range(len(SERVICES)))
@pytest.mark.parametrize("error", FAILURES, ids=lambda error: type(error).__name__)
def test_a_failure_in_the_middle_leaves_the_old_files(
    existing: Path, monkeypatch: pytest.MonkeyPatch, number: int, error: BaseException
) -> None:
    before = found(existing)
    monkeypatch.setattr(replacing, "_write", broken_at(number, error))
    with pytest.raises(type(error)) as raised:
        replace_files(str(existing), contents("2"))
    assert raised.value is error
    assert found(existing) == before


@pytest.mark.parametrize("number", range(len(SERVICES)))
@pytest.mark.parametrize("error", FAILURES, ids=lambda error: type(error).__name__)
def test_a_failure_in_the_middle_leaves_no_new_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, error: BaseException
) -> None:
    monkeypatch.setattr(replacing, "_write", broken_at(number, error))
    with pytest.raises(type(error)):
        replace_files(str(tmp_path / "table"), contents("2"))
    assert list(tmp_path.iterdir()) == []


def test_what_a_disk_loses_does_not_win(existing: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = found(existing)
    monkeypatch.setattr(replacing, "_write", broken_at(1, None))
    with pytest.raises(OSError, match=r"sqs\.yaml\.partial does not hold what was written"):
        replace_files(str(existing), contents("2"))
    assert found(existing) == before


@pytest.mark.parametrize(
    ("wrong", "error"), [(b"a: ]\n", InputError), (b"service: sqs\n", MalformedPrice)]
)
def test_what_is_no_price_file_is_not_put_in_place(
    existing: Path, wrong: bytes, error: type[Exception]
) -> None:
    before = found(existing)
    with pytest.raises(error):
        replace_files(str(existing), {**contents("2"), "sqs": wrong})
    assert found(existing) == before


def test_a_file_in_place_of_the_folder_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "table"
    path.write_text("mine")
    with pytest.raises(OSError, match="table"):
        replace_files(str(path), contents("2"))
    assert found(tmp_path) == {"table": b"mine"}


def test_what_a_killed_run_left_is_no_part_of_the_table(tmp_path: Path, existing: Path) -> None:
    (existing / "kinesis.yaml.partial").write_bytes(content("kinesis", "9"))
    assert "kinesis" not in PriceTable(str(existing)).services()
    left = tmp_path / "fresh.partial"
    left.mkdir()
    (left / "kinesis.yaml").write_bytes(content("kinesis", "9"))
    replace_files(str(tmp_path / "fresh"), contents("2"))
    assert sorted(found(tmp_path / "fresh")) == ["lambda.yaml", "sqs.yaml"]
    assert not left.exists()


# Kills itself before and after each write, in the middle of it, and around each rename: once for
# every such point, in a child of its own, until one child comes through.
KILLED = """
import json, os, shutil, signal, sys
from itertools import count
from pathlib import Path
from advisor.tariff import replacing

start, new = Path(sys.argv[1]), {each: text.encode() for each, text in json.load(sys.stdin).items()}
fresh = not start.is_dir()

def run(folder, point):
    left = [point]
    def tick():
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1
    def write(path, content):
        tick()
        with path.open("wb") as file:
            file.write(content[:50])
            file.flush()
            tick()
            file.write(content[50:])
        tick()
    def around(method):
        def called(*arguments):
            tick()
            method(*arguments)
            tick()
        return called
    replacing._write = write
    Path.replace, Path.rename = around(Path.replace), around(Path.rename)
    replacing.replace_files(str(folder), new)

for point in count():
    folder = start.with_name(f"killed-{point}")
    if not fresh:
        shutil.copytree(start, folder)
    child = os.fork()
    if child == 0:
        run(folder, point)
        os._exit(0)
    if os.waitpid(child, 0)[1] == 0:
        break
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.parametrize("fresh", [False, True], ids=["existing", "fresh"])
def test_a_kill_at_any_point_leaves_a_table_that_reads(tmp_path: Path, *, fresh: bool) -> None:
    start = tmp_path / "start"
    if not fresh:
        replace_files(str(start), contents("1"))
    subprocess.run(
        [sys.executable, "-c", KILLED, str(start)],
        input=json.dumps({each: text.decode() for each, text in contents("2").items()}),
        text=True,
        check=True,
        timeout=60,
    )
    points = len({path.name.removesuffix(".partial") for path in tmp_path.glob("killed-*")})
    # Three points a write and two a rename, and the run that nothing stops.
    assert points == 3 * 2 + 2 * (1 if fresh else 2) + 1
    seen = set()
    for point in range(points):
        folder = tmp_path / f"killed-{point}"
        if fresh and not folder.exists():
            seen.add("absent")
        else:
            after = prices(folder)
            assert set(after) == set(SERVICES)
            assert set(after.values()) <= {Decimal(1), Decimal(2)}
            seen |= {str(price) for price in after.values()}
        # And the next run makes it whole, whatever was left behind.
        replace_files(str(folder), contents("2"))
        assert found(folder) == {f"{each}.yaml": text for each, text in contents("2").items()}
    assert seen == ({"absent", "2"} if fresh else {"1", "2"})
