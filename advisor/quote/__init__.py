"""The price of one service, from its quantities alone: what `advisor price` answers.

A module a family of services; each service is a ``Meter``, whose fields are the keys that a user
gives. ``catalogue`` names them all.
"""
