from random import Random

import pytest
from msgspec.structs import replace

from advisor.capacity.duration import DurationDistribution
from advisor.capacity.initialisation import Quantiles, init_quantiles
from advisor.capacity.latency import ColdPath, LatencyModel, front_door

NOTHING = DurationDistribution.from_measures(mean_ms=0)
SHARES = (0.1, 0.5, 0.9, 0.99, 0.999)


def constant(ms: float) -> DurationDistribution:
    return DurationDistribution.from_measures(mean_ms=ms)


def lognormal(p50: float, p99: float) -> DurationDistribution:
    return DurationDistribution.from_measures(p50_ms=p50, p99_ms=p99)


def init(*logs: float) -> Quantiles:
    return Quantiles(
        scores=tuple(range(len(logs))),
        logs=logs,
        first_request_fixed_ms=0,
        first_request_cpu_ms=0,
        basis="",
    )


def test_a_warm_request_takes_its_duration() -> None:
    duration = lognormal(95, 640)
    model = LatencyModel(duration=duration, front_door=NOTHING)
    for share in SHARES:
        assert model.percentile(share) == pytest.approx(duration.quantile(share), rel=5e-6)
    assert LatencyModel(duration=constant(120), front_door=NOTHING).percentile(0.99) == 120
    assert LatencyModel(duration=NOTHING, front_door=NOTHING).percentile(0.99) == 0


def test_a_constant_adds_to_every_percentile() -> None:
    door = lognormal(5, 10)
    model = LatencyModel(duration=constant(120), front_door=door)
    assert model.percentile(0.5) == pytest.approx(125, rel=5e-6)
    assert model.percentile(0.99) == pytest.approx(130, rel=5e-6)


def test_rare_cold_starts_shift_the_percentile_within_the_warm_requests() -> None:
    # With a share p < 1 - q and cold requests far slower than warm ones, the q-quantile is the warm
    # one at q / (1 - p).
    duration = lognormal(95, 640)
    cold = ColdPath(fixed_ms=1e6, init=init(0, 1))
    model = LatencyModel(duration=duration, front_door=NOTHING, cold_share=0.004, cold=cold)
    assert model.percentile(0.99) == pytest.approx(duration.quantile(0.99 / 0.996), rel=1e-5)


def test_frequent_cold_starts_move_the_percentile_into_the_cold_requests() -> None:
    # With p > 1 - q it is the cold quantile at 1 - (1 - q) / p = 0.8.
    starts = init(5, 5.2, 5.9)
    cold = ColdPath(fixed_ms=0, init=starts)
    model = LatencyModel(duration=constant(1), front_door=NOTHING, cold_share=0.05, cold=cold)
    assert model.percentile(0.99) == pytest.approx(1 + starts.quantile(0.8), rel=1e-5)


@pytest.mark.parametrize("share", [0.0, 0.015, 0.3])
def test_percentiles_of_the_mixture_against_drawn_requests(share: float) -> None:
    duration, door = lognormal(95, 400), lognormal(12, 30)
    starts = init(4.5, 4.6, 5.2, 5.5)
    model = LatencyModel(
        duration=duration,
        front_door=door,
        cold_share=share,
        cold=ColdPath(fixed_ms=110, init=starts),
    )
    random = Random(7)  # noqa: S311 - draws, not secrets
    draws = []
    for _ in range(20_000):
        chance = random.random()
        latency = duration.quantile(random.random()) + door.quantile(chance)
        if random.random() < share:
            latency += 110 + starts.quantile(random.random())
        draws.append(latency)
    for q in (0.5, 0.9, 0.99):
        # The share of 20,000 draws above the percentile; five standard errors.
        percentile = model.percentile(q)
        above = sum(latency > percentile for latency in draws) / len(draws)
        assert above == pytest.approx(1 - q, abs=5 * (q * (1 - q) / len(draws)) ** 0.5 + 2e-4)


@pytest.mark.parametrize("share", [0.002, 0.02, 0.3])
@pytest.mark.parametrize("p99", [96, 190, 640, 3000])
@pytest.mark.parametrize("runtime", ["python3.13", "java21", "dotnet8"])
def test_percentiles_are_within_1_percent_of_a_fine_convolution(
    runtime: str, p99: float, share: float
) -> None:
    duration = lognormal(95, p99)
    starts = init_quantiles(runtime, "zip", "x86_64")
    assert starts is not None
    cold = ColdPath(fixed_ms=0, init=starts)
    model = LatencyModel(duration=duration, front_door=NOTHING, cold_share=share, cold=cold)
    cells = 4000
    work = [duration.quantile((k + 0.5) / cells) for k in range(cells)]

    def slower_than(ms: float) -> float:
        late = sum(starts.survival(ms - part) for part in work) / cells
        return (1 - share) * duration.survival(ms) + share * late

    for q in (0.5, 0.9, 0.99, 0.999):
        latency = model.percentile(q)
        assert slower_than(latency * 1.01) < 1 - q < slower_than(latency / 1.01)


def test_percentiles_rise_with_the_cold_share_and_with_the_percentile() -> None:
    cold = ColdPath(fixed_ms=100, init=init(4.5, 4.6, 5.2))
    warm = LatencyModel(duration=lognormal(95, 400), front_door=lognormal(5, 10), cold=cold)
    shares = [replace(warm, cold_share=share) for share in (0, 0.001, 0.01, 0.1, 1)]
    for model in shares:
        found = [model.percentile(q) for q in SHARES]
        assert found == sorted(found)
    for q in SHARES:
        found = [model.percentile(q) for model in shares]
        assert found == sorted(found)


def test_an_objective_is_met_up_to_its_last_millisecond() -> None:
    model = LatencyModel(duration=constant(120), front_door=NOTHING)
    assert model.meets(0.99, 120)
    assert not model.meets(0.99, 119.99)
    assert (model.survival(119.99), model.survival(120)) == (1, 0)


def test_wrong_shares_are_refused() -> None:
    model = LatencyModel(duration=constant(1), front_door=NOTHING)
    for share in (0, 1, 99):
        with pytest.raises(ValueError, match="not between"):
            model.percentile(share)
    with pytest.raises(ValueError, match="cold path"):
        replace(model, cold_share=0.1)
    with pytest.raises(ValueError, match="not between"):
        replace(model, cold_share=1.1)


@pytest.mark.parametrize(
    ("option", "lambda_behind", "p50", "p99"),
    [
        ("http-api", True, 12, 30),  # 5 + 7 and 10 + 20
        ("rest-api", True, 17, 45),
        ("function-url", True, 7, 20),
        ("direct", True, 7, 20),
        ("alb", False, 1, 5),
        ("direct", False, 0, 0),
    ],
)
def test_front_doors(option: str, lambda_behind: bool, p50: float, p99: float) -> None:  # noqa: FBT001 - a parameter
    door = front_door(option, lambda_behind=lambda_behind)
    assert door is not None
    assert (door.quantile(0.5), door.quantile(0.99)) == pytest.approx((p50, p99))


def test_a_front_door_without_a_figure_is_unknown() -> None:
    assert front_door("websocket-api", lambda_behind=True) is None
