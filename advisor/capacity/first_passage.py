"""The first-passage times of the number of requests in progress, summed and inverted once.

The number in progress is that of an infinite-server queue. Time is counted in mean durations, so
that only two numbers matter: the load (mean number in progress) and the window (keep-alive over
duration). Numerical inversion: J. A. C. Weideman, "Optimizing Talbot's contours for the inversion
of the Laplace transform", SIAM Journal on Numerical Analysis 44 (2006). It asks that the transform
is singular on the negative real axis only, and so are those of first passages upwards.
"""

from __future__ import annotations

from cmath import exp as complex_exp
from cmath import sqrt as complex_sqrt
from cmath import tan
from functools import cache, lru_cache
from math import exp, lgamma, log, pi, sqrt

LARGEST_LOAD = 10_000.0
"""Above this load both answers follow the square root of the load (see ``coldstart``)."""

_BELOW = 6
_SPARE = 10
_RARE = 1e-10
_NODES = 8
"""Points at which a transform is asked for: relative errors below 1e-7, ten times less for each."""


@lru_cache(maxsize=4096)
def invert(load: float, window: float) -> tuple[float, float]:
    """Return the share of cold arrivals and the mean number of warm environments.

    With busy counts 0, 1, ... of probability p_k (Poisson), and tau_k the time from k to the first
    k + 1 in progress, the share is the sum of p_k P(tau_k > window). With x_k = 1 - E exp(-s
    tau_k):  x_k = y / (1 + y),  y = (s + k x_(k-1)) / load. An arrival that is cold makes the
    maximum of a window one larger, so the mean maximum, which is the number of warm environments,
    is the load at first and grows with the window by load times the share.
    """
    first = _first(load)
    levels = _levels(load, first, _RARE / (window * load))
    cold = grown = 0.0
    for weight, node in _nodes():
        s = node / (window * load)
        x = _start(s, (first - 1) / load) if first else 0j
        share = 0j
        for ratio, chance in levels:
            y = s + ratio * x
            x = y / (1 + y)
            share += chance * x
        part = weight * share
        cold += part.real
        grown += (part / node).real
    return cold, load + window * load * grown


@lru_cache(maxsize=1024)
def cold_from(load: float, window: float) -> tuple[int, tuple[float, ...]]:
    """Return a first level k, and the share of cold arrivals that find k or more, k + 1 or more, ….

    The same sums as ``invert``, level by level: entry i is the sum of p_j P(tau_j > window) over
    all j >= k + i. Below the first level nothing is added; beyond the last the share is nothing.
    """
    first = _first(load)
    levels = _levels(load, first, _RARE / (window * load))
    shares = [0.0] * len(levels)
    for weight, node in _nodes():
        s = node / (window * load)
        x = _start(s, (first - 1) / load) if first else 0j
        for index, (ratio, _) in enumerate(levels):
            y = s + ratio * x
            x = y / (1 + y)
            shares[index] += (weight * x).real
    tail = 0.0
    for index in reversed(range(len(shares))):
        # What the inversion leaves of a share that is nothing may fall below zero.
        tail += levels[index][1] * max(shares[index], 0.0)
        shares[index] = tail
    return first, tuple(shares)


def warm_above(load: float, window: float, level: int) -> float:
    """Return the mean number of warm environments above a level: ``invert``'s from there.

    At first those that are busy above it, to which cold arrivals that find so many add theirs.
    """
    first = _first(load)
    levels = _levels(load, first, _RARE / (window * load))
    if level - first >= len(levels):
        return 0.0
    grown = 0.0
    for weight, node in _nodes():
        s = node / (window * load)
        x = _start(s, (first - 1) / load) if first else 0j
        share = 0j
        for k, (ratio, chance) in enumerate(levels, first):
            y = s + ratio * x
            x = y / (1 + y)
            if k >= level:
                share += chance * x
        grown += (weight * share / node).real
    busy = sum(chance * (k - level) for k, (_, chance) in enumerate(levels, first) if k > level)
    return busy + max(0.0, window * load * grown)


def _first(load: float) -> int:
    """Return a level so far below the load that nothing of the sums is left there."""
    return max(0, int(load - _BELOW * sqrt(load) - _SPARE))


def _levels(load: float, first: int, rare: float) -> list[tuple[float, float]]:
    """Return k / load and the probability of k, for each level k.

    The levels end where one is so rare that a window hardly ever sees it.
    """
    chance = exp(first * log(load) - load - lgamma(first + 1))
    levels = [(first / load, chance)]
    k = first + 1
    while k <= load or chance > rare:
        ratio = k / load
        chance /= ratio
        levels.append((ratio, chance))
        k += 1
    return levels


def _start(s: complex, ratio: float) -> complex:
    """Return x far below the load, where it hardly changes from level to level.

    The root near zero of  ratio x^2 + (1 + s - ratio) x - s = 0, in the form without cancellation.
    """
    linear = 1 + s - ratio
    return 2 * s / (linear + complex_sqrt(linear * linear + 4 * ratio * s))


@cache
def _nodes() -> list[tuple[complex, complex]]:
    """Return weights and nodes of the contour's upper half; the lower one is its mirror image.

    The cotangent contour with Weideman's four constants, at the midpoints of equal steps. A weight
    is divided by its node: what is inverted is a distribution function.
    """
    number = 2 * _NODES
    found = []
    for step in range(_NODES):
        angle = (2 * step + 1) * pi / number
        cotangent = 1 / tan(0.6407 * angle)
        node = number * (0.5017 * angle * cotangent - 0.6122 + 0.2645j * angle)
        slope = 0.5017 * (cotangent - 0.6407 * angle * (1 + cotangent**2)) + 0.2645j
        found.append((-2j * slope * complex_exp(node) / node, node))
    return found
