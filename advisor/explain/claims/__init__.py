"""What is often said about serverless, with the verdict on it for a Region and for sizes."""

from advisor.explain.claims.judging import claims

__all__ = ["claims"]
