"""Requests one by one: cold starts, environments and latency of a load that no formula covers."""
