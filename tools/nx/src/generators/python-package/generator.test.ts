import type { Tree } from '@nx/devkit'
import { createTree } from '@nx/devkit/testing'
import { expect, test } from 'vitest'
import pythonPackageGenerator from './generator.ts'

function workspace(files: Readonly<Record<string, string>>): Tree {
  const tree = createTree()
  for (const [path, text] of Object.entries(files)) tree.write(path, text)
  return tree
}

function text(tree: Tree, path: string): string {
  return tree.read(path, 'utf8') ?? `${path} does not exist`
}

const ROOT = `# The workspace.
[tool.uv.workspace]
members = ["packages/a"] # more to come

[dependency-groups]
dev = ["pytest>=8"]
`

const A = `[project]
name = "a"
requires-python = ">=3.11"

[build-system]
requires = ["uv_build>=0.9"]
build-backend = "uv_build"
`

test('a package joins the uv workspace in the style of its neighbours', async () => {
  const tree = workspace({ 'pyproject.toml': ROOT, 'packages/a/pyproject.toml': A })
  await pythonPackageGenerator(tree, { name: 'my-package' })
  expect(text(tree, 'pyproject.toml')).toBe(ROOT.replace('["packages/a"]', '["packages/a", "packages/my-package"]'))
  expect(text(tree, 'packages/my-package/pyproject.toml')).toBe(`[project]
name = "my-package"
version = "0.1.0"
description = "The package my-package"
readme = "README.md"
requires-python = ">=3.11"
dependencies = []

[build-system]
requires = ["uv_build>=0.9"]
build-backend = "uv_build"

[tool.pytest.ini_options]
testpaths = ["tests"]
pythonpath = ["src"]
`)
  expect(tree.exists('packages/my-package/src/my_package/py.typed')).toBe(true)
  expect(text(tree, 'packages/my-package/tests/test_my_package.py')).toContain('from my_package import greeting')
})

test('a package without a workspace stands alone and names its own tools', async () => {
  const tree = workspace({})
  await pythonPackageGenerator(tree, { name: 'lonely' })
  expect(tree.exists('pyproject.toml')).toBe(false)
  expect(text(tree, 'libs/lonely/pyproject.toml')).toContain('dev = ["mypy", "pytest", "ruff"]')
  expect(text(tree, 'libs/lonely/pyproject.toml')).toContain('build-backend = "hatchling.build"')
})

test('members that a glob covers are not listed again', async () => {
  const root = '[tool.uv.workspace]\nmembers = ["libs/*"]\n'
  const tree = workspace({ 'pyproject.toml': root })
  await pythonPackageGenerator(tree, { name: 'b' })
  expect(text(tree, 'pyproject.toml')).toBe(root)
})

test('hostile names and packages that exist are refused', async () => {
  const tree = workspace({ 'pyproject.toml': ROOT, 'packages/a/pyproject.toml': A })
  await expect(pythonPackageGenerator(tree, { name: '$(id)' })).rejects.toThrow('CONFIG_INVALID')
  await expect(pythonPackageGenerator(tree, { name: 'class' })).rejects.toThrow('CONFIG_INVALID')
  await expect(pythonPackageGenerator(tree, { name: 'b', directory: '/tmp' })).rejects.toThrow('CONFIG_INVALID')
  await expect(pythonPackageGenerator(tree, { name: 'a' })).rejects.toThrow('EDIT_CONFLICT')
})
