"""`advisor prices refresh` as a user runs it, against a Price List on a loopback port."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes import documents
from tests.fakes.price_list_server import KEY, SECRET, PriceListServer

if TYPE_CHECKING:
    from collections.abc import Iterator

REPOSITORY = Path(__file__).parents[2]
COMMAND = str(Path(sys.executable).with_name("advisor"))
REFRESH = (COMMAND, "prices", "refresh", "--service", "lambda", "--region", "us-east-1", "--to")
DURATION = "Lambda-GB-Second"


@pytest.fixture
def server() -> Iterator[PriceListServer]:
    products = [*documents.lambda_documents(), *documents.fargate_documents()]
    with PriceListServer(products) as running:
        yield running


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Copy the shipped table, as the table of a team would lie beside its code."""
    shutil.copytree(REPOSITORY / "pricing" / "aws", tmp_path / "prices")
    return tmp_path / "prices"


def surroundings(server: PriceListServer) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {
        **kept,
        "AWS_ENDPOINT_URL_PRICING": server.url,
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": "/nonexistent",
        "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
        "AWS_MAX_ATTEMPTS": "2",
    }


def refresh(
    server: PriceListServer, to: Path, *more: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [*REFRESH, str(to), *more],
        env={**surroundings(server), **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "Traceback" not in done.stderr
    assert SECRET not in done.stdout + done.stderr
    return done


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def dearer(server: PriceListServer, price: str = "0.0000200000") -> None:
    """Let AWS list another first tier of Lambda's duration."""
    for document in server.products:
        if document["product"]["attributes"]["usagetype"] != DURATION:
            continue
        for term in document["terms"]["OnDemand"].values():
            for dimension in term["priceDimensions"].values():
                if dimension["beginRange"] == "0":
                    dimension["pricePerUnit"]["USD"] = price


def test_a_new_table_holds_everything_and_the_new_price(
    server: PriceListServer, tmp_path: Path
) -> None:
    dearer(server)
    to = tmp_path / "new"
    done = refresh(server, to, "--format", "json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["files"] == ["lambda"]
    changed = [each for each in report["prices"] if each["outcome"] == "changed"]
    assert [(each["component"], each["tiers"][0]["usd"]) for each in changed] == [
        ("duration-x86", "0.00002")
    ]
    assert {path.name for path in to.iterdir()} == {
        path.name for path in (REPOSITORY / "pricing" / "aws").iterdir()
    }
    priced = subprocess.run(
        [COMMAND, "price", "lambda", "gb_seconds=1000000", "--format=json", f"--prices={to}"],
        capture_output=True,
        text=True,
        check=True,
    )
    answer: dict[str, Any] = json.loads(priced.stdout)
    assert Decimal(answer["monthly_usd"]) == 20
    assert answer["prices"]["origin"] == str(to)
    assert answer["prices"]["digest"] == report["digest_after"]


def test_what_aws_does_not_answer_is_kept_and_named(server: PriceListServer, table: Path) -> None:
    done = refresh(server, table)
    assert done.returncode == 0
    assert "kept as they were" in done.stdout
    assert "durable-operation" in done.stdout


def test_the_same_prices_change_no_file(server: PriceListServer, table: Path) -> None:
    refresh(server, table)
    before = contents(table)
    done = refresh(server, table)
    assert "Changed in" in done.stdout
    assert "no file" in done.stdout
    assert contents(table) == before


def test_a_dry_run_writes_nothing(server: PriceListServer, table: Path) -> None:
    dearer(server)
    before = contents(table)
    done = refresh(server, table, "--dry-run")
    assert done.returncode == 0
    assert "lambda/duration-x86 in us-east-1: 0.0000166667" in done.stdout
    assert contents(table) == before


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("throttle", "too many"),
        ("fail", "HTTP 500"),
        ("truncate", "AWS"),
        ("body", "not GetProducts'"),
        ("refuse", "AccessDenied"),
        ("price", "duration-x86"),
    ],
)
def test_whatever_aws_does_the_old_table_stands(
    server: PriceListServer, table: Path, fault: str, words: str
) -> None:
    before = contents(table)
    if fault == "price":
        dearer(server, "cheap")
    elif fault == "body":
        server.body = b"<html>a captive portal</html>"
    elif fault == "refuse":
        server.refuse = "AccessDeniedException"
    else:
        setattr(server, fault, 1000)
    done = refresh(server, table)
    assert done.returncode == 5
    assert done.stdout == ""
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert contents(table) == before


def test_without_a_network_and_without_credentials(server: PriceListServer, table: Path) -> None:
    before = contents(table)
    gone = refresh(server, table, AWS_ENDPOINT_URL_PRICING="http://127.0.0.1:9")
    assert gone.returncode == 5
    assert "could not be reached" in gone.stderr
    nobody = refresh(server, table, AWS_ACCESS_KEY_ID="", AWS_SECRET_ACCESS_KEY="")
    assert nobody.returncode == 5
    assert "--source bulk" in nobody.stderr
    assert contents(table) == before


def test_a_folder_that_cannot_be_written(server: PriceListServer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    done = refresh(server, tmp_path / "file" / "prices")
    assert done.returncode == 5
    assert "could not be written" in done.stderr


def test_ctrl_c_leaves_the_old_table(server: PriceListServer, table: Path) -> None:
    before = contents(table)
    # It takes the question and never answers, so that the program is stopped while it waits.
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(30)
        endpoint = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with subprocess.Popen(
            [*REFRESH, str(table)],
            env={**surroundings(server), "AWS_ENDPOINT_URL_PRICING": endpoint},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as child:
            connection, _ = silent.accept()
            with connection:
                connection.recv(1)
                child.send_signal(signal.SIGINT)
                _, told = child.communicate(timeout=30)
    assert child.returncode == 5
    assert told == "stopped; the table is as it was\n"
    assert contents(table) == before


def test_a_service_that_is_not_read_from_aws_is_an_error_of_the_command_line(
    server: PriceListServer, table: Path
) -> None:
    done = refresh(server, table, "--service", "lamda")
    assert done.returncode == 2
    assert "did you mean lambda?" in done.stderr
