"""Amounts that add up: how fine they are kept, and parts in percent."""

from __future__ import annotations

from decimal import Context, Decimal

AMOUNT_STEP = Decimal("1e-12")
_WIDE = Context(prec=200)
"""Absurd workloads cost more than the default context has digits for; they must not crash."""


def percent_of(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """Return a part in percent of a positive whole, to six digits after the point; else None."""
    if part is None or whole is None or whole <= 0:
        return None
    return (part * 100 / whole).quantize(Decimal("1e-6"), context=_WIDE)


def exact(amount: Decimal | int) -> Decimal:
    """Return an amount as it is kept here: to a millionth of a millionth of a USD."""
    return Decimal(amount).quantize(AMOUNT_STEP, context=_WIDE)
