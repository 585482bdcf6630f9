"""Response times where requests queue for servers: M/G/c, alone and behind a load balancer.

Lognormal or constant service times, as ``DurationDistribution`` has them. The formulas, what they
rest on and how wrong they are: ``docs/how-we-know/tasks.md``. For tasks, which have vCPUs and
slots, see ``advisor.capacity.fargate``; for requests that share vCPUs ``sharing``.
"""

from __future__ import annotations

from math import inf, isnan
from typing import TYPE_CHECKING, Literal

from advisor.arithmetic import significant
from advisor.capacity.sharing import sharing_mean, sharing_quantile
from advisor.capacity.waiting import (
    Lognormal,
    Waiting,
    check,
    cv2_of,
    later_than,
    mean_wait,
    quantile,
    queue,
)
from advisor.units import MS_PER_SECOND

if TYPE_CHECKING:
    from advisor.capacity.duration import DurationDistribution

__all__ = [
    "Balancing",
    "Waiting",
    "balanced_quantile",
    "mean_wait",
    "response_quantile",
    "response_survival",
    "sharing_mean",
    "sharing_quantile",
]

Balancing = Literal["round-robin", "central", "random"]
"""How requests come to tasks: in turn (the default of an Application Load Balancer), from one
queue for all (a lower bound), or each to any task."""


def response_survival(
    x_s: float,
    servers: int,
    offered: float,
    duration: DurationDistribution,
    *,
    arrivals_cv2: float = 1.0,
) -> float:
    """Return the share of requests whose wait and service take longer than ``x_s`` seconds.

    ``offered`` is arrival rate times mean service time; ``arrivals_cv2`` the squared coefficient of
    variation of the time between arrivals. 1 when the servers are overloaded. Raises ValueError for
    arguments that are negative or no numbers.
    """
    if isnan(x_s):
        raise ValueError("not a number of seconds")
    waiting = _queue(servers, offered, duration, arrivals_cv2)
    if x_s < 0 or waiting is None:
        return 1.0
    if x_s == inf:
        return 0.0
    return significant(later_than(x_s, Lognormal.of(duration), waiting))


def response_quantile(
    q: float,
    servers: int,
    offered: float,
    duration: DurationDistribution,
    *,
    arrivals_cv2: float = 1.0,
) -> float:
    """Return the response time in s that a share ``q`` of requests stays below (0 < q < 1).

    Solved to 1e-7 of the formula of ``response_survival``, whose arguments these are; infinite when
    the servers are overloaded.
    """
    if not 0 < q < 1:
        raise ValueError(f"a share of {q} is not between 0 and 1")
    waiting = _queue(servers, offered, duration, arrivals_cv2)
    return inf if waiting is None else quantile(q, Lognormal.of(duration), waiting)


def balanced_quantile(
    q: float,
    tasks: int,
    slots: int,
    rate: float,
    duration: DurationDistribution,
    balancing: Balancing,
) -> float:
    """Return a quantile in s of the response of ``tasks`` tasks that each serve ``slots`` at once.

    ``rate`` is requests per second for all of them. In turn, a task gets every ``tasks``-th
    request, whose distances have a squared coefficient of variation of 1 / ``tasks``. Infinite
    when overloaded; ValueError without tasks, and as ``response_quantile``.
    """
    check(slots, rate)
    if tasks < 1:
        raise ValueError(f"{tasks} tasks serve nothing")
    offered = rate * duration.mean_ms / MS_PER_SECOND
    if balancing == "central":
        return response_quantile(q, tasks * slots, offered, duration)
    spread = arrivals_cv2(tasks, balancing)
    return response_quantile(q, slots, offered / tasks, duration, arrivals_cv2=spread)


def arrivals_cv2(tasks: int, balancing: Balancing) -> float:
    """Return the squared coefficient of variation of the time between one task's arrivals."""
    return 1 / tasks if balancing == "round-robin" else 1.0


def _queue(
    servers: int, offered: float, duration: DurationDistribution, spread: float
) -> Waiting | None:
    return queue(servers, offered, duration.mean_ms / MS_PER_SECOND, cv2_of(duration), spread)
