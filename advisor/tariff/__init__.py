"""The price book over ``pricing/``: dated lookup of graduated prices."""

from advisor.tariff.book import PriceBook, open_book
from advisor.tariff.price import Price, Tier
from advisor.tariff.table import PriceTable, open_table

__all__ = ["Price", "PriceBook", "PriceTable", "Tier", "open_book", "open_table"]
