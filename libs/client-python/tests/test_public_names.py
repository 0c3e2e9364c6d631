"""The public names are pinned: adding or removing one is a decision."""

from __future__ import annotations

import homomorphic_llm
import interlock_he
import pytest


def test_the_public_names_of_the_package() -> None:
    assert homomorphic_llm.__all__ == [
        "ApiError",
        "Client",
        "ClientError",
        "DecryptionError",
        "Health",
        "HttpTransport",
        "InvalidVectorError",
        "ProtocolError",
        "Request",
        "Response",
        "Transport",
        "TransportError",
    ]
    assert all(hasattr(homomorphic_llm, name) for name in homomorphic_llm.__all__)


@pytest.mark.parametrize(
    "name",
    ["ApiError", "DecryptionError", "InvalidVectorError", "ProtocolError", "TransportError"],
)
def test_every_error_is_a_client_error(name: str) -> None:
    assert issubclass(getattr(homomorphic_llm, name), homomorphic_llm.ClientError)


def test_the_public_names_of_the_wheel() -> None:
    names = {name for name in vars(interlock_he) if not name.startswith("_")}
    assert names - {"interlock_he"} == {
        "CiphertextError",
        "HeError",
        "MAX_DIMENSION",
        "MAX_NORM",
        "SecretKey",
        "VectorError",
    }
