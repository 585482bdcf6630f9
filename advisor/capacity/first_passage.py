"""The first-passage times of the number of requests in progress, summed and inverted once.

The number in progress is that of an infinite-server queue. Time is counted in mean durations, so
that only two numbers matter: the load (mean number in progress) and the window (keep-alive over
duration). Numerical inversion: J. Abate, W. Whitt, "A unified framework for numerically inverting
Laplace transforms", INFORMS Journal on Computing 18 (2006), the Euler algorithm.
"""

from __future__ import annotations

from cmath import sqrt as complex_sqrt
from functools import cache, lru_cache
from math import comb, exp, lgamma, log, pi, sqrt

LARGEST_LOAD = 10_000.0
"""Above this load both answers follow the square root of the load (see ``coldstart``)."""

_BELOW = 6
_SPARE = 10
_RARE = 1e-10


@lru_cache(maxsize=4096)
def invert(load: float, window: float, terms: int) -> tuple[float, float]:
    """Return the share of cold arrivals and the mean number of warm environments.

    With busy counts 0, 1, ... of probability p_k (Poisson), and tau_k the time from k to the first
    k + 1 in progress, the share is the sum of p_k P(tau_k > window), and the number of warm
    environments the sum over k of P(the maximum in a window exceeds k). With x_k = 1 - E exp(-s
    tau_k):  x_k = y / (1 + y),  y = (s + k x_(k-1)) / load. The relative error is about
    10 ** (-2 terms / 3).
    """
    first = max(0, int(load - _BELOW * sqrt(load) - _SPARE))
    levels = _levels(load, first, _RARE / (window * load))
    scale = 10 ** (terms / 3)
    always = sum(above for _, _, above in levels)
    cold = warm = 0.0
    for weight, node in _nodes(terms):
        share, environments = _transforms(node / (window * load), load, first, levels)
        cold += weight * (share / node).real
        warm += weight * ((always + environments) / node).real
    return scale * cold, first + scale * warm


@lru_cache(maxsize=1024)
def cold_from(load: float, window: float, terms: int) -> tuple[int, tuple[float, ...]]:
    """Return a first level k, and the share of cold arrivals that find k or more, k + 1 or more, ….

    The same sums as ``invert``, level by level: entry i is the sum of p_j P(tau_j > window) over
    all j >= k + i. Below the first level nothing is added; beyond the last the share is nothing.
    """
    first = max(0, int(load - _BELOW * sqrt(load) - _SPARE))
    levels = _levels(load, first, _RARE / (window * load))
    scale = 10 ** (terms / 3)
    shares = [0.0] * len(levels)
    for weight, node in _nodes(terms):
        s = node / (window * load)
        x = _start(s, (first - 1) / load) if first else 0j
        part = scale * weight / node
        for index, (ratio, _, _) in enumerate(levels):
            y = s + ratio * x
            x = y / (1 + y)
            shares[index] += (part * x).real
    tail = 0.0
    for index in reversed(range(len(shares))):
        # What the inversion leaves of a share that is nothing may fall below zero.
        tail += levels[index][1] * max(shares[index], 0.0)
        shares[index] = tail
    return first, tuple(shares)


def warm_above(load: float, window: float, level: int, terms: int) -> float:
    """Return the mean number of warm environments above a level: ``invert``'s sum from there."""
    first = max(0, int(load - _BELOW * sqrt(load) - _SPARE))
    levels = _levels(load, first, _RARE / (window * load))
    if level - first >= len(levels):
        return 0.0
    warm = 0.0
    for weight, node in _nodes(terms):
        s = node / (window * load)
        x = _start(s, (first - 1) / load) if first else 0j
        environments = reached = 0j
        for k, (ratio, chance, above) in enumerate(levels, first):
            y = s + ratio * x
            x = y / (1 + y)
            reached = (1 - x) * (reached + chance)
            if k >= level:
                environments += above + reached
        warm += weight * (environments / node).real
    return max(0, first - level) + max(0.0, 10 ** (terms / 3) * warm)


def _levels(load: float, first: int, rare: float) -> list[tuple[float, float, float]]:
    """Return k / load, the probability of k, and that of more than k, for each level k.

    The levels end where one is so rare that a window hardly ever sees it.
    """
    logarithm = log(load)
    chances: list[float] = []
    k = first
    while k <= load or chances[-1] > rare:
        chances.append(exp(k * logarithm - load - lgamma(k + 1)))
        k += 1
    above = 0.0
    levels = []
    for chance in reversed(chances):
        k -= 1
        levels.append((k / load, chance, above))
        above += chance
    levels.reverse()
    return levels


def _transforms(
    s: complex, load: float, first: int, levels: list[tuple[float, float, float]]
) -> tuple[complex, complex]:
    """Return the two sums at one point of the transform; ``s`` in units of the arrival rate."""
    x = _start(s, (first - 1) / load) if first else 0j
    share = environments = reached = 0j
    for ratio, chance, _ in levels:
        y = s + ratio * x
        passed = 1 / (1 + y)
        x = y * passed
        share += chance * x
        reached = (reached + chance) * passed
        environments += reached
    return share, environments


def _start(s: complex, ratio: float) -> complex:
    """Return x far below the load, where it hardly changes from level to level.

    The root near zero of  ratio x^2 + (1 + s - ratio) x - s = 0, in the form without cancellation.
    """
    linear = 1 + s - ratio
    return 2 * s / (linear + complex_sqrt(linear * linear + 4 * ratio * s))


@cache
def _nodes(terms: int) -> list[tuple[float, complex]]:
    """Return weights and nodes of the Euler algorithm, 2 terms + 1 of them."""
    weights = [0.5] + [1.0] * terms + [0.0] * (terms - 1) + [2.0**-terms]
    for k in range(1, terms):
        weights[2 * terms - k] = weights[2 * terms - k + 1] + 2.0**-terms * comb(terms, k)
    real = terms * log(10) / 3
    return [((-1) ** k * weight, complex(real, pi * k)) for k, weight in enumerate(weights)]
