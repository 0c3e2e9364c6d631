/** Path → text, relative to the directory that holds them. */
export type Files = Readonly<Record<string, string>>

export interface CratePlan {
  readonly name: string
  /** Lines of `[dependencies]`. */
  readonly dependencies?: readonly string[]
  /** Tables that follow. */
  readonly tables?: readonly string[]
}

export function crateFiles({ name, dependencies = [], tables = [] }: CratePlan): Files {
  const head = ['[package]', `name = "${name}"`, 'version = "0.1.0"', 'edition = "2021"']
  return {
    'Cargo.toml': `${[...head, '', '[dependencies]', ...dependencies, ...tables.flatMap((table) => ['', table])].join('\n')}\n`,
    'src/lib.rs': 'pub const SERIAL: u32 = 0;\n',
  }
}

export interface PackagePlan {
  readonly name: string
  readonly dependencies?: readonly string[]
  readonly extra?: readonly string[]
  readonly group?: readonly string[]
  /** Names of workspace members among the dependencies. */
  readonly members?: readonly string[]
  readonly backend?: 'hatchling' | 'maturin'
}

export function packageFiles(plan: PackagePlan): Files {
  const { name, dependencies = [], extra = [], group = [], members = [], backend = 'hatchling' } = plan
  const manifest = `[project]
name = "${name}"
version = "0.1.0"
requires-python = ">=3.9"
dependencies = ${JSON.stringify([...dependencies, ...members])}

[project.optional-dependencies]
more = ${JSON.stringify(extra)}

[dependency-groups]
check = ${JSON.stringify(group)}

[tool.uv.sources]
${members.map((member) => `${member} = { workspace = true }`).join('\n')}

[tool.pytest.ini_options]
addopts = "-q"

[build-system]
requires = ["${backend}"]
build-backend = "${backend === 'maturin' ? 'maturin' : 'hatchling.build'}"
`
  return backend === 'maturin'
    ? { 'pyproject.toml': manifest, 'tests/test_it.py': '# 0\n' }
    : { 'pyproject.toml': manifest, [`src/${name}/__init__.py`]: 'SERIAL = 0\n' }
}

export function inDirectory(directory: string, files: Files): Files {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`${directory}/${path}`, text]))
}
