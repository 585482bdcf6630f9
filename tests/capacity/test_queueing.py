from math import factorial

import pytest

from advisor.capacity.queueing import erlang_b, erlang_c


@pytest.mark.parametrize(
    ("servers", "offered", "blocked"),
    [
        (0, 3, 1),
        (1, 1, 1 / 2),  # a / (1 + a)
        (2, 1, 1 / 5),  # (1/2) / (1 + 1 + 1/2)
        (2, 2, 2 / 5),  # 2 / (1 + 2 + 2)
        (5, 0, 0),
        (0, 0, 1),
        # Published tables of Erlang B.
        (5, 5, 0.2849),
        (10, 5, 0.0184),
        (50, 50, 0.1048),
    ],
)
def test_erlang_b_of_hand_values(servers: int, offered: float, blocked: float) -> None:
    assert erlang_b(servers, offered) == pytest.approx(blocked, abs=5e-5)


@pytest.mark.parametrize("offered", [0.01, 0.7, 8, 40])
@pytest.mark.parametrize("servers", [1, 3, 10, 60])
def test_erlang_b_is_the_closed_form(servers: int, offered: float) -> None:
    terms = [offered**k / factorial(k) for k in range(servers + 1)]
    assert erlang_b(servers, offered) == pytest.approx(terms[-1] / sum(terms), rel=1e-12)


@pytest.mark.parametrize("servers", [900, 1000, 1100, 1400])
def test_the_late_start_of_the_recursion_leaves_no_trace(servers: int) -> None:
    blocked = 1.0
    for busy in range(1, servers + 1):
        blocked = 1000 * blocked / (busy + 1000 * blocked)
    assert erlang_b(servers, 1000) == pytest.approx(blocked, rel=1e-12)


def test_many_servers_take_bounded_work() -> None:
    assert erlang_b(10**9, 5) == 0
    # Heavy traffic: with servers = offered, B tends to sqrt(2 / (pi a)) = 7.98e-4 at a million.
    assert erlang_b(10**6, 1e6) == pytest.approx(7.98e-4, rel=1e-3)


@pytest.mark.parametrize(
    ("servers", "offered", "waits"),
    [
        (1, 0.5, 0.5),  # one server: C is the utilisation
        (2, 1, 1 / 3),  # B = 1/5, C = (1/5) / (1/2 + 1/2 * 1/5)
        (3, 2, 4 / 9),  # B = 4/19, C = (4/19) / (1/3 + 2/3 * 4/19)
        (4, 0, 0),
        (2, 2, 1),
        (2, 5, 1),
    ],
)
def test_erlang_c_of_hand_values(servers: int, offered: float, waits: float) -> None:
    assert erlang_c(servers, offered) == pytest.approx(waits, rel=1e-12)


@pytest.mark.parametrize(("servers", "offered"), [(-1, 1.0), (1, -1.0), (1, float("inf"))])
def test_undefined_loads_are_refused(servers: int, offered: float) -> None:
    with pytest.raises(ValueError, match="not defined"):
        erlang_b(servers, offered)
