import {
  InterlockError,
  createMemo,
  expectString,
  expectStrings,
  expectTable,
  expectTables,
  parseToml,
  tableAt,
  valueAt,
  type Memo,
  type PlacedTable,
  type TomlPlace,
} from '@interlock/kit'

/** The newest lock format that this reader was checked against. */
const NEWEST = 4
const HINT = 'resolve merge conflicts in it, or remove it and run `cargo generate-lockfile`'

export interface LockedPackage {
  readonly name: string
  readonly version: string
  /** `undefined` for a path: a member, a path dependency or a patch. */
  readonly source: string | undefined
  readonly checksum: string | undefined
  /** Indices of the packages that it may need. */
  readonly dependencies: readonly number[]
}

export interface Lock {
  readonly packages: readonly LockedPackage[]
  readonly byName: ReadonlyMap<string, readonly number[]>
  /** Names of the patches that Cargo found no use for. */
  readonly unusedPatches: ReadonlySet<string>
}

interface RawPackage extends Omit<LockedPackage, 'dependencies'> {
  readonly needs: readonly string[]
}

const parsed: Memo<Lock> = createMemo(32)

/** A Cargo.lock of version 1 to 4. Kept by `digest`. Throws `CARGO_LOCK_UNREADABLE`, `CARGO_LOCK_TOO_NEW`, `CARGO_LOCK_INCOMPLETE`. */
export function readLock(file: string, digest: string, read: () => string): Lock {
  return parsed(digest, () => parseLock(read(), file))
}

function parseLock(text: string, file: string): Lock {
  const place: TomlPlace = { file, code: 'CARGO_LOCK_UNREADABLE', hint: HINT }
  const from: PlacedTable = { table: parseToml(text, place), place }
  checkVersion(from, text)
  const root = expectTable(from, ['root'])
  const raw = [...(root === undefined ? [] : [root]), ...(expectTables(from, ['package']) ?? [])].map((table) =>
    rawPackage({ table, place }, from),
  )
  const byName = new Map<string, number[]>()
  const seen = new Set<string>()
  raw.forEach(({ name, version, source }, index) => {
    const identity = `${name} ${version} (${source ?? ''})`
    if (seen.has(identity))
      throw new InterlockError(place.code, `lists ${identity.replace(' ()', '')} twice`, { file, hint: HINT })
    seen.add(identity)
    const known = byName.get(name)
    if (known === undefined) byName.set(name, [index])
    else known.push(index)
  })
  const packages = raw.map(({ needs, ...rest }) => ({
    ...rest,
    dependencies: [...new Set(needs.flatMap((need) => resolve(need)))],
  }))
  const unused = (expectTables(from, ['patch', 'unused']) ?? []).flatMap(
    (table) => expectString({ table, place }, ['name']) ?? [],
  )
  return { packages, byName, unusedPatches: new Set(unused) }

  function resolve(need: string): number[] {
    const plain = byName.get(need)
    if (plain !== undefined) return plain
    const [name = '', version, source] = need.split(' ')
    const found = (byName.get(name) ?? []).filter((index) => {
      const candidate = raw[index]
      return (
        (version === undefined || candidate?.version === version) && (source === undefined || source === `(${candidate?.source})`)
      )
    })
    if (found.length > 0) return found
    const line = text.slice(0, text.indexOf(`"${need}"`)).split('\n').length
    const message = `a package needs \`${need}\`, which the lock does not hold`
    throw new InterlockError('CARGO_LOCK_INCOMPLETE', message, { file: `${file}:${line}`, hint: HINT })
  }
}

function rawPackage(one: PlacedTable, lock: PlacedTable): RawPackage {
  const [name, version, source] = [expectString(one, ['name']), expectString(one, ['version']), expectString(one, ['source'])]
  const { place } = one
  if (name === undefined || version === undefined) {
    throw new InterlockError(place.code, 'has a `[[package]]` without a name or a version', { file: place.file, hint: HINT })
  }
  // Version 1 keeps the checksums apart.
  const legacy = source === undefined ? undefined : tableAt(lock.table, ['metadata'])?.[`checksum ${name} ${version} (${source})`]
  const checksum = expectString(one, ['checksum']) ?? (typeof legacy === 'string' && legacy !== '<none>' ? legacy : undefined)
  const replace = expectString(one, ['replace'])
  return {
    name,
    version,
    source,
    checksum,
    needs: [...(expectStrings(one, ['dependencies']) ?? []), ...(replace === undefined ? [] : [replace])],
  }
}

function checkVersion({ table, place }: PlacedTable, text: string): void {
  const version = valueAt(table, ['version'])
  if (version === undefined || (typeof version === 'number' && version <= NEWEST)) return
  if (typeof version !== 'number')
    throw new InterlockError(place.code, '`version` must be a number', { file: place.file, hint: HINT })
  const line = text.slice(0, text.search(/^version\s*=/m)).split('\n').length
  throw new InterlockError(
    'CARGO_LOCK_TOO_NEW',
    `lock format ${version} is newer than ${NEWEST}, the newest that is understood`,
    {
      file: `${place.file}:${line}:1`,
      hint: 'update @interlock/cargo, or write the lock with the Cargo of rust-toolchain.toml',
    },
  )
}

/** One canonical line: name, version, kind of source and what fixes its content. The address of a registry says nothing about content. */
export function packageLine({ name, version, source, checksum }: LockedPackage): string {
  if (source === undefined) return `${name} ${version} path`
  if (source.startsWith('git+')) return `${name} ${version} git ${JSON.stringify(source.slice(source.lastIndexOf('#') + 1))}`
  return `${name} ${version} registry ${checksum ?? JSON.stringify(source)}`
}
