import { CRATES, PACKAGES } from '../externals.ts'
import type { Random } from '../random.ts'
import { crateFiles, inDirectory, packageFiles, type Files } from './files.ts'

const LOCK_RUST = ['cargo', 'generate-lockfile', '--quiet']
const LOCK_PYTHON = ['uv', 'lock', '--quiet']

/** A workspace before its first commit. */
export interface Start {
  readonly name: string
  readonly files: Files
  /** Commands that write the first lock files. */
  readonly locks: readonly (readonly string[])[]
}

export function generateCargo(random: Random): Start {
  return { name: 'generated, Rust', files: cargoFiles(random, []), locks: [LOCK_RUST] }
}

export function generatePython(random: Random): Start {
  return { name: 'generated, Python', files: pythonFiles(random, []), locks: [LOCK_PYTHON] }
}

/** Crates, wheels over them in directories that hold both manifests, and packages that need the wheels. */
export function generateMixed(random: Random): Start {
  const wheels = ['w0', 'w1'].slice(0, 1 + random.below(2))
  const files = { ...pythonFiles(random, wheels), ...cargoFiles(random, wheels) }
  return { name: 'generated, Rust and Python with wheels', files, locks: [LOCK_RUST, LOCK_PYTHON] }
}

function cargoFiles(random: Random, wheels: readonly string[]): Files {
  const shared = Object.keys(CRATES).filter(() => random.chance(0.5))
  const names = Array.from({ length: 4 + random.below(4) }, (_, index) => `c${index}`)
  const root = `[workspace]
resolver = "2"
members = ["crates/*"${wheels.length > 0 ? ', "wheels/*"' : ''}]
exclude = ["vendor", "alone"]

[workspace.package]
description = "Text"

[workspace.dependencies]
${shared.map((name) => `${name} = "${CRATES[name]?.req}"`).join('\n')}

[workspace.lints.rust]
unused = "warn"

[profile.dev]
opt-level = 0
`
  const crates = names.map((name, index) => inDirectory(`crates/${name}`, crate(name, names.slice(0, index), { random, shared })))
  const bindings = wheels.map((name) => {
    const target = random.pick(names)
    const files = crateFiles({ name, dependencies: [`${target} = { path = "../../crates/${target}" }`] })
    return inDirectory(`wheels/${name}`, files)
  })
  return Object.assign({ 'Cargo.toml': root }, ...crates, ...bindings) as Files
}

function crate(name: string, earlier: readonly string[], from: { random: Random; shared: readonly string[] }): Files {
  const { random, shared } = from
  const sections: Record<string, string[]> = { dependencies: [], 'dev-dependencies': [], 'build-dependencies': [] }
  const place = (line: string): void =>
    void sections[random.pick(['dependencies', 'dependencies', 'dependencies', 'dev-dependencies', 'build-dependencies'])]?.push(
      line,
    )
  for (const target of earlier) if (random.chance(0.3)) place(`${target} = { path = "../../crates/${target}" }`)
  for (const external of Object.keys(CRATES)) {
    if (!random.chance(0.25)) continue
    const inherits = shared.includes(external) && random.chance(0.7)
    place(inherits ? `${external} = { workspace = true }` : `${external} = "${CRATES[external]?.req}"`)
  }
  const table = (key: string): string => [`[${key}]`, ...(sections[key] ?? [])].join('\n')
  const lints = random.chance(0.5) ? ['[lints]\nworkspace = true'] : []
  return crateFiles({
    name,
    dependencies: sections['dependencies'] ?? [],
    tables: [table('dev-dependencies'), table('build-dependencies'), ...lints],
  })
}

function pythonFiles(random: Random, wheels: readonly string[]): Files {
  const names = Array.from({ length: 3 + random.below(3) }, (_, index) => `p${index}`)
  const root = `[tool.uv.workspace]
members = ["packages/*"${wheels.length > 0 ? ', "wheels/*"' : ''}]

[tool.ruff]
line-length = 88
`
  const some = (chance: number): string[] => Object.keys(PACKAGES).filter(() => random.chance(chance))
  const packages = names.map((name, index) => {
    const members = [...names.slice(0, index), ...wheels].filter(() => random.chance(0.35))
    return inDirectory(
      `packages/${name}`,
      packageFiles({ name, members, dependencies: some(0.2), extra: some(0.1), group: some(0.1) }),
    )
  })
  const bindings = wheels.map((name) => inDirectory(`wheels/${name}`, packageFiles({ name, backend: 'maturin' })))
  return Object.assign({ 'pyproject.toml': root }, ...packages, ...bindings) as Files
}
