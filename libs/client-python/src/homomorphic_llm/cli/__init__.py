"""The command ``hlp``: search, fetch, ask, models, params, budget and index."""

from ._main import main

__all__ = ["main"]
