"""AWS itself, asked for its prices: the only package that imports boto3 or botocore.

They are imported when something is fetched, never by importing this package.
"""

from advisor.aws.failures import AwsFailed
from advisor.aws.fetching import fetch
from advisor.aws.selection import left_out, wanted

__all__ = ["AwsFailed", "fetch", "left_out", "wanted"]
