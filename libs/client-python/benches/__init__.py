"""Benchmarks of the client: ``python -m pytest benches``."""
