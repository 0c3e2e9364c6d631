"""Encrypted search over what this repository says about itself.

``corpus`` cuts the repository's own words into passages, ``model`` turns a passage into a vector
on this machine, and ``serve`` starts the proxy over both. The searching is done by ``hlp``.
"""
