"""Print the reference page of Python packages, from their sources alone: nothing is imported.

    python python_page.py TITLE=FILE …

Each FILE is a package's ``__init__.py`` or a stub; its ``__all__`` says what is public.
"""

from __future__ import annotations

import ast
import sys
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Union

if TYPE_CHECKING:
    from collections.abc import Iterator

    Function = Union[ast.FunctionDef, ast.AsyncFunctionDef]
    Named = Union[Function, ast.ClassDef]


def main(arguments: list[str]) -> str:
    """Return the page."""
    parts = ["# Python", "Made from the sources of this repository when the site is built."]
    for argument in arguments:
        title, _, file = argument.partition("=")
        parts += _package(title, Path(file))
    return "\n\n".join(parts) + "\n"


def _package(title: str, file: Path) -> Iterator[str]:
    tree = ast.parse(file.read_text("utf-8"))
    public = _all(tree)
    if not public:
        raise SystemExit(f"error: {file} names nothing in __all__")
    found = {node.name: node for source in _sources(file) for node in _top(source)}
    documented = dict(_constants(tree))
    yield f"## {title}"
    yield _prose(ast.get_docstring(tree) or "")
    for name in sorted(public):
        if name in documented:
            yield f"### {name}\n\n{_prose(documented[name])}"
        elif name in found:
            yield from _item(found[name])
        else:
            raise SystemExit(f"error: {file} exports {name}, which no file of it defines")


def _sources(file: Path) -> Iterator[ast.Module]:
    files = [file] if file.suffix == ".pyi" else sorted(file.parent.rglob("*.py"))
    return (ast.parse(source.read_text("utf-8")) for source in files)


def _all(tree: ast.Module) -> list[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and [ast.unparse(name) for name in node.targets] == [
            "__all__"
        ]:
            return list(ast.literal_eval(node.value))
    return []


def _top(tree: ast.Module) -> Iterator[Named]:
    for node in tree.body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node, following in zip(tree.body, tree.body[1:]):
        if isinstance(node, ast.AnnAssign) and isinstance(following, ast.Expr):
            yield ast.unparse(node.target), str(ast.literal_eval(following.value))


def _item(node: Named) -> Iterator[str]:
    yield f"### {node.name}"
    if not isinstance(node, ast.ClassDef):
        yield _code(_signature(node))
        yield _prose(_docstring(node))
        return
    bases = ", ".join(ast.unparse(base) for base in node.bases)
    constructor = next(
        (part for part in _methods(node) if part.name in {"__init__", "__new__"}), None
    )
    head = f"class {node.name}({bases})" if bases else f"class {node.name}"
    yield _code("\n".join([head, *([_signature(constructor)] if constructor else _fields(node))]))
    yield _prose(_docstring(node))
    for method in _methods(node):
        if not method.name.startswith("_"):
            yield f"#### {node.name}.{method.name}"
            yield _code(_signature(method))
            yield _prose(_docstring(method))


def _methods(node: ast.ClassDef) -> list[Function]:
    return [part for part in node.body if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef))]


def _fields(node: ast.ClassDef) -> list[str]:
    return [
        f"    {ast.unparse(part.target)}: {ast.unparse(part.annotation)}"
        for part in node.body
        if isinstance(part, ast.AnnAssign) and not ast.unparse(part.target).startswith("_")
    ]


def _signature(node: Function) -> str:
    kind = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    decorators = [f"@{ast.unparse(each)}" for each in node.decorator_list]
    line = f"{kind} {node.name}({ast.unparse(node.args)}){returns}"
    return "\n".join([*(each for each in decorators if each == "@property"), line])


def _docstring(node: Named) -> str:
    return ast.get_docstring(node) or ""


def _code(text: str) -> str:
    return f"```python\n{text}\n```"


def _prose(text: str) -> str:
    """Markdown of a docstring: roles and double backticks become code, indented parts code blocks."""
    blocks: list[tuple[bool, str]] = []
    for paragraph in text.split("\n\n"):
        indented = all(line.startswith("    ") for line in paragraph.split("\n"))
        if indented and blocks and blocks[-1][0]:
            blocks[-1] = (True, f"{blocks[-1][1]}\n\n{paragraph}")
        else:
            blocks.append((indented, paragraph))
    return "\n\n".join(
        _code(textwrap.dedent(block)) if indented else _inline(block) for indented, block in blocks
    )


def _inline(text: str) -> str:
    for role in (":class:", ":meth:", ":func:", ":attr:", ":data:"):
        text = text.replace(f"{role}`~.", "`").replace(f"{role}`~", "`").replace(f"{role}`", "`")
    return text.replace("``", "`").replace("<", "&lt;").replace("{{", "&#123;{")


if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1:]))
