"""How long one request takes, from the few figures that a user knows.

The shape is a lognormal, the usual one for service times; a single stated figure gives a constant.
Everything is in milliseconds. How billed durations come about, and how exact they are, is derived
in ``docs/how-we-know/cold-starts.md``.
"""

from __future__ import annotations

from math import ceil, erfc, exp, floor, inf, isclose, isfinite, log, pi, sqrt
from statistics import NormalDist

from msgspec import Struct

from advisor.arithmetic import significant
from advisor.errors import AdvisorError, DataMissing

_Z99 = NormalDist().inv_cdf(0.99)
_WIDEST_SIGMA = 2 * _Z99
"""A lognormal that is any wider has its mean above its own 99th percentile."""

_FAR = 8.3
"""Standard deviations beyond which a normal variable lies with probability 1e-16."""

_FEW_STEPS = 400
_NOISE = 1e-9
_SIGNIFICANT = 9


class DurationDistribution(Struct, frozen=True):
    """The durations of a request: the mean that is billed, and a lognormal shape.

    ``mean_ms`` is the mean. ``median_ms`` and ``sigma`` (the standard deviation of the logarithm)
    give the shape; ``sigma`` 0 says that every request takes ``median_ms``. Made by
    ``from_measures``.
    """

    mean_ms: float
    median_ms: float
    sigma: float

    @classmethod
    def from_measures(
        cls,
        mean_ms: float | None = None,
        p50_ms: float | None = None,
        p99_ms: float | None = None,
    ) -> DurationDistribution:
        """Return the distribution that these figures, in ms, determine.

        The mean alone gives a constant, as in AWS's own pricing examples. Two figures determine a
        lognormal: median m, ln(p99 / m) = z99 sigma, ln(mean / m) = sigma^2 / 2. With all three,
        p50 and p99 give the shape and the stated mean is what is billed. A mean below the median
        fits no lognormal: the shape is then the constant p50.

        Raises DataMissing when the figures do not give a mean, AdvisorError when they contradict
        each other or are not positive numbers.
        """
        for name, value in (("mean", mean_ms), ("p50", p50_ms), ("p99", p99_ms)):
            if value is not None and not (isfinite(value) and value >= 0):
                raise AdvisorError(f"a {name} duration of {value} ms is not a duration")
        if p50_ms is not None and p99_ms is not None:
            median, sigma = p50_ms, _sigma_between(p50_ms, p99_ms)
        elif mean_ms is None:
            raise DataMissing(
                "the mean duration of a request is not known: state it, or p50 and p99"
            )
        elif p99_ms is not None:
            median, sigma = _shape_from_mean_and_p99(mean_ms, p99_ms)
        elif p50_ms is not None:
            median, sigma = p50_ms, _sigma_from_mean(mean_ms, p50_ms)
        else:
            median, sigma = mean_ms, 0.0
        if mean_ms is None:
            mean_ms = median * exp(sigma * sigma / 2)
        return cls(mean_ms=mean_ms, median_ms=median, sigma=sigma)

    def quantile(self, q: float) -> float:
        """Return the duration in ms that a share ``q`` of requests stays below (0 < q < 1)."""
        if self.sigma == 0:
            return self.median_ms
        return self.median_ms * exp(self.sigma * NormalDist().inv_cdf(q))

    def survival(self, x_ms: float) -> float:
        """Return the share of requests that take longer than ``x_ms``."""
        if self.sigma == 0:
            return 1.0 if x_ms < self.median_ms else 0.0
        if x_ms <= 0:
            return 1.0
        return _normal_above(log(x_ms / self.median_ms) / self.sigma)

    def billed_mean_ms(self, step_ms: float = 1.0) -> float:
        """Return the mean billed duration in ms when each request is rounded up to ``step_ms``.

        AWS rounds every invocation up to 1 ms (AWS Lambda pricing, read 2026-11-23). The answer is
        the stated mean plus the mean excess of the shape, to nine significant digits.
        """
        if self.sigma == 0 and self.mean_ms == self.median_ms:
            return significant(_whole_above(self.mean_ms / step_ms) * step_ms, _SIGNIFICANT)
        return significant(
            self.mean_ms + step_ms * self._excess(self.median_ms / step_ms), _SIGNIFICANT
        )

    def _excess(self, median: float) -> float:
        """Return E[ceil(X) - X] for the shape with this median, in steps."""
        if self.sigma == 0:
            # The figures differ, so durations spread in a way that the shape does not show.
            return 0.5
        lowest = median * exp(-_FAR * self.sigma)
        highest = median * exp(_FAR * self.sigma)
        if highest - lowest <= _FEW_STEPS:
            return _excess_summed(median, self.sigma, floor(lowest), ceil(highest))
        if self.sigma < _SMOOTH_STEPS / _FEW_STEPS:
            # More than 400 steps wide in so narrow a shape: the standard deviation is 20 steps.
            return 0.5
        return _excess_summed(median, self.sigma, floor(lowest), None)


_SMOOTH_STEPS = 20
"""Width in steps, k sigma at step k, from which three terms of Euler and Maclaurin are exact."""


def _excess_summed(median: float, sigma: float, first: int, last: int | None) -> float:
    """Return sum over k >= 0 of P(X > k), less E[X], for a lognormal X in steps.

    E[ceil(X)] is the sum of P(X > k). Below ``first`` every term is 1. The terms are added up to
    ``last``, above which they vanish; without it up to a step from which the Euler-Maclaurin
    formula gives the rest.
    """
    end = last if last is not None else ceil(_SMOOTH_STEPS / sigma)
    if end <= first:
        return 0.5
    head = float(first)
    for step in range(first, end):
        head += _normal_above(log(step / median) / sigma) if step else 1.0
    distance = log(end / median) / sigma
    beyond = _normal_above(distance)
    below = median * exp(sigma * sigma / 2) * _normal_above(sigma - distance) + end * beyond
    if last is not None:
        return head - below
    density = exp(-distance * distance / 2) / (sqrt(2 * pi) * end * sigma)
    slope = 1 + distance / sigma
    curvature = density / (end * end) * (slope * slope + slope - 1 / (sigma * sigma))
    return head - below + beyond / 2 + density / 12 - curvature / 720


def _sigma_between(p50_ms: float, p99_ms: float) -> float:
    if p99_ms < p50_ms:
        raise AdvisorError(f"a p99 of {p99_ms:g} ms lies below the p50 of {p50_ms:g} ms")
    if p99_ms == p50_ms:
        return 0.0
    sigma = _log_ratio(p99_ms, p50_ms) / _Z99
    if sigma > _WIDEST_SIGMA:
        raise AdvisorError(
            f"a p50 of {p50_ms:g} ms and a p99 of {p99_ms:g} ms are too far apart for one kind of"
            " request; check the units"
        )
    return sigma


def _shape_from_mean_and_p99(mean_ms: float, p99_ms: float) -> tuple[float, float]:
    """Return median and sigma; ln(p99 / mean) = z99 sigma - sigma^2 / 2, the smaller root.

    A 99th percentile above about 15 means is beyond any lognormal: the widest that reaches the
    most (sigma = z99) is then laid through the percentile, since latency is judged by it.
    """
    if p99_ms < mean_ms:
        raise AdvisorError(
            f"a mean of {mean_ms:g} ms lies above the p99 of {p99_ms:g} ms: one request in a"
            " hundred carries most of the time; state p50 as well, or split the workload"
        )
    if p99_ms == mean_ms:
        return mean_ms, 0.0
    under_root = _Z99 * _Z99 - 2 * _log_ratio(p99_ms, mean_ms)
    sigma = _Z99 - sqrt(max(0.0, under_root))
    return p99_ms * exp(-_Z99 * sigma), sigma


def _sigma_from_mean(mean_ms: float, p50_ms: float) -> float:
    if mean_ms <= p50_ms:
        return 0.0
    sigma = sqrt(2 * _log_ratio(mean_ms, p50_ms))
    if sigma > _WIDEST_SIGMA:
        raise AdvisorError(
            f"a p50 of {p50_ms:g} ms and a mean of {mean_ms:g} ms are too far apart for one kind"
            " of request; check the units"
        )
    return sigma


def _log_ratio(larger: float, smaller: float) -> float:
    return log(larger) - log(smaller) if smaller > 0 else inf


def _normal_above(z: float) -> float:
    return erfc(z / sqrt(2)) / 2


def _whole_above(units: float) -> int:
    """Round up, but not for the last digits that binary arithmetic leaves behind."""
    nearest = round(units)
    return nearest if isclose(units, nearest, rel_tol=_NOISE, abs_tol=_NOISE) else ceil(units)
