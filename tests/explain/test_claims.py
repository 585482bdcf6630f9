"""The claims' numbers, by hand from the price list; their verdicts; what a Region lacks."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from advisor.data import read_data
from advisor.errors import AdvisorError
from advisor.explain.claims import claims
from advisor.explain.claims.computing import COMPUTATIONS, size_of
from advisor.rulebook.language.parsing import parse
from advisor.rulebook.language.templates import parse_template
from advisor.tariff import open_book

if TYPE_CHECKING:
    from collections.abc import Callable
    from subprocess import CompletedProcess

ENTRIES: list[dict[str, Any]] = read_data("rules/claims.yaml")["claims"]


def values(
    computation: str, region: str = "us-east-1", memory_mb: float = 1024
) -> dict[str, float]:
    return COMPUTATIONS[computation](open_book(), region, size_of(memory_mb)).values


def test_provisioned_concurrency_of_1_gb_by_hand() -> None:
    # 2,628,000 s × 0.0000041667 = 10.95 idle; × 0.0000166667 = 43.80 on demand, always busy;
    # 730 h × (0.5 × 0.04048 + 0.004445) = 18.02 for the task; busy 10.95 + 25.55 = 36.50.
    found = values("provisioned-share")
    assert found["idle_of_lambda"] == pytest.approx(10.9501 / 43.8001, rel=1e-5)
    assert found["idle_of_fargate"] == pytest.approx(10.9501 / 18.02005, rel=1e-5)
    assert found["busy_of_fargate"] == pytest.approx(36.50003 / 18.02005, rel=1e-5)


def test_provisioned_concurrency_of_a_whole_vcpu_by_hand() -> None:
    # 1,769 MB: 18.92 idle against 730 h × (0.04048 + 2 × 0.004445) = 36.04.
    assert values("provisioned-share", memory_mb=1769)["idle_of_fargate"] == pytest.approx(
        18.9167 / 36.0401, rel=1e-4
    )


def test_provisioned_concurrency_for_bursts_by_hand() -> None:
    # Busy for a part u of the month: 10.95 + 25.55 u = 18.02 at u = 0.2767; 24 × 18.02 ÷ 36.50 h.
    found = values("provisioned-bursts")
    assert found["break_even_busy"] == pytest.approx(0.27672, rel=1e-3)
    assert found["hours_a_day"] == pytest.approx(11.849, rel=1e-3)


def test_apis_by_hand() -> None:
    # 3.50 against 1.00 a million; three units of 512 KB cost 3.00, four 4.00.
    found = values("http-api-price")
    assert found == {"first_tier": 3.5, "dearer_above_kb": 1536}


def test_a_busy_function_against_a_task_by_hand() -> None:
    # 100 ms with 1 GB: 1.66667 + 0.20 USD a million; 18.02005 ÷ 1.86667 million in 2,628,000 s.
    found = values("lambda-or-fargate")
    assert found["break_even"] == pytest.approx(18.02005 / 43.80009, rel=1e-5)
    assert found["requests_per_s"] == pytest.approx(18.02005 / 1.86667 * 1e6 / 2_628_000, rel=1e-4)


def test_workflows_by_hand() -> None:
    # A million runs of 1 s with 64 MB: 1.00 + 62,500 × 0.00001667; ten transitions: 250.
    assert values("express-volume")["ten_transitions"] == pytest.approx(250 / 2.041875, rel=1e-5)


@pytest.mark.parametrize(
    ("memory_mb", "vcpu", "task_mb"), [(128, 0.25, 512), (1024, 0.5, 1024), (1769, 1, 2048)]
)
def test_a_function_is_compared_with_the_task_of_its_vcpus(
    memory_mb: float, vcpu: float, task_mb: float
) -> None:
    task = size_of(memory_mb).task
    assert (task.vcpu, task.memory_mb) == (vcpu, task_mb)


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry["id"] for entry in ENTRIES])
def test_a_claim_names_only_what_is_computed_and_ends_with_a_verdict_for_all(
    entry: dict[str, Any],
) -> None:
    known = set(values(entry["computed"])) if "computed" in entry else set()
    named = set(re.findall(r"(?:figure|percent)\.(\w+)", str(entry)))
    assert named <= known
    *conditional, last = entry["verdicts"]
    assert "when" not in last
    assert all(parse(each["when"]) for each in conditional)
    assert all(parse_template(each["because"]) for each in entry["verdicts"])
    assert entry["source"].startswith("https://")
    assert date.fromisoformat(entry["checked"])
    assert entry["confidence"] in ("A", "B", "C", "D")


def test_every_verdict_of_a_claim_is_its_own() -> None:
    said = {each["id"]: [v["verdict"] for v in each["verdicts"]] for each in ENTRIES}
    assert all(len(set(verdicts)) == len(verdicts) for verdicts in said.values())
    assert len(said) == len(ENTRIES)


def test_the_verdicts_of_us_east_1_are_as_reviewed(
    advisor: Callable[..., CompletedProcess[str]], golden: Callable[[str, str], None]
) -> None:
    done = advisor("explain", "claims")
    assert (done.returncode, done.stderr) == (0, "")
    assert max(map(len, done.stdout.splitlines())) <= 80
    golden("claims.txt", done.stdout)


def test_a_region_without_a_price_is_named_and_changes_the_exit_code() -> None:
    code, of = claims(open_book(), "ap-south-1", ())
    assert code == 4
    assert any("api-gateway/http-requests in ap-south-1" in said for said in of.sentences)
    assert any(child.title.startswith("NOT KNOWN HERE: “An HTTP API") for child in of.children)


def test_each_memory_has_numbers_of_its_own() -> None:
    _, of = claims(open_book(), None, (512, 3008))
    share = next(child for child in of.children if "about 40 %" in child.title)
    assert [child.title for child in share.children] == ["at 512 MB", "at 3,008 MB"]
    assert share.children[0].figures != share.children[1].figures


@pytest.mark.parametrize("memory_mb", [127, 10241])
def test_a_memory_that_no_function_has_is_refused(memory_mb: float) -> None:
    with pytest.raises(AdvisorError, match="128 to 10,240 MB"):
        claims(open_book(), None, (memory_mb,))
