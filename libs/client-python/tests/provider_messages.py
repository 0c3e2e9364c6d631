"""What the provider on this machine does at ``/v1/messages``, in the shapes of Anthropic.

It answers only what the reference of that API allows, and counts its answers.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler

#: What a model thinks aloud, which is no part of its answer.
THOUGHT = "The user wants an echo."


def answer_message(handler: BaseHTTPRequestHandler, body: dict[str, Any], number: int) -> None:
    """Answer by a stream, by one document, or by a refusal."""
    fault = fault_of(body, handler.headers["Anthropic-Version"])
    model = str(body.get("model"))
    if fault is not None or model == "claude-busy":
        if fault is None:
            _send_document(handler, 429, error("rate_limit_error", "slower"))
        else:
            _send_document(handler, 400, error("invalid_request_error", fault))
        return
    text = "You wrote: " + said(body)
    if model == "claude-whole":
        _send_document(handler, 200, message(model, number, text, body["max_tokens"]))
        return
    events = stream(message(model, number, text, body["max_tokens"]))
    if model == "claude-overloaded":
        events = [*events[:-3], error("overloaded_error", "Overloaded")]
    if model == "claude-cut":
        events = events[:-3]
    data = b"".join(
        f"event: {event['type']}\ndata: {json.dumps(event, ensure_ascii=False)}\n\n".encode()
        for event in events
    )
    _head(handler, 200, "text/event-stream; charset=utf-8")
    for at in range(0, len(data), 3):
        handler.wfile.write(data[at : at + 3])
        handler.wfile.flush()


def fault_of(body: dict[str, Any], version: str | None) -> str | None:
    """What the API says of a request that it refuses."""
    if version != "2023-06-01":
        return "anthropic-version: header is required"
    allowed = {"model", "max_tokens", "messages", "system", "stream", "temperature"}
    if set(body) - allowed:
        return f"{sorted(set(body) - allowed)[0]}: Extra inputs are not permitted"
    if type(body.get("max_tokens")) is not int or body["max_tokens"] < 1:
        return "max_tokens: Field required"
    for at, one in enumerate(body["messages"]):
        if one["role"] not in ("user", "assistant"):
            return f"messages.{at}.role: Input should be 'user' or 'assistant'"
    return None if body["messages"] else "messages: at least one message is required"


def said(body: dict[str, Any]) -> str:
    """The last message, behind what the system says."""
    contents = [body.get("system", []), body["messages"][-1]["content"]]
    return " ".join(
        content if isinstance(content, str) else "".join(part["text"] for part in content)
        for content in contents
        if content
    )


def message(model: str, number: int, text: str, most: int) -> dict[str, Any]:
    """A message whose tokens are words; it is cut where it has as many as it may."""
    words = text.split(" ")
    return {
        "id": f"msg_{number}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [
            {"type": "thinking", "thinking": THOUGHT, "signature": "c2ln"},
            {"type": "text", "text": " ".join(words[:most])},
        ],
        "stop_reason": "end_turn" if len(words) <= most else "max_tokens",
        "stop_sequence": None,
        "usage": {"input_tokens": number, "output_tokens": min(len(words), most)},
    }


def stream(whole: dict[str, Any]) -> list[dict[str, Any]]:
    """The events that make up a message, its texts word by word, with a ping in between."""
    head = {**whole, "content": [], "stop_reason": None, "usage": {**whole["usage"]}}
    events: list[dict[str, Any]] = [{"type": "message_start", "message": head}, {"type": "ping"}]
    for index, block in enumerate(whole["content"]):
        kind, name = block["type"], "text" if block["type"] == "text" else "thinking"
        start = {"type": kind, name: ""}
        events.append({"type": "content_block_start", "index": index, "content_block": start})
        for at, word in enumerate(block[name].split(" ")):
            delta = {"type": f"{name}_delta", name: word if at == 0 else f" {word}"}
            events.append({"type": "content_block_delta", "index": index, "delta": delta})
        events.append({"type": "content_block_stop", "index": index})
    end = {"stop_reason": whole["stop_reason"], "stop_sequence": None}
    tokens = {"output_tokens": whole["usage"]["output_tokens"]}
    return [
        *events,
        {"type": "message_delta", "delta": end, "usage": tokens},
        {"type": "message_stop"},
    ]


def error(kind: str, text: str) -> dict[str, Any]:
    """A refusal."""
    return {"type": "error", "error": {"type": kind, "message": text}}


def _send_document(handler: BaseHTTPRequestHandler, status: int, value: object) -> None:
    data = json.dumps(value, ensure_ascii=False).encode()
    _head(handler, status, "application/json", str(len(data)))
    handler.wfile.write(data)


def _head(handler: BaseHTTPRequestHandler, status: int, kind: str, length: str = "") -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    if length:
        handler.send_header("Content-Length", length)
    handler.end_headers()
