"""One step of an operation as a plain call: a thread cannot hand on ``StopIteration``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from ._models import Request, Response
    from ._protocol import Operation

__all__ = ["Finished", "advance", "start"]

T = TypeVar("T")


@dataclass(frozen=True)
class Finished(Generic[T]):
    """The operation is over; this is its result."""

    value: T


def start(operation: Operation[T]) -> Request | Finished[T]:
    """Run the operation up to its first request."""
    try:
        return next(operation)
    except StopIteration as stop:
        return Finished(stop.value)


def advance(operation: Operation[T], response: Response) -> Request | Finished[T]:
    """Run the operation from an answer to its next request."""
    try:
        return operation.send(response)
    except StopIteration as stop:
        return Finished(stop.value)
