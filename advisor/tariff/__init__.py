"""The price book over ``pricing/``: dated lookup of graduated prices."""

from advisor.tariff.book import PriceBook, open_book, services
from advisor.tariff.digest import digest
from advisor.tariff.price import Price, Tier

__all__ = ["Price", "PriceBook", "Tier", "digest", "open_book", "services"]
