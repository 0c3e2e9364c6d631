"""The passages of a handbook that the tests search."""

from __future__ import annotations

from homomorphic_llm.index import Passage

THINGS = ("bread", "engines", "lighthouses", "violins", "ledgers")
SUBJECTS = (*THINGS, "rivers", "poems", "glaciers", "comets", "orchards")
VERBS = ("explains", "measures", "repairs", "paints", "remembers")


def handbook() -> list[Passage]:
    """Fifty passages that have a few words in common, and some text that is not ASCII."""
    passages = []
    for at, subject in enumerate(SUBJECTS):
        for step, verb in enumerate(VERBS):
            other = SUBJECTS[(at + step + 1) % len(SUBJECTS)]
            text = f"This page {verb} {subject}: {subject} and, at the edge, {other}. Grüße 🎉"
            passages.append(Passage(f"{subject}-{verb}", f"{verb} {subject}".title(), text))
    return passages
