import { describe, expect, it } from 'vitest'
import { edgesOf, projectAt, readTexts, type Texts } from '../testing/bundle.ts'

const project = (name: string, rest = ''): string => `[project]\nname = "${name}"\nversion = "1"\n${rest}\n`
const hatch = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
const maturin = '[build-system]\nrequires = ["maturin>=1"]\nbuild-backend = "maturin"\n'
const root = '[tool.uv.workspace]\nmembers = ["libs/*"]\nexclude = ["libs/old"]\n'
const crate = '[package]\nname = "native"\n'

interface Layout {
  readonly files: Texts
  readonly projects: readonly string[]
  readonly edges: readonly string[]
}

const LAYOUTS: Readonly<Record<string, Layout>> = {
  'uv workspace with a virtual root, globs and exclude': {
    files: {
      'pyproject.toml': root,
      'libs/a/pyproject.toml': project(
        'Lib_A',
        'dependencies = ["lib.b[x]>=1", "httpx"]\n[tool.uv.sources]\n"Lib-B" = { workspace = true }',
      ),
      'libs/b/pyproject.toml': project('lib-b'),
      'libs/old/pyproject.toml': project('lib-a'),
    },
    projects: ['libs/a', 'libs/b', 'libs/old'],
    edges: ['libs/a -> libs/b normal'],
  },
  'uv workspace whose root is a package and whose sources are at the root': {
    files: {
      'pyproject.toml': `${project('app', 'dependencies = ["b"]')}${hatch}${root}[tool.uv.sources]\nb = { workspace = true }\n`,
      'libs/b/pyproject.toml': project('b'),
      'libs/c/pyproject.toml': project('c', '[dependency-groups]\ndev = ["b", {include-group = "more"}]\nmore = ["app"]'),
    },
    projects: ['.', 'libs/b', 'libs/c'],
    edges: ['. -> libs/b normal', 'libs/c -> . dev', 'libs/c -> libs/b dev'],
  },
  'uv workspace whose root has a name but is no package': {
    files: {
      'pyproject.toml': `${project('root')}[dependency-groups]\ndev = ["pytest"]\n${root}`,
      'libs/b/pyproject.toml': project('b'),
    },
    projects: ['libs/b'],
    edges: [],
  },
  'path sources, and sources from a repository, an address and an index': {
    files: {
      'a/pyproject.toml': project(
        'a',
        'dependencies = ["b", "c", "d", "e"]\n[tool.uv.sources]\nb = { path = "../b", editable = true }\nc = { git = "g" }\nd = { url = "u" }\ne = [{ index = "i", marker = "x" }, { path = "../e" }]',
      ),
      'b/pyproject.toml': project('b'),
      'c/pyproject.toml': project('c'),
      'd/pyproject.toml': project('d'),
      'e/pyproject.toml': project('e'),
    },
    projects: ['a', 'b', 'c', 'd', 'e'],
    edges: ['a -> b normal', 'a -> e normal'],
  },
  'extras that refer to their own package and PEP 735 groups': {
    files: {
      'pyproject.toml': root,
      'libs/a/pyproject.toml': project(
        'a',
        '[project.optional-dependencies]\nall = ["a[fast]"]\nfast = ["b"]\n[dependency-groups]\ntest = ["c"]\ndev = [{include-group = "test"}]',
      ),
      'libs/b/pyproject.toml': project('b'),
      'libs/c/pyproject.toml': project('c'),
    },
    projects: ['libs/a', 'libs/b', 'libs/c'],
    edges: ['libs/a -> libs/b normal', 'libs/a -> libs/c dev'],
  },
  'Poetry 1 with path dependencies and groups': {
    files: {
      'a/pyproject.toml':
        '[tool.poetry]\nname = "a"\nversion = "1"\n[tool.poetry.dependencies]\npython = "^3.9"\nb = { path = "../b", develop = true }\nx = [{ version = "1", python = "<3.9" }, { path = "../c" }]\n[tool.poetry.group.dev.dependencies]\nd = { path = "../d" }\n[tool.poetry.dev-dependencies]\npytest = "*"\n[build-system]\nrequires = ["poetry-core"]\nbuild-backend = "poetry.core.masonry.api"\n',
      'b/pyproject.toml': '[tool.poetry]\nname = "b"\n[tool.poetry.dependencies]\npython = "^3.9"\n',
      'c/pyproject.toml': '[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\npython = "^3.9"\n',
      'd/pyproject.toml': '[tool.poetry]\nname = "d"\n',
    },
    projects: ['a', 'b', 'c', 'd'],
    edges: ['a -> b normal', 'a -> c normal', 'a -> d dev'],
  },
  'Poetry 2 with a project table': {
    files: {
      'a/pyproject.toml': `${project('a', 'requires-python = ">=3.9"\ndependencies = ["b"]')}[tool.poetry.dependencies]\nb = { path = "../b" }\n`,
      'b/pyproject.toml': project('b', 'dynamic = ["classifiers"]'),
    },
    projects: ['a', 'b'],
    edges: ['a -> b normal'],
  },
  'PDM and hatch with file references': {
    files: {
      'pdm/pyproject.toml': `${project('p', 'dependencies = ["h @ file:///${PROJECT_ROOT}/../h"]')}[tool.pdm.dev-dependencies]\ntest = ["pytest", "-e file:///\${PROJECT_ROOT}/../f#egg=f"]\n`,
      'h/pyproject.toml': project('h', 'dependencies = ["f @ {root:uri}/../f"]') + hatch,
      'f/pyproject.toml':
        project('f', 'dynamic = ["version", "description"]') +
        '[build-system]\nrequires = ["flit_core"]\nbuild-backend = "flit_core.buildapi"\n',
    },
    projects: ['f', 'h', 'pdm'],
    edges: ['h -> f normal', 'pdm -> f dev', 'pdm -> h normal'],
  },
  'requirements file with an editable path, and setuptools': {
    files: {
      'a/pyproject.toml': project('a', 'dynamic = ["version"]'),
      'a/requirements-dev.txt': '-e ../b[x]\n-r other.txt\n../c\npytest>=8\n-e .\n',
      'b/pyproject.toml': project('b'),
      'c/pyproject.toml': project('c'),
    },
    projects: ['a', 'b', 'c'],
    edges: ['a -> b dev', 'a -> c dev'],
  },
  'maturin in the directory of its crate': {
    files: { 'x/pyproject.toml': project('x') + maturin, 'x/Cargo.toml': crate },
    projects: ['x'],
    edges: ['x -> crate:x build'],
  },
  'maturin mixed layout with the crate in rust/': {
    files: { 'x/pyproject.toml': project('x') + maturin, 'x/rust/Cargo.toml': crate },
    projects: ['x'],
    edges: ['x -> crate:x/rust build'],
  },
  'maturin with a manifest-path elsewhere, and a package that needs the wheel': {
    files: {
      'pyproject.toml': root,
      'libs/x/pyproject.toml': `${project('x')}${maturin}[tool.maturin]\nmanifest-path = "../../crates/n/Cargo.toml"\nfeatures = ["pyo3/abi3-py39"]\n`,
      'libs/y/pyproject.toml': project('y', 'dependencies = ["x"]\n[dependency-groups]\ndev = ["pytest", "mypy", "pytest-cov"]'),
      'crates/n/Cargo.toml': crate,
    },
    projects: ['libs/x', 'libs/y'],
    edges: ['libs/x -> crate:crates/n build', 'libs/y -> libs/x normal'],
  },
  'setuptools-rust with two modules': {
    files: {
      'x/pyproject.toml': `${project('x')}[[tool.setuptools-rust.ext-modules]]\ntarget = "x._a"\npath = "a/Cargo.toml"\n[[tool.setuptools-rust.ext-modules]]\ntarget = "x._b"\n`,
      'x/Cargo.toml': crate,
      'x/a/Cargo.toml': crate,
    },
    projects: ['x'],
    edges: ['x -> crate:x build', 'x -> crate:x/a build'],
  },
  'a file that only configures tools': {
    files: { 'pyproject.toml': '[tool.black]\nline-length = 90\n' },
    projects: [],
    edges: [],
  },
}

describe('layouts', () => {
  it.each(Object.entries(LAYOUTS))('finds exactly the projects and edges of: %s', (_, layout) => {
    const result = readTexts(layout.files)
    expect(result.projects.map((found) => found.root)).toEqual(layout.projects)
    expect(edgesOf(result)).toEqual(layout.edges)
  })

  it('names the manifest of a crate outside the package as read', () => {
    const files = LAYOUTS['maturin with a manifest-path elsewhere, and a package that needs the wheel']?.files ?? {}
    expect(projectAt(readTexts(files), 'libs/x').outside).toEqual(['crates/n/Cargo.toml'])
  })

  it('builds and unpacks a wheel before the tests of a package that needs it', () => {
    const files = LAYOUTS['maturin with a manifest-path elsewhere, and a package that needs the wheel']?.files ?? {}
    const result = readTexts(files)
    expect(projectAt(result, 'libs/y').targets['test']?.dependsOn).toEqual(['^build', '^install'])
    expect(projectAt(result, 'libs/y').targets['typecheck']?.dependsOn).toEqual(['^build', '^install'])
    expect(projectAt(result, 'libs/x').targets['install']).toMatchObject({
      dependsOn: ['build'],
      outputs: ['{workspaceRoot}/dist/{projectName}/site'],
    })
  })

  it('infers no API pages for a package that could not be imported without an unpacked wheel', () => {
    const client = (needs: string): string =>
      project(
        'y',
        `dependencies = [${needs}]\n[dependency-groups]\ndev = ["pdoc"]\n[tool.hatch.build.targets.wheel]\npackages = ["src/y"]`,
      )
    const files = (needs: string): Texts => ({
      'pyproject.toml': root,
      'libs/x/pyproject.toml': project('x') + maturin,
      'libs/x/Cargo.toml': crate,
      'libs/y/pyproject.toml': client(needs),
    })
    expect(Object.keys(projectAt(readTexts(files('')), 'libs/y').targets)).toContain('api-docs')
    expect(Object.keys(projectAt(readTexts(files('"x"')), 'libs/y').targets)).not.toContain('api-docs')
  })

  it('says that a project without a lock has none', () => {
    const found = projectAt(readTexts({ 'a/pyproject.toml': project('a') }), 'a')
    expect([found.lock, found.externals]).toEqual([undefined, []])
  })
})
