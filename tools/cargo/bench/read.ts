import { createHash } from 'node:crypto'
import { cpus } from 'node:os'
import { readCargo } from '../src/index.ts'
import { memoryFiles, OPTIONS } from '../src/testing/layout.ts'
import { crate, lock } from '../src/testing/small.ts'

/** A workspace of crates in layers, each with own and inherited dependencies, over a lock of `packages` in layers too. */
function workspace(crates: number, packages: number): Record<string, string> {
  const names = Array.from({ length: packages }, (_, index) => `dep-${index}`)
  const needsOf = (index: number, of: number): number[] =>
    [1, 2, 3].map((step) => Math.floor((index * 7 + step * 13) % of)).filter((other) => other < index)
  const entries = names.map(
    (name, index) =>
      `${name} 1.0.${index % 9} registry: ${needsOf(index, packages)
        .map((other) => `dep-${other}`)
        .join(', ')}`,
  )
  const files: Record<string, string> = {}
  for (let index = 0; index < crates; index += 1) {
    const own = [0, 1, 2, 3].map((step) => (index * 11 + step * 17) % packages)
    const paths = needsOf(index, crates)
    const lines = [
      ...own.map((other) => `dep-${other}.workspace = true`),
      ...paths.map((other) => `crate-${other} = { path = "../crate-${other}" }`),
    ]
    files[`crates/crate-${index}/Cargo.toml`] = crate(
      `crate-${index}`,
      `[dependencies]\n${[...new Set(lines)].join('\n')}\n[lints]\nworkspace = true\n`,
    )
    entries.push(
      `crate-${index} 0.1.0: ${[...new Set([...own.map((other) => `dep-${other}`), ...paths.map((other) => `crate-${other}`)])].join(', ')}`,
    )
  }
  const shared = names.map((name) => `${name} = "1"`).join('\n')
  files['Cargo.toml'] =
    `[workspace]\nmembers = ["crates/*"]\n[workspace.dependencies]\n${shared}\n[workspace.lints.rust]\nunsafe_code = "forbid"\n`
  files['Cargo.lock'] = lock(...entries)
  return files
}

function cpuOf(run: () => unknown): string {
  const before = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(before)
  return `${((user + system) / 1000).toFixed(1)} ms`
}

/** Digests are not the reader's work: they are made before. */
function digested(files: Record<string, string>): ReturnType<typeof memoryFiles> {
  const digests = new Map(Object.entries(files).map(([path, text]) => [path, createHash('sha256').update(text).digest('hex')]))
  return { ...memoryFiles(files), digest: (path) => digests.get(path) ?? '' }
}

const size = Number(process.argv[2] ?? 500)
const files = workspace(size, 400)
const edited = { ...files, 'crates/crate-3/Cargo.toml': `${files['crates/crate-3/Cargo.toml']}# edited\n` }
const bumped = { ...files, 'Cargo.lock': (files['Cargo.lock'] ?? '').replace('1.0.4', '1.0.8') }
const cold = digested(files)
console.log(`${size} crates, 400 locked packages; ${cpus()[0]?.model}, Node ${process.version}; CPU of the reader, user + system`)
console.table({
  'cold (first call of the process)': cpuOf(() => readCargo(cold, OPTIONS)),
  'warm (same files)': cpuOf(() => readCargo(digested(files), OPTIONS)),
  'after one manifest edit': cpuOf(() => readCargo(digested(edited), OPTIONS)),
  'after a lock edit': cpuOf(() => readCargo(digested(bumped), OPTIONS)),
})
