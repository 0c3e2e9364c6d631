"""Writes composition.txt anew, with the conversion of OpenDP 0.16.0 (`pip install opendp==0.16.0`).

OpenDP shares no code with the crate. `python composition.py > composition.txt`
"""

from __future__ import annotations

import math
import sys
from fractions import Fraction

import opendp.prelude as dp

QUERIES = [
    [("0.5", 64)],
    [("3", 4)],
    [("0.1", 120)],
    [("0.01", 1000)],
    [("0.000001", 1)],
    [("12", 1)],
    [("64", 3)],
    [("0.25", 400)],
    [("1", 10), ("0.5", 20), ("0.125", 100)],
    [("2", 1), ("0.0625", 2000)],
]
DELTAS = [0.001, 1e-6, 1e-9, 1e-12]

dp.enable_features("contrib")
space = dp.atom_domain(T=float, nan=False), dp.absolute_distance(T=float)
convert = dp.c.make_zCDP_to_approxDP(dp.m.make_gaussian(*space, scale=1.0))

lines = [
    "# delta; epsilon x number of queries; sum of epsilon; sum of epsilon^2 / 2; epsilon at delta"
]
for queries in QUERIES:
    basic = sum(Fraction(epsilon) * number for epsilon, number in queries)
    rho = sum(Fraction(epsilon) ** 2 * number for epsilon, number in queries) / 2
    for delta in DELTAS:
        # A Gaussian of scale 1 and sensitivity s is s^2 / 2 zCDP.
        epsilon = convert.map(math.sqrt(2 * rho)).epsilon(delta)
        listed = " ".join(f"{epsilon}x{number}" for epsilon, number in queries)
        lines.append(f"{delta}; {listed}; {float(basic)}; {float(rho)}; {epsilon}")
sys.stdout.write("\n".join([*lines, ""]))
