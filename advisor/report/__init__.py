"""Renders a recommendation: a module a format. Nothing is computed here but rounding."""
