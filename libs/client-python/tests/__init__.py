"""Tests of the client against the real server and the real wheel."""
