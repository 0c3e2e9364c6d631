import { vendored, withSources, type Files } from './layout.ts'

const EXTERNALS = [
  'e0 1.0.0',
  'e1 1.0.0: e0 1',
  'e1 2.0.0',
  'e2 1.0.0: e1 1, e3 1',
  'e3 1.0.0',
  'e4 1.0.0: e1 2',
  'e5 1.0.0: e2 1',
]
const TABLES = ['dependencies', 'dependencies', 'build-dependencies', 'dev-dependencies', "target.'cfg(windows)'.dependencies"]

/** A repository of crates with random dependencies of all kinds; the same for the same seed. */
export function randomRepository(seed: number): Files {
  const next = generator(seed)
  const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(next() * items.length)] as Item
  const count = 2 + Math.floor(next() * 6)
  const excluded = next() < 0.4 ? count - 1 : -1
  const patched = next() < 0.4
  const shared = EXTERNALS.map((line) => line.split(' ')).filter(([, version]) => version === '1.0.0:' || version === '1.0.0')
  const files: Record<string, string> = {}
  for (let index = 0; index < count; index += 1) {
    const tables = new Map<string, Map<string, string>>()
    const add = (table: string, key: string, value: string): void =>
      void tables.set(table, (tables.get(table) ?? new Map<string, string>()).set(key, value))
    for (let other = 0; other < count; other += 1) {
      if (other === index || other === excluded || next() > 0.4) continue
      // Only a dev-dependency may lead upwards: a normal one would close a cycle.
      const table = other < index ? pick(TABLES) : index === excluded ? 'dependencies' : 'dev-dependencies'
      const optional = table.includes('dev') || next() < 0.7 ? '' : ', optional = true'
      add(table, next() < 0.3 ? `renamed${other}` : `c${other}`, `{ package = "c${other}", path = "../c${other}"${optional} }`)
    }
    for (const [name = ''] of shared)
      if (next() < 0.3) add(pick(TABLES), name, index !== excluded && next() < 0.5 ? '{ workspace = true }' : '"1"')
    if (next() < 0.3) add('dev-dependencies', 'newer', '{ package = "e1", version = "2" }')
    const text = [...tables].map(
      ([table, entries]) => `[${table}]\n${[...entries].map(([key, value]) => `${key} = ${value}`).join('\n')}\n`,
    )
    files[`crates/c${index}/Cargo.toml`] = `[package]\nname = "c${index}"\nversion = "0.1.0"\nedition = "2021"\n${text.join('')}`
  }
  const entries = shared.map(([name]) => `${name} = "1"`).join('\n')
  const patch = patched ? '[patch.crates-io]\ne3 = { path = "fork" }\n' : ''
  if (patched)
    files['fork/Cargo.toml'] =
      '[package]\nname = "e3"\nversion = "1.0.7"\nedition = "2021"\n[workspace]\n[dependencies]\ne0 = "1"\n'
  const exclude = excluded < 0 ? '' : `exclude = ["crates/c${excluded}"]\n`
  files['Cargo.toml'] =
    `[workspace]\nresolver = "2"\nmembers = ["crates/*"]\n${exclude}[workspace.dependencies]\n${entries}\n${patch}`
  return withSources({ ...files, ...vendored(EXTERNALS) })
}

/** Mulberry32. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
