"""Cost and architecture decisions for AWS serverless workloads."""

__version__ = "0.1.0"
