"""How long requests wait for a server, and how waiting adds to what they take themselves.

Sources: Erlang C for M/M/c; Kimura (1986) with Cosmetatos (1975) for the mean of M/G/c; the tail
with Allen and Cunneen's scale (Allen 1990),
widened by the third moment of the work. Derived and measured in ``docs/how-we-know/tasks.md``.
"""

from __future__ import annotations

from functools import cache
from math import cos, erfc, exp, inf, isfinite, log, pi, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from advisor.arithmetic import significant
from advisor.capacity.queueing import erlang_c
from advisor.units import MS_PER_SECOND

if TYPE_CHECKING:
    from advisor.capacity.duration import DurationDistribution

_LARGEST = 10_000
"""Servers above which Erlang C is taken of this many at the same utilisation: it is larger there,
and below 1e-9 anyway unless the utilisation is within a few percent of one."""

_NODES = 20
_FAR = 7.0
_DECAYED = 15.0
"""Nodes of each half of the convolution; standard deviations and decay times that count as all."""

_NEARBY = 1e-3
"""Distance of normal scores over which a slope is taken."""

_PRECISION = 1e-8
_STEPS = 200
_NEGLIGIBLE = 1e-9


class Waiting(Struct, frozen=True):
    """Who waits and for how long: P(wait > t) is the sum of probability exp(-rate t), t >= 0.

    ``phases`` are pairs of a probability and a rate per second; none where nobody waits.
    """

    phases: tuple[tuple[float, float], ...] = ()

    @property
    def probability(self) -> float:
        """The share of requests that wait at all."""
        return sum(share for share, _ in self.phases)


class Curve(Protocol):
    """A duration as a rising function of a standard normal variable."""

    def at(self, score: float) -> float:
        """Return the duration in s at a normal score."""
        ...

    def score(self, x_s: float) -> float:
        """Return the highest score whose duration is at most ``x_s``; minus infinity if none."""
        ...


class Lognormal(Struct, frozen=True):
    """A duration distribution in seconds; ``sigma`` 0 is a constant."""

    median_s: float
    sigma: float

    @classmethod
    def of(cls, duration: DurationDistribution) -> Lognormal:
        return cls(duration.median_ms / MS_PER_SECOND, duration.sigma)

    def at(self, score: float) -> float:
        return self.median_s * exp(self.sigma * score)

    def score(self, x_s: float) -> float:
        if self.sigma == 0 or self.median_s == 0:
            return inf if x_s >= self.median_s else -inf
        return log(x_s / self.median_s) / self.sigma if x_s > 0 else -inf


def cv2_of(duration: DurationDistribution) -> float:
    """Return the squared coefficient of variation of a lognormal, exp(sigma^2) - 1."""
    return exp(duration.sigma * duration.sigma) - 1


def check(*values: float) -> None:
    """Raise ValueError unless all values are finite and not negative."""
    for value in values:
        if not (isfinite(value) and value >= 0):
            raise ValueError(f"{value} is not a number of servers, a rate, a load or a time")


def wait_probability(servers: int, offered: float) -> float:
    """Return Erlang C in bounded time."""
    if servers > _LARGEST:
        return erlang_c(_LARGEST, offered / servers * _LARGEST)
    return erlang_c(servers, offered)


def queue(
    servers: int, offered: float, service_s: float, cv2: float, arrivals_cv2: float = 1.0
) -> Waiting | None:
    """Return the waits in a first-come queue, or None when it grows without end.

    ``offered`` is arrival rate times mean service time, ``cv2`` the squared coefficient of
    variation of the service time, ``arrivals_cv2`` that of the time between arrivals (1: random).
    """
    check(servers, offered, service_s, cv2, arrivals_cv2)
    if offered == 0:
        return Waiting()
    if offered >= servers:
        return None
    if service_s == 0:
        return Waiting()
    rate = (servers - offered) / service_s
    probability = wait_probability(servers, offered)
    return waits(probability, rate, servers, offered / servers, cv2, arrivals_cv2)


def waits(
    probability: float,
    rate_per_s: float,
    servers: int,
    utilisation: float,
    cv2: float,
    arrivals_cv2: float,
) -> Waiting:
    """Return the waits of a share ``probability`` of requests, for work of this spread.

    ``rate_per_s`` is the rate at which they fall off for exponential work and random arrivals. The
    mean of those who wait grows with both spreads, (arrivals_cv2 + cv2) / 2. For one server and
    random arrivals the spread of their waits follows from the third moment of the lognormal,
    (1 + cv2)^3 (Takács 1962); above that of an exponential, two phases of equal weight in the mean
    have it. More servers work around a long request: what is above is divided by their number.
    """
    spread = (arrivals_cv2 + cv2) / 2
    if spread == 0 or probability == 0 or rate_per_s == inf:
        return Waiting()
    rate = rate_per_s / spread
    third = 4 * (1 + cv2) / 3
    wider = (2 * utilisation - 1 + third * (1 - utilisation) - 1) / servers
    if wider <= 0:
        return Waiting(((probability, rate),))
    often = (1 + sqrt(wider / (wider + 2))) / 2
    seldom = 1 - often
    return Waiting(
        ((probability * often, 2 * often * rate), (probability * seldom, 2 * seldom * rate))
    )


def mean_wait(servers: int, offered: float, service_s: float, cv2: float) -> float:
    """Return the mean wait in s of random arrivals for a server, over all requests (M/G/c).

    ``offered`` is arrival rate times mean service time ``service_s``. Kimura's mean of the
    exponential and the constant service time's waits; infinite from one Erlang a server. Raises
    ValueError for negative or infinite arguments.
    """
    check(servers, offered, service_s, cv2)
    if offered == 0 or service_s == 0:
        return 0.0
    if offered >= servers:
        return inf
    exponential = wait_probability(servers, offered) * service_s / (servers - offered)
    if exponential == 0:
        return 0.0
    utilisation = offered / servers
    # Cosmetatos; at low loads it passes the exact limit c / (c + 1) and is held there.
    scale = (servers - 1) * (sqrt(4 + 5 * servers) - 2) / (16 * servers)
    ratio = min((1 + scale * (1 - utilisation) / utilisation) / 2, servers / (servers + 1))
    return significant((1 + cv2) / (2 * cv2 + (1 - cv2) / ratio) * exponential)


def later_than(x_s: float, own: Curve, waiting: Waiting) -> float:
    """Return the share of requests whose wait and own time together exceed ``x_s``.

    With W = 0 for all but a share C of requests, P(T + W > x) is P(T > x) plus C times the mean of
    exp(-rate (x - T)) over T <= x, for each phase. That mean is integrated over the normal score of
    T, in a part next to x, as wide as the exponential needs, and the rest.
    """
    top = own.score(x_s)
    share = _normal_above(top)
    top = min(top, _FAR)
    if top <= -_FAR:
        return share
    for probability, rate in waiting.phases:
        # A share that could not change a digit is not worth an integral.
        if probability > _NEGLIGIBLE * share:
            near, steep = _next_to(x_s, own, rate, top)
            far = _mean(x_s, own, rate, -_FAR, steep) if steep > -_FAR else 0.0
            share += probability * (near + far)
    return min(1.0, share)


def within(x_s: float, own: Curve, waiting: Waiting, allowed: float) -> bool:
    """Return whether at most a share ``allowed`` of requests exceeds ``x_s``.

    As ``later_than`` answers it, but without the far part of an integral where its bounds decide.
    """
    top = own.score(x_s)
    least = _normal_above(top)
    most = least + waiting.probability
    # Who waits is late at worst, and nobody is earlier for it: most answers need no integral.
    if least > allowed or most <= allowed:
        return least <= allowed
    top = min(top, _FAR)
    if top > -_FAR:
        most = least
        for probability, rate in waiting.phases:
            near, steep = _next_to(x_s, own, rate, top)
            far = exp(-rate * max(0.0, x_s - own.at(steep))) if steep > -_FAR else 0.0
            least += probability * near
            most += probability * (near + far)
        if least > allowed * (1 + _NEGLIGIBLE) or most <= allowed * (1 - _NEGLIGIBLE):
            return most <= allowed
    return later_than(x_s, own, waiting) <= allowed


def _next_to(x_s: float, own: Curve, rate: float, top: float) -> tuple[float, float]:
    """Return the mean of exp(-rate (x - T)) over the scores of T next to ``top``, and from where.

    Below that score, which is -7 where nothing is left, the exponential has all but decayed.
    """
    highest = own.at(top)
    if own.at(-_FAR) == highest:
        return exp(-rate * (x_s - highest)), -_FAR
    slope = rate * (highest - own.at(top - _NEARBY)) / _NEARBY
    steep = top - min(_DECAYED / slope, top + _FAR) if slope > 0 else -_FAR
    return _mean(x_s, own, rate, steep, top), steep


def _mean(x_s: float, own: Curve, rate: float, low: float, high: float) -> float:
    half, middle = (high - low) / 2, (high + low) / 2
    total = 0.0
    at = own.at
    for node, weight in _legendre():
        score = middle + half * node
        early = x_s - at(score)
        exponent = -score * score / 2
        if early > 0:
            exponent -= rate * early
        total += weight * exp(exponent)
    return total * half / sqrt(2 * pi)


def quantile(q: float, own: Curve, waiting: Waiting) -> float:
    """Return the time in s that a share ``q`` of requests stays below (0 < q < 1), to 1e-7.

    The logarithm of the share that takes longer falls nearly in a straight line: regula falsi on
    it, with the Illinois step, and a bisection wherever three steps have not halved the bracket.
    """
    if not 0 < q < 1:
        raise ValueError(f"a share of {q} is not between 0 and 1")
    low = own.at(NormalDist().inv_cdf(q))
    if later_than(low, own, waiting) <= (1 - q) * (1 + _PRECISION):
        return significant(low)
    target = log(1 - q)
    slowest = min(rate for _, rate in waiting.phases)
    reach = log(waiting.probability / (1 - q) + 2) / slowest
    high = low + reach
    while (above_high := _excess(high, own, waiting, target)) > 0:
        high += reach
        reach *= 2
    above_low = _excess(low, own, waiting, target)
    width, moved = high - low, ""
    for step in range(1, _STEPS):
        if high - low <= _PRECISION * high:
            break
        middle = (low + high) / 2
        if step % 4 or high - low <= width / 2:
            middle = low + (high - low) * above_low / (above_low - above_high)
            margin = _PRECISION * high / 2
            middle = min(max(middle, low + margin), high - margin)
        else:
            width = high - low
        above = _excess(middle, own, waiting, target)
        if above > 0:
            low, above_low = middle, above
            above_high /= 2 if moved == "low" else 1
            moved = "low"
        else:
            high, above_high = middle, above
            above_low /= 2 if moved == "high" else 1
            moved = "high"
    return significant(high)


def _excess(x_s: float, own: Curve, waiting: Waiting, target: float) -> float:
    share = later_than(x_s, own, waiting)
    return log(share) - target if share > 0 else -_DECAYED


@cache
def _legendre() -> tuple[tuple[float, float], ...]:
    """Return nodes and weights of the Gauss-Legendre rule on -1 to 1, by Newton's iteration."""
    found = []
    for place in range(_NODES):
        node = cos(pi * (place + 0.75) / (_NODES + 0.5))
        slope = 1.0
        for _ in range(10):
            before, value = 1.0, node
            for order in range(2, _NODES + 1):
                before, value = (
                    value,
                    ((2 * order - 1) * node * value - (order - 1) * before) / order,
                )
            slope = _NODES * (node * value - before) / (node * node - 1)
            node -= value / slope
        found.append((node, 2 / ((1 - node * node) * slope * slope)))
    return tuple(found)


def _normal_above(score: float) -> float:
    return erfc(score / sqrt(2)) / 2
