"""The server of the tests, for benchmarks."""

from __future__ import annotations

from tests.conftest import client, provider, server

__all__ = ["client", "provider", "server"]
