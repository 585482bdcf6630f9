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
    k + 1 in progress, the share is the sum of p_k P(tau_k > window), and the number of warm
    environments the sum over k of P(the maximum in a window exceeds k). With x_k = 1 - E exp(-s
    tau_k):  x_k = y / (1 + y),  y = (s + k x_(k-1)) / load.
    """
    first = max(0, int(load - _BELOW * sqrt(load) - _SPARE))
    levels = _levels(load, first, _RARE / (window * load))
    always = sum(above for _, _, above in levels)
    cold = warm = 0.0
    for weight, node in _nodes():
        share, environments = _transforms(node / (window * load), load, first, levels)
        cold += (weight * share).real
        warm += (weight * (always + environments)).real
    return cold, first + warm


@lru_cache(maxsize=1024)
def cold_from(load: float, window: float) -> tuple[int, tuple[float, ...]]:
    """Return a first level k, and the share of cold arrivals that find k or more, k + 1 or more, ….

    The same sums as ``invert``, level by level: entry i is the sum of p_j P(tau_j > window) over
    all j >= k + i. Below the first level nothing is added; beyond the last the share is nothing.
    """
    first = max(0, int(load - _BELOW * sqrt(load) - _SPARE))
    levels = _levels(load, first, _RARE / (window * load))
    shares = [0.0] * len(levels)
    for weight, node in _nodes():
        s = node / (window * load)
        x = _start(s, (first - 1) / load) if first else 0j
        for index, (ratio, _, _) in enumerate(levels):
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
    """Return the mean number of warm environments above a level: ``invert``'s sum from there."""
    first = max(0, int(load - _BELOW * sqrt(load) - _SPARE))
    levels = _levels(load, first, _RARE / (window * load))
    if level - first >= len(levels):
        return 0.0
    warm = 0.0
    for weight, node in _nodes():
        s = node / (window * load)
        x = _start(s, (first - 1) / load) if first else 0j
        environments = reached = 0j
        for k, (ratio, chance, above) in enumerate(levels, first):
            y = s + ratio * x
            x = y / (1 + y)
            reached = (1 - x) * (reached + chance)
            if k >= level:
                environments += above + reached
        warm += (weight * environments).real
    return max(0, first - level) + max(0.0, warm)


def _levels(load: float, first: int, rare: float) -> list[tuple[float, float, float]]:
    """Return k / load, the probability of k, and that of more than k, for each level k.

    The levels end where one is so rare that a window hardly ever sees it.
    """
    chance = exp(first * log(load) - load - lgamma(first + 1))
    chances = [chance]
    k = first + 1
    while k <= load or chance > rare:
        chance *= load / k
        chances.append(chance)
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
