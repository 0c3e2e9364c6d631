import { InterlockError } from '@interlock/kit'
import { describe, expect, it } from 'vitest'
import { bundle, projectAt, readTexts, type Texts } from '../testing/bundle.ts'

const project = (name: string, rest = ''): string => `[project]\nname = ${JSON.stringify(name)}\n${rest}\n`

function failure(files: Texts): string {
  try {
    readTexts(files)
  } catch (error) {
    if (error instanceof InterlockError) return error.message.split('\n', 1)[0] ?? ''
    throw error
  }
  return 'no error'
}

describe('bad input', () => {
  it('names the file, line and column of broken TOML', () => {
    expect(failure({ 'a/pyproject.toml': '[project]\nname = \n' })).toMatch(
      /^PYTHON_MANIFEST_UNREADABLE: a\/pyproject\.toml:2:\d+: not valid TOML/,
    )
  })

  it('names the file of a broken lock', () => {
    expect(failure({ 'a/pyproject.toml': project('a'), 'a/poetry.lock': '[[package]\n' })).toMatch(
      /^PYTHON_LOCK_UNREADABLE: a\/poetry\.lock:1:/,
    )
  })

  it('recovers after the fix, without memory of the failure', () => {
    expect(failure({ 'a/pyproject.toml': '[project' })).toContain('PYTHON_MANIFEST_UNREADABLE')
    expect(readTexts({ 'a/pyproject.toml': project('a') }).projects).toHaveLength(1)
    expect(failure({ 'a/pyproject.toml': '[project' })).toContain('PYTHON_MANIFEST_UNREADABLE')
  })

  it('reads CRLF like LF', () => {
    const files = bundle('exported')
    const crlf = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text.replaceAll('\n', '\r\n')]))
    expect(readTexts(crlf)).toEqual(readTexts(files))
  })

  it('reads a manifest of 5 MB', () => {
    const filler = Array.from({ length: 100_000 }, (_, index) => `k${index} = "${'x'.repeat(40)}"`).join('\n')
    expect(readTexts({ 'a/pyproject.toml': `${project('a')}[tool.big]\n${filler}\n` }).projects).toHaveLength(1)
  })

  it.each([
    ['uv.lock', 'version = 2\n', 'uv.lock has version 2, known is 1'],
    ['poetry.lock', '[metadata]\nlock-version = "3.0"\n', 'poetry.lock has lock-version 3.0, known are 1 and 2'],
    ['pylock.toml', 'lock-version = "2.0"\n', 'pylock.toml has lock-version 2.0, known is 1.0'],
  ])('refuses a newer %s', (name, text, message) => {
    expect(failure({ 'a/pyproject.toml': project('a'), [`a/${name}`]: text })).toBe(`PYTHON_LOCK_TOO_NEW: a/${name}: ${message}`)
  })

  it('refuses a lock that misses a member', () => {
    const files = { ...bundle('uv-workspace'), 'libs/new/pyproject.toml': project('new') }
    expect(failure(files)).toBe(
      'PYTHON_LOCK_INCOMPLETE: uv.lock: the lock misses the workspace member `new` (libs/new/pyproject.toml)',
    )
  })

  it('refuses a member and a path dependency outside the workspace', () => {
    expect(failure({ 'pyproject.toml': '[tool.uv.workspace]\nmembers = ["../x"]\n' })).toBe(
      'PYTHON_PATH_OUTSIDE: pyproject.toml: workspace member "../x" leads out of the workspace',
    )
    expect(
      failure({ 'a/pyproject.toml': project('a', 'dependencies = ["b"]\n[tool.uv.sources]\nb = { path = "../../b" }') }),
    ).toBe('PYTHON_PATH_OUTSIDE: a/pyproject.toml: path dependency "../../b" leads out of the workspace')
  })

  it.each(['-rf', 'a b', '$(id)', 'a"; rm', 'é', "a'", ''])('refuses the name %j', (name) => {
    expect(failure({ 'a/pyproject.toml': project(name) })).toBe(
      `GRAPH_NAME_UNSAFE: a/pyproject.toml: ${JSON.stringify(name)} is not a name of a Python package`,
    )
  })

  it.each(['a b', '$(id)', "it's", 'ü', '-x'])('keeps a directory %j out of every command', (directory) => {
    const files = {
      [`${directory}/pyproject.toml`]: project(
        'a',
        '[dependency-groups]\ndev = ["pytest", "black", "ruff", "mypy", "pytest-cov"]',
      ),
    }
    const { targets } = projectAt(readTexts(files), directory)
    expect(Object.values(targets).every((target) => target.cwd === directory)).toBe(true)
    expect(
      Object.values(targets)
        .flatMap((target) => target.command)
        .filter((word) => word.includes(directory)),
    ).toEqual([])
  })

  it('reads a member directory with spaces and unicode', () => {
    const files = {
      'pyproject.toml': '[tool.uv.workspace]\nmembers = ["libs/*"]\n',
      'libs/a ü/pyproject.toml': project('a', 'dependencies = ["b"]'),
      'libs/b/pyproject.toml': project('b'),
    }
    expect(projectAt(readTexts(files), 'libs/a ü').dependencies).toHaveLength(1)
  })

  it('refuses two members with one name', () => {
    const files = {
      'pyproject.toml': '[tool.uv.workspace]\nmembers = ["*"]\n',
      'a/pyproject.toml': project('X.y'),
      'b/pyproject.toml': project('x-Y'),
    }
    expect(failure(files)).toBe('GRAPH_NAME_DUPLICATE: b/pyproject.toml: `x-Y` is also the name of a/pyproject.toml')
  })

  it.each<[string, Texts, string]>([
    ['a project without a name', { 'pyproject.toml': '[project]\nversion = "1"\n' }, '`project` has no `name`'],
    [
      'a wrong type',
      { 'pyproject.toml': project('a', 'dependencies = "x"') },
      '`project.dependencies` must be an array of strings, not a string',
    ],
    ['a broken requirement', { 'pyproject.toml': project('a', 'dependencies = ["=="]') }, '"==" is not a requirement'],
    [
      'a group that includes itself',
      { 'pyproject.toml': project('a', '[dependency-groups]\nx = [{include-group = "x"}]') },
      'dependency group `x` includes itself: x -> x',
    ],
    [
      'a group that is not there',
      { 'pyproject.toml': project('a', '[dependency-groups]\nx = [{include-group = "y"}]') },
      'dependency group `y` is included but does not exist',
    ],
    [
      'a missing crate',
      { 'pyproject.toml': project('a', '[build-system]\nrequires = []\nbuild-backend = "maturin"') },
      'the package is built from a crate, but Cargo.toml does not exist',
    ],
  ])('refuses %s', (_, files, message) => {
    expect(failure(files)).toBe(`PYTHON_MANIFEST_UNREADABLE: pyproject.toml: ${message}`)
  })

  it('refuses a member that is not there and a workspace source that is no member', () => {
    expect(failure({ 'pyproject.toml': '[tool.uv.workspace]\nmembers = ["x"]\n' })).toBe(
      'PYTHON_WORKSPACE_INVALID: pyproject.toml: workspace member "x" has no pyproject.toml',
    )
    expect(
      failure({ 'a/pyproject.toml': project('a', 'dependencies = ["b"]\n[tool.uv.sources]\nb = { workspace = true }') }),
    ).toBe('PYTHON_WORKSPACE_INVALID: a/pyproject.toml: tool.uv.sources: `b` is not a member of the workspace')
  })
})
