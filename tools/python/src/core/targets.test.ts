import { createMemo, type ReaderOptions } from '@interlock/kit'
import { describe, expect, it } from 'vitest'
import { projectAt, readTexts, type Texts } from '../testing/bundle.ts'
import { allowsPython } from './python-versions.ts'
import { parseRequirement } from './requirement.ts'

const TOOLS = '[dependency-groups]\ndev = ["black", "ruff", "mypy", "pytest", "pytest-cov", "pdoc", "hatchling", "build"]\n'
const HATCH = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'

function commands(files: Texts, root: string, options: Partial<ReaderOptions> = {}): Record<string, string> {
  const { targets } = projectAt(readTexts(files, options), root)
  return Object.fromEntries(Object.entries(targets).map(([name, target]) => [name, target.command.join(' ')]))
}

describe('targets', () => {
  it('runs the tools of a uv workspace without uv.lock in the environment as it is', () => {
    const files = {
      'pyproject.toml': `[tool.uv.workspace]\nmembers = ["libs/*"]\n${TOOLS}`,
      'libs/a/pyproject.toml': `${HATCH}[project]\nname = "a"\nrequires-python = ">=3.9,<3.12"\n[tool.hatch.build.targets.wheel]\npackages = ["src/a"]\n`,
    }
    expect(commands(files, 'libs/a')).toMatchInlineSnapshot(`
      {
        "api-docs": "uv run --no-sync python -m pdoc --output-directory ../../dist/{projectName}/api-docs ./src/a",
        "build": "uv run --no-sync python -m hatchling build -t wheel -d ../../dist/{projectName}",
        "coverage": "uv run --no-sync python -m pytest --cov --cov-branch --cov-report=lcov:../../dist/{projectName}/coverage{language}/lcov.info",
        "format": "uv run --no-sync python -m black --check .",
        "lint": "uv run --no-sync python -m ruff check .",
        "test": "uv run --no-sync python -m pytest",
        "test-py3.9": "uv run --no-sync --python 3.9 python -m pytest",
        "typecheck": "uv run --no-sync python -m mypy --strict .",
      }
    `)
    const { targets } = projectAt(readTexts(files), 'libs/a')
    expect(targets['test-py3.9']?.env).toEqual({ UV_PROJECT_ENVIRONMENT: '.venv-3.9' })
    expect(targets['format']?.reads).toBe('project')
    const judged = { runner: 'pytest', allowNoTests: false }
    expect(targets['test']?.tests).toEqual({ ...judged, measuredBy: 'coverage' })
    expect(targets['test-py3.9']?.tests).toEqual(judged)
    expect(targets['coverage']?.tests).toEqual({ ...judged, report: 'dist/{projectName}/coverage{language}/lcov.info' })
    expect(targets['coverage']?.outputs).toEqual(['{workspaceRoot}/dist/{projectName}/coverage{language}'])
  })

  it('lets uv bring the environment of all members up to date where uv.lock is committed', () => {
    const lock =
      'version = 1\n[[package]]\nname = "a"\nsource = { virtual = "." }\n[package.dev-dependencies]\ndev = [{ name = "ruff" }]\n[[package]]\nname = "ruff"\nversion = "1"\n'
    const files = {
      'pyproject.toml': '[project]\nname = "a"\n[dependency-groups]\ndev = ["ruff"]\n[tool.ruff.format]\n',
      'uv.lock': lock,
    }
    expect(commands(files, '.')).toEqual({
      format: 'uv run --frozen --all-packages python -m ruff format --check .',
      lint: 'uv run --frozen --all-packages python -m ruff check .',
    })
  })

  it('uses poetry where poetry.lock is, and the interpreter on PATH otherwise', () => {
    const manifest =
      '[tool.poetry]\nname = "a"\n[tool.poetry.group.dev.dependencies]\npytest = "*"\n[build-system]\nrequires = ["poetry-core"]\nbuild-backend = "poetry.core.masonry.api"\n'
    const lock = '[[package]]\nname = "pytest"\nversion = "1"\n'
    expect(commands({ 'a/pyproject.toml': manifest, 'a/poetry.lock': lock }, 'a')).toEqual({
      test: 'poetry run python -m pytest',
      build: 'poetry build --format wheel --output ../dist/{projectName}',
    })
    expect(commands({ 'a/pyproject.toml': manifest }, 'a')).toEqual({ test: 'python -m pytest' })
    expect(
      commands({ 'a/pyproject.toml': `${HATCH}[project]\nname = "a"\n[project.optional-dependencies]\ndev = ["build"]\n` }, 'a'),
    ).toEqual({
      build: 'python -m build --wheel --outdir ../dist/{projectName}',
    })
  })

  it('infers no target whose tool nothing names', () => {
    expect(commands({ 'a/pyproject.toml': '[project]\nname = "a"\ndependencies = ["httpx"]\n' }, 'a')).toEqual({})
  })

  it('infers a target from a configuration, and leaves --strict and paths to it', () => {
    const manifest = '[project]\nname = "a"\n[tool.mypy]\nstrict = false\nfiles = ["src"]\n[tool.black]\n'
    expect(commands({ 'a/pyproject.toml': manifest, 'a/pytest.ini': '', 'a/ruff.toml': '' }, 'a')).toEqual({
      format: 'python -m black --check .',
      lint: 'python -m ruff check .',
      typecheck: 'python -m mypy',
      test: 'python -m pytest',
    })
  })

  it('renames and leaves out targets, also where others depend on them', () => {
    const files = {
      'w/pyproject.toml':
        '[project]\nname = "w"\n[build-system]\nrequires = ["maturin"]\nbuild-backend = "maturin"\n[dependency-groups]\ndev = ["maturin"]\n',
      'w/Cargo.toml': '',
      'c/pyproject.toml':
        '[project]\nname = "c"\ndependencies = ["w"]\n[tool.uv.sources]\nw = { path = "../w" }\n[dependency-groups]\ndev = ["pytest"]\n',
    }
    const result = readTexts(files, { targets: { build: 'wheel', install: false } })
    expect(Object.keys(projectAt(result, 'w').targets)).toEqual(['wheel'])
    expect(projectAt(result, 'c').targets['test']?.dependsOn).toEqual(['^wheel'])
    expect(commands(files, 'w')).toEqual({
      build: 'python -m maturin build --release --out ../dist/{projectName}',
      install:
        'python -m pip install --upgrade --force-reinstall --no-deps --no-index --find-links ../dist/{projectName} --target ../dist/{projectName}/site w',
    })
  })

  it.each<[string, string, Partial<ReaderOptions>]>([
    ['the manifest', '[tool.interlock]\nallow-no-tests = true\n', {}],
    ['the options, by name', '', { allowNoTests: ['a'] }],
    ['the options, by directory', '', { allowNoTests: ['x/a'] }],
  ])('allows an empty test run that %s declares', (_, text, options) => {
    const files = { 'x/a/pyproject.toml': `[project]\nname = "a"\n[tool.pytest.ini_options]\n${text}` }
    expect(projectAt(readTexts(files, options), 'x/a').targets['test']?.tests?.allowNoTests).toBe(true)
  })
})

describe('requires-python', () => {
  it.each([
    ['>=3.9', ['3.9', '3.10', '3.12']],
    ['>3.9', ['3.10', '3.12']],
    ['>3.9.1', ['3.9', '3.10', '3.12']],
    ['>=3.9,<3.12', ['3.9', '3.10']],
    ['<3.10.5', ['3.8', '3.9', '3.10']],
    ['<=3.10', ['3.8', '3.9', '3.10']],
    ['==3.10.*', ['3.10']],
    ['!=3.9.*', ['3.8', '3.10', '3.12']],
    ['!=3.9.7', ['3.8', '3.9', '3.10', '3.12']],
    ['~=3.9', ['3.9', '3.10', '3.12']],
    ['~=3.9.2', ['3.9']],
    ['^3.9', ['3.9', '3.10', '3.12']],
    ['~3.9', ['3.9']],
    ['3.9 || 3.10', ['3.9', '3.10']],
    ['3', ['3.8', '3.9', '3.10', '3.12']],
    ['*', ['3.8', '3.9', '3.10', '3.12']],
  ])('%s', (constraint, expected) => {
    expect(['3.8', '3.9', '3.10', '3.12'].filter((version) => allowsPython(constraint, version))).toEqual(expected)
  })
})

describe('requirement', () => {
  it.each([
    ['Foo.Bar[A_b, c] >=1; x', { name: 'foo-bar', extras: ['a-b', 'c'], path: undefined }],
    ['x @ file:../a%20b', { name: 'x', extras: [], path: '../a b' }],
    ['x @ ./lib', { name: 'x', extras: [], path: './lib' }],
    ['x @ ../lib', { name: 'x', extras: [], path: '../lib' }],
    ['x @ git+ssh://g/x', { name: 'x', extras: [], path: undefined }],
  ])('reads %s', (text, expected) => {
    expect(parseRequirement(text)).toEqual(expected)
  })
})

describe('memo', () => {
  it('keeps values, forgets the one that was not asked for longest, and never keeps a failure', () => {
    const memo = createMemo<{ value: number }>(2)
    let count = 0
    const next = (): { value: number } => ({ value: (count += 1) })
    const [first] = [memo('a', next), memo('b', next)]
    expect(memo('a', next)).toBe(first)
    memo('c', next)
    expect(memo('b', next).value).toBe(4)
    expect(() =>
      memo('d', () => {
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(memo('d', next).value).toBe(5)
  })

  it('gives the same result again for the same files, and another one for others', () => {
    const files = { 'a/pyproject.toml': '[project]\nname = "a"\n' }
    expect(readTexts(files)).toBe(readTexts({ ...files }))
    expect(readTexts({ ...files, 'a/pytest.ini': '' })).not.toBe(readTexts(files))
  })
})
