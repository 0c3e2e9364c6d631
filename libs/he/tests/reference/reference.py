"""The answer to a stored request, computed from the definitions with Python's integers.

It shares no code, no transform and no reduction with the crate: polynomials are multiplied as big
integers, the transform is a plain recursion over its points, scaling is exact division. Slow, and
for tests alone.

    python3 reference.py FOLDER

prints the golden seed expansion and fails unless the response in FOLDER, and that in its folder
`records`, is, byte for byte, the answer to the request in it, and decrypts to the plain product.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

DEGREE = 2048
MODULUS = 2_199_000_186_881
# By the kind of the request and by that of the response: scores are signed, records are bytes.
PLAINTEXT_MODULUS = {1: 1 << 20, 2: 1 << 20, 3: 1 << 8, 4: 1 << 8}
WORD = 0xFFFFFFFF


def chacha8_words(key: bytes) -> Iterator[int]:
    """The 32-bit words of ChaCha with 8 rounds, 64-bit counter from 0 and nonce 0."""
    constants = [0x61707865, 0x3320646E, 0x79622D32, 0x6B206574]
    words = [int.from_bytes(key[at : at + 4], "little") for at in range(0, 32, 4)]
    counter = 0
    while True:
        start = [*constants, *words, counter & WORD, counter >> 32, 0, 0]
        state = list(start)
        for _ in range(4):
            for a, b, c, d in (
                (0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
                (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14),
            ):  # fmt: skip
                for left, right, target, turn in (
                    (a, b, d, 16),
                    (c, d, b, 12),
                    (a, b, d, 8),
                    (c, d, b, 7),
                ):
                    state[left] = (state[left] + state[right]) & WORD
                    mixed = state[target] ^ state[left]
                    state[target] = ((mixed << turn) | (mixed >> (32 - turn))) & WORD
        yield from ((value + first) & WORD for value, first in zip(state, start))
        counter += 1


def expand(seed: bytes) -> list[int]:
    """The transformed polynomial that a seed stands for: SHA-256, ChaCha8, unbiased sampling."""
    words = chacha8_words(hashlib.sha256(seed).digest())
    threshold = (1 << 64) % MODULUS
    values = []
    while len(values) < DEGREE:
        product = (next(words) | next(words) << 32) * MODULUS
        if product % (1 << 64) >= threshold:
            values.append(product >> 64)
    return values


def primitive_root(points_of_x: list[int]) -> int:
    """Checks that the points are the odd powers of a root, in bit-reversed order."""
    root = points_of_x[0]
    for index, point in enumerate(points_of_x):
        exponent = 2 * int(f"{index:011b}"[::-1], 2) + 1
        assert point == pow(root, exponent, MODULUS), f"point {index}"
    return root


def interpolate(values: list[int], root: int) -> list[int]:
    """The coefficients of the polynomial with these values at the odd powers of the root."""
    by_exponent = [0] * DEGREE
    for index, value in enumerate(values):
        by_exponent[int(f"{index:011b}"[::-1], 2)] = value
    inverse_root = pow(root, -1, MODULUS)
    sums = evaluate(by_exponent, pow(inverse_root, 2, MODULUS))
    inverse_degree = pow(DEGREE, -1, MODULUS)
    return [
        value * inverse_degree * pow(inverse_root, index, MODULUS) % MODULUS
        for index, value in enumerate(sums)
    ]


def evaluate(coefficients: list[int], root: int) -> list[int]:
    """The values of a polynomial at the powers of a root whose order is its length."""
    if len(coefficients) == 1:
        return coefficients
    square = root * root % MODULUS
    even, odd = evaluate(coefficients[::2], square), evaluate(coefficients[1::2], square)
    values, power = [0] * len(coefficients), 1
    half = len(coefficients) // 2
    for index in range(half):
        turned = power * odd[index]
        values[index] = (even[index] + turned) % MODULUS
        values[index + half] = (even[index] - turned) % MODULUS
        power = power * root % MODULUS
    return values


def multiply(left: list[int], right: list[int]) -> list[int]:
    """The product modulo X^DEGREE + 1, by one multiplication of two big integers."""
    width = 16  # bytes: a coefficient of the product is below 2^(41 + 41 + 11)
    packed = [
        int.from_bytes(
            b"".join((value % MODULUS).to_bytes(width, "little") for value in factor), "little"
        )
        for factor in (left, right)
    ]
    product = (packed[0] * packed[1]).to_bytes(2 * DEGREE * width, "little")
    wide = [
        int.from_bytes(product[at : at + width], "little") for at in range(0, len(product), width)
    ]
    return [(wide[index] - wide[index + DEGREE]) % MODULUS for index in range(DEGREE)]


def read_request(message: bytes, root: int) -> tuple[int, list[tuple[list[int], list[int]]]]:
    """The group, and both polynomials of every ciphertext, as coefficients."""
    assert message[:4] == b"HLP1"
    assert message[4] in (1, 3)
    group, entries = message[5], int.from_bytes(message[6:10], "little")
    ciphertexts = []
    for at in range(10, len(message), 32 + 10_496):
        seed, packed = message[at : at + 32], int.from_bytes(
            message[at + 32 : at + 32 + 10_496], "little"
        )
        body = [packed >> (41 * index) & ((1 << 41) - 1) for index in range(DEGREE)]
        ciphertexts.append((interpolate(expand(seed), root), interpolate(body, root)))
    assert len(ciphertexts) == -(-entries // group)
    return group, ciphertexts


def matrix_polynomial(rows: list[list[int]], column: int, group: int) -> list[int]:
    polynomial = [0] * DEGREE
    for row, entries in enumerate(rows):
        for offset, entry in enumerate(entries[column : column + group]):
            polynomial[row * group + group - 1 - offset] = entry
    return polynomial


def down32(value: int) -> int:
    return (value * (1 << 32) + MODULUS // 2) // MODULUS % (1 << 32)


def apply(message: bytes, rows: list[list[int]], root: int) -> bytes:
    group, ciphertexts = read_request(message, root)
    masks, bodies = b"", b""
    for first in range(0, len(rows), DEGREE // group):
        block = rows[first : first + DEGREE // group]
        sums = [[0] * DEGREE, [0] * DEGREE]
        for index, ciphertext in enumerate(ciphertexts):
            polynomial = matrix_polynomial(block, index * group, group)
            for part in (0, 1):
                product = multiply(ciphertext[part], polynomial)
                sums[part] = [(a + b) % MODULUS for a, b in zip(sums[part], product)]
        masks += b"".join(down32(value).to_bytes(4, "little") for value in sums[0])
        for row in range(len(block)):
            bodies += down32(sums[1][row * group + group - 1]).to_bytes(4, "little")
    return (
        b"HLP1" + bytes([message[4] + 1, group]) + len(rows).to_bytes(4, "little") + masks + bodies
    )


def decrypt(message: bytes, key: list[int]) -> list[int]:
    kind, group, count = message[4], message[5], int.from_bytes(message[6:10], "little")
    words = [int.from_bytes(message[at : at + 4], "little") for at in range(10, len(message), 4)]
    blocks = -(-count * group // DEGREE)
    masks, bodies = words[: blocks * DEGREE], words[blocks * DEGREE :]
    scores = []
    for block in range(blocks):
        mask = [value * MODULUS // (1 << 32) for value in masks[block * DEGREE :][:DEGREE]]
        masked = multiply(mask, key)
        for row, value in enumerate(bodies[block * (DEGREE // group) :][: DEGREE // group]):
            noisy = (value * MODULUS // (1 << 32) + masked[row * group + group - 1]) % MODULUS
            scaled = (noisy * PLAINTEXT_MODULUS[kind] + MODULUS // 2) // MODULUS
            scores.append(represent(scaled, kind))
    return scores


def represent(value: int, kind: int) -> int:
    """The integer that stands for a residue: around 0 for scores, from 0 on for records."""
    modulus = PLAINTEXT_MODULUS[kind]
    value %= modulus
    return value - modulus if kind == 2 and value >= modulus // 2 else value


def integers(path: Path) -> list[list[int]]:
    return [[int(word) for word in line.split()] for line in path.read_text().splitlines()]


def check(folder: Path, root: int, key: list[int]) -> None:
    rows, vector = integers(folder / "matrix.txt"), integers(folder / "vector.txt")[0]
    response = (folder / "response.hlp").read_bytes()
    answer = apply((folder / "request.hlp").read_bytes(), rows, root)
    assert answer == response, f"the response in {folder} differs"
    plain = [represent(sum(a * b for a, b in zip(row, vector)), response[4]) for row in rows]
    assert decrypt(response, key) == plain, f"the integers in {folder} differ"


def main(folder: Path) -> None:
    root = primitive_root(integers(folder / "points.txt")[0])
    key = integers(folder / "key.txt")[0]
    check(folder, root, key)
    check(folder / "records", root, key)
    golden = b"".join(value.to_bytes(8, "little") for value in expand(bytes(range(32))))
    sys.stdout.write(hashlib.sha256(golden).hexdigest() + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
