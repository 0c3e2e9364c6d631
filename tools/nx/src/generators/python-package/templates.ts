/** How the packages of a workspace are written. */
export interface Style {
  readonly requiresPython: string
  /** The build system that others use; hatchling when `undefined`. */
  readonly build: { readonly backend: string; readonly requires: readonly string[] } | undefined
  /** Whether the package must name its own test and lint tools, because the workspace names none. */
  readonly tools: boolean
}

/**
 * The manifest of a package without dependencies. Its tests find it in `src`, also where an environment is made from a lock
 * that leaves the members of the workspace out.
 */
export function packageManifest(name: string, style: Style): string {
  const build = style.build ?? { backend: 'hatchling.build', requires: ['hatchling'] }
  const tools = style.tools ? '\n[dependency-groups]\ndev = ["mypy", "pytest", "ruff"]\n' : ''
  return `[project]
name = "${name}"
version = "0.1.0"
description = "The package ${name}"
readme = "README.md"
requires-python = "${style.requiresPython}"
dependencies = []
${tools}
[build-system]
requires = ${JSON.stringify(build.requires)}
build-backend = "${build.backend}"

[tool.pytest.ini_options]
testpaths = ["tests"]
pythonpath = ["src"]
`
}

/** The package's only module. */
export function initFile(name: string): string {
  return `"""The package ${name}."""

__all__ = ["greeting"]


def greeting(name: str) -> str:
    """Return what the package says."""
    return f"Hello, {name}!"
`
}

/** A test of it. */
export function testFile(name: string, module: string): string {
  return `"""Tests of ${name}."""

from ${module} import greeting


def test_greets_by_name() -> None:
    """The greeting holds the name."""
    assert greeting("world") == "Hello, world!"
`
}
