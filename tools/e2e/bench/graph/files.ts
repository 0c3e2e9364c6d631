import type { BenchProject, Language } from './projects.ts'

/** Workspace-relative path → text. */
export type Files = Readonly<Record<string, string>>

const RANGES: Readonly<Record<string, string>> = {
  itoa: '1',
  hex: '0.4',
  fnv: '1',
  either: '1',
  six: '>=1.16',
  iniconfig: '>=2',
  packaging: '>=23',
  idna: '>=3.6,<4',
  ms: '^2.1.3',
  picocolors: '^1.0.0',
  nanoid: '^5.0.0',
  isarray: '^2.0.0',
}

/** The workspace as its languages' own tools want it: manifests and sources, no lock files and no task runner's files. */
export function polyglotFiles(projects: readonly BenchProject[]): Files {
  return merge([
    {
      '.gitignore': IGNORED,
      'Cargo.toml':
        '[workspace]\nresolver = "2"\nmembers = ["crates/*"]\n\n[workspace.metadata]\nname = "bench-rust"\n\n[profile.dev]\nopt-level = 0\n',
      'pyproject.toml': '[tool.turbo]\nname = "bench-python"\n\n[tool.uv.workspace]\nmembers = ["packages/*"]\n',
      'package.json': rootPackage(['sites/*']),
    },
    ...projects.map((project) => ({ ...SOURCES[project.language](project), ...MANIFESTS[project.language](project) })),
  ])
}

/** The same directories, sources and edges with a package.json in each: what Nx understands by itself. */
export function packageJsonFiles(projects: readonly BenchProject[]): Files {
  return merge([
    { '.gitignore': IGNORED, 'package.json': rootPackage(['crates/*', 'packages/*', 'sites/*']) },
    ...projects.map((project) => ({
      ...SOURCES[project.language](project),
      [`${project.root}/package.json`]: packageJson(project),
    })),
  ])
}

const IGNORED = 'node_modules\n.nx\n.turbo\ntarget\ndist\n.venv\n.ninja_*\nstamps\n'

function rootPackage(workspaces: readonly string[]): string {
  return json({ name: 'bench', version: '0.0.0', private: true, packageManager: 'npm@11.0.0', workspaces })
}

const SOURCES: Readonly<Record<Language, (project: BenchProject) => Files>> = {
  rust: ({ name, root }) => ({
    [`${root}/src/lib.rs`]: `pub mod parts;\n\npub const NAME: &str = "${name}";\n`,
    [`${root}/src/parts.rs`]: 'pub fn double(value: u32) -> u32 {\n    value * 2\n}\n',
    [`${root}/tests/double.rs`]: `#[test]\nfn doubles() {\n    assert_eq!(${name}::parts::double(2), 4);\n}\n`,
  }),
  python: ({ name, root }) => ({
    [`${root}/src/${name}/__init__.py`]: `NAME = "${name}"\n`,
    [`${root}/src/${name}/parts.py`]: 'def double(value: int) -> int:\n    return value * 2\n',
    [`${root}/tests/test_double.py`]: `from ${name}.parts import double\n\n\ndef test_double() -> None:\n    assert double(2) == 4\n`,
  }),
  typescript: ({ name, root }) => ({
    [`${root}/src/index.ts`]: `export const NAME = '${name}'\n`,
    [`${root}/src/parts.ts`]: 'export function double(value: number): number {\n  return value * 2\n}\n',
    [`${root}/docs/index.md`]: `# ${name}\n\nDoubles numbers.\n`,
  }),
}

const MANIFESTS: Readonly<Record<Language, (project: BenchProject) => Files>> = {
  rust: (project) => ({ [`${project.root}/Cargo.toml`]: cargoToml(project) }),
  python: (project) => ({ [`${project.root}/pyproject.toml`]: pyprojectToml(project) }),
  typescript: (project) => ({ [`${project.root}/package.json`]: packageJson(project) }),
}

function cargoToml({ name, needs, externals }: BenchProject): string {
  const lines = [
    ...externals.map((external) => `${external} = "${RANGES[external]}"`),
    ...needs.map((other) => `${other} = { path = "../${other}" }`),
  ]
  return `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\n${lines.join('\n')}\n`
}

function pyprojectToml({ name, needs, externals }: BenchProject): string {
  const dependencies = [...externals.map((external) => `${external}${RANGES[external]}`), ...needs]
  const sources = needs.map((other) => `${other} = { workspace = true }\n`)
  return [
    `[project]\nname = "${name}"\nversion = "0.1.0"\nrequires-python = ">=3.9"\ndependencies = ${JSON.stringify(dependencies)}\n`,
    `[tool.uv.sources]\n${sources.join('')}`,
    '[tool.ruff]\nline-length = 100\n',
    '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n',
  ].join('\n')
}

function packageJson({ language, name, needs, externals }: BenchProject): string {
  const own = language === 'typescript' ? externals.map((external) => [external, RANGES[external]]) : []
  const dependencies = Object.fromEntries([...own, ...needs.map((other) => [other, '0.1.0'])])
  return json({ name, version: '0.1.0', private: true, scripts: { lint: 'true' }, dependencies })
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}

function merge(parts: readonly Files[]): Files {
  return Object.assign({}, ...parts) as Files
}
