"""The models that a chat may name, as a server lists them."""

from __future__ import annotations

import json

import pytest
from homomorphic_llm import Model, ProtocolError, Response
from homomorphic_llm._answers import models_of


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"data": {}},
        {"data": ["echo"]},
        {"data": [{"id": "echo"}]},
        {"data": [{"id": 7, "owned_by": "a"}]},
        {"data": [], "hlp_globs": [{"id": "gpt-*", "owned_by": "a"}]},
    ],
)
def test_models_are_read_strictly(answer: object) -> None:
    with pytest.raises(ProtocolError, match=r"answer\."):
        models_of(Response(200, json.dumps(answer).encode()))


def test_models_of_another_server_have_no_globs() -> None:
    data = [{"id": "m", "object": "model", "owned_by": "a"}]
    listed = Response(200, json.dumps({"object": "list", "data": data}).encode())
    assert models_of(listed) == (Model("m", "a", False),)
