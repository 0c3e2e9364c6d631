import { createHash } from 'node:crypto'

/** File texts by workspace-relative path. */
export type Texts = Readonly<Record<string, string>>

/** Locked packages of each language. */
export const PACKAGES = 400

/**
 * A Cargo workspace and a uv workspace with `size` projects each, in layers, with own and inherited dependencies over
 * locks of `PACKAGES` packages in layers too.
 */
export function readWorkspace(size: number): Texts {
  return { ...cargoWorkspace(size), ...pythonWorkspace(size) }
}

function cargoWorkspace(size: number): Texts {
  const files: Record<string, string> = {}
  const entries = numbers(PACKAGES).map((index) => {
    const needs = layered(index, PACKAGES).map((other) => `dep-${other}`)
    return cargoEntry(`dep-${index}`, { version: `1.0.${index % 9}`, needs, checksum: sha256(`dep-${index}`) })
  })
  for (const index of numbers(size)) {
    const own = [...new Set([0, 1, 2, 3].map((step) => (index * 11 + step * 17) % PACKAGES))].map((other) => `dep-${other}`)
    const local = layered(index, size).map((other) => `crate-${other}`)
    const lines = [...own.map((name) => `${name}.workspace = true`), ...local.map((name) => `${name} = { path = "../${name}" }`)]
    files[`crates/crate-${index}/Cargo.toml`] =
      `[package]\nname = "crate-${index}"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\n${lines.join('\n')}\n[lints]\nworkspace = true\n`
    entries.push(cargoEntry(`crate-${index}`, { version: '0.1.0', needs: [...own, ...local] }))
  }
  const shared = numbers(PACKAGES).map((index) => `dep-${index} = "1"`)
  files['Cargo.toml'] =
    `[workspace]\nmembers = ["crates/*"]\n[workspace.dependencies]\n${shared.join('\n')}\n[workspace.lints.rust]\nunsafe_code = "forbid"\n`
  files['Cargo.lock'] = `version = 4\n\n${entries.join('\n')}`
  return files
}

interface CargoEntry {
  readonly version: string
  readonly needs: readonly string[]
  readonly checksum?: string
}

function cargoEntry(name: string, { version, needs, checksum }: CargoEntry): string {
  const source = checksum === undefined ? '' : `source = "registry+https://registry.invalid/index"\nchecksum = "${checksum}"\n`
  const list = needs.map((need) => ` "${need}",\n`).join('')
  return `[[package]]\nname = "${name}"\nversion = "${version}"\n${source}dependencies = [\n${list}]\n`
}

function pythonWorkspace(size: number): Texts {
  const files: Record<string, string> = {
    'pyproject.toml': '[tool.uv.workspace]\nmembers = ["libs/*"]\n[dependency-groups]\ndev = ["pytest"]\n',
  }
  const members = numbers(size).map((index) => {
    const local = index === 0 ? [] : [`p${Math.floor(index / 3)}`]
    const all = [`x${(index * 7) % PACKAGES}`, `x${(index * 13) % PACKAGES}`, ...local]
    const sources = local.map((name) => `${name} = { workspace = true }`).join('\n')
    files[`libs/p${index}/pyproject.toml`] =
      `[project]\nname = "p${index}"\nversion = "1.0.0"\nrequires-python = ">=3.9"\ndependencies = ${JSON.stringify(all)}\n[dependency-groups]\ndev = ["pytest>=8"]\n[tool.uv.sources]\n${sources}\n[tool.ruff]\nline-length = 100\n[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n`
    return `[[package]]\nname = "p${index}"\nversion = "1.0.0"\nsource = { editable = "libs/p${index}" }\n${needs(all)}`
  })
  const packages = numbers(PACKAGES).map((index) => {
    const next = [2 * index + 1, 2 * index + 2].filter((other) => other < PACKAGES).map((other) => `x${other}`)
    const wheels = numbers(4).map(
      (file) => `    { url = "u${file}", hash = "sha256:${sha256(`${index} ${file}`)}", size = 1 },\n`,
    )
    return `[[package]]\nname = "x${index}"\nversion = "1.0.${index}"\nsource = { registry = "r" }\n${needs(next)}wheels = [\n${wheels.join('')}]\n`
  })
  files['uv.lock'] = `version = 1\nrevision = 3\n\n${[...members, ...packages].join('\n')}`
  return files
}

function needs(names: readonly string[]): string {
  return `dependencies = [\n${names.map((name) => `    { name = "${name}" },\n`).join('')}]\n`
}

/** Up to three lower numbers, so that nothing depends on itself. */
function layered(index: number, size: number): number[] {
  return [1, 2, 3].map((step) => Math.floor((index * 7 + step * 13) % size)).filter((other) => other < index)
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index)
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
