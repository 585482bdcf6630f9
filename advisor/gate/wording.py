"""Figures inside the sentences of findings."""

from __future__ import annotations

from decimal import Decimal

_HALF_A_CENT = Decimal("0.005")


def usd(amount: Decimal) -> str:
    """Return an amount to the cent, and exactly enough below a cent.

    >>> usd(Decimal("1234.5")), usd(Decimal("0.0031"))
    ('1,234.50 USD', '0.0031 USD')
    """
    if amount and abs(amount) < _HALF_A_CENT:
        return f"{float(f'{amount:.2g}'):.12f}".rstrip("0") + " USD"
    return f"{amount:,.2f} USD"


def percent(value: Decimal | None) -> str:
    """Return a change in percent, in brackets, or nothing where there is none."""
    if value is None:
        return ""
    digits = 0 if abs(value) >= 10 else 1
    return f" ({value:+,.{digits}f} %)"
