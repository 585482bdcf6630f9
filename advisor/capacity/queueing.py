"""Erlang's formulas for requests that meet a fixed number of servers.

Source: A. K. Erlang, 1917; the recursion for B is in any textbook of teletraffic. Offered load is
arrival rate times mean service time (in Erlangs, the mean number of requests in progress).
"""

from __future__ import annotations

from math import isfinite, sqrt


def erlang_b(servers: int, offered: float) -> float:
    """Return the share of requests that find all servers busy and leave (Erlang B).

    Poisson arrivals, any distribution of the service time. B(0) = 1 and
    B(n) = a B(n-1) / (n + a B(n-1)). Raises ValueError for negative arguments.
    """
    if servers < 0 or not (isfinite(offered) and offered >= 0):
        raise ValueError(f"Erlang B is not defined for {servers} servers and a load of {offered}")
    if offered == 0:
        return 0.0 if servers else 1.0
    start = int(min(servers, offered) - 12 * sqrt(offered) - 20)
    if start <= 0:
        start, blocked = 0, 1.0
    else:
        # The recursion forgets where it began: from here by a factor of exp(-72) at least.
        blocked = 1 - start / offered
    for busy in range(start + 1, servers + 1):
        blocked = offered * blocked / (busy + offered * blocked)
        if blocked == 0:
            return 0.0
    return blocked


def erlang_c(servers: int, offered: float) -> float:
    """Return the share of requests that must wait for a server (Erlang C, M/M/c queue).

    C = B / (1 - u + u B) with u = a / c. A load of one Erlang a server or more has no steady
    state: every request waits, and 1 is returned. Raises ValueError for negative arguments.
    """
    blocked = erlang_b(servers, offered)
    if offered >= servers:
        return 1.0 if offered else 0.0
    utilisation = offered / servers
    return blocked / (1 - utilisation + utilisation * blocked)
