"""What no OpenAPI document can say: which bodies are ciphertexts, and of which matrix.

``HLP_BODIES`` is a folder with a request for each matrix that is served: ``scores.hlp`` fits the
matrices ``scores`` and ``sharded``, ``records.hlp`` fits ``records``.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import strategies as st

MEDIA_TYPE = "application/vnd.hlp.v1"
APPLY = "POST /v1/matrices/{name}/apply"
MODELS = {"POST /v1/chat/completions": "gpt-stand-in", "POST /v1/messages": "claude-stand-in"}
BODIES = {
    name: Path(os.environ["HLP_BODIES"], f"{name}.hlp").read_bytes()
    for name in ("scores", "records")
}

schemathesis.openapi.media_type(MEDIA_TYPE, st.sampled_from(list(BODIES.values())))


@schemathesis.deserializer(MEDIA_TYPE)
def ciphertexts(context: Any, response: Any) -> str:
    """Give ciphertexts as the document describes them: a string of bytes."""
    return str(response.content, "latin-1")


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: Any, kwargs: dict[str, Any]) -> None:
    """Make of a request that the document allows one that the server accepts.

    It names a model that a provider has, or a matrix that is there and fits the body; only a
    sharded one is asked for shards, and then with a part of the privacy budget; it expects no
    version that the matrix never had.
    """
    if not case.meta.generation.mode.is_positive:
        return
    if case.operation.label in MODELS:
        case.body["model"] = MODELS[case.operation.label]
    elif case.operation.label == APPLY:
        fit_matrix(case)
    elif "name" in (case.path_parameters or {}):
        case.path_parameters["name"] = "sharded"


def fit_matrix(case: Any) -> None:
    """Name the matrix that the body and the choice of shards are for."""
    case.headers.pop("If-Match", None)
    case.headers.pop("HLP-Epsilon", None)
    if case.body == BODIES["records"]:
        case.path_parameters["name"] = "records"
        case.query.pop("shards", None)
    elif "shards" in case.query:
        case.path_parameters["name"] = "sharded"
        case.query["shards"] = "0,2"
        case.headers["HLP-Epsilon"] = "0.001"
    else:
        case.path_parameters["name"] = "scores"
