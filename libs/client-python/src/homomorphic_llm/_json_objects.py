"""Objects of JSON, read strictly."""

from __future__ import annotations

__all__ = ["without_twins"]


def without_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return the object of these pairs; a key that is there twice is a :class:`ValueError`."""
    value: dict[str, object] = {}
    for key, entry in pairs:
        if key in value:
            raise ValueError(f"the key {key!r} stands there more than once: which one counts?")
        value[key] = entry
    return value
