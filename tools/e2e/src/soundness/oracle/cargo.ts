import { posix, relative } from 'node:path'
import { parseToml, tableAt } from '@interlock/kit'
import type { Sandbox } from '../sandbox.ts'
import { blobsIn, projectDirectories, visibleTo, type Blobs } from './blobs.ts'

interface Metadata {
  readonly packages: readonly MetadataPackage[]
  readonly workspace_members: readonly string[]
  readonly resolve: { readonly nodes: readonly MetadataNode[] }
}

interface MetadataPackage {
  readonly id: string
  readonly name: string
  readonly version: string
  readonly manifest_path: string
  readonly source: string | null
  readonly dependencies: readonly { readonly kind: string | null }[]
  readonly targets: readonly { readonly name: string; readonly kind: readonly string[] }[]
}

interface MetadataNode {
  readonly id: string
  readonly deps: readonly { readonly pkg: string; readonly dep_kinds: readonly { readonly kind: string | null }[] }[]
}

/**
 * What decides the tests of each crate, told by cargo itself: directory → text that differs when they must run again.
 *
 * A crate's own dependencies of every kind count; of the crates it reaches by path, only the normal and build ones, because
 * cargo does not build the dev-dependencies of a dependency. Features come from the resolved manifests (inheritance
 * done by cargo), not from the unified resolve, which mixes what other members ask for.
 */
export function createCargoOracle(sandbox: Sandbox): (blobs: Blobs) => Promise<Map<string, string>> {
  let asked: { readonly key: string; readonly answers: readonly Resolved[] } | undefined
  return async (blobs) => {
    const key = visibleTo(blobs, /(^|\/)(Cargo\.(toml|lock)|\.cargo\/.*|rust-toolchain(\.toml)?)$/)
    if (asked?.key !== key) {
      const locks = [...blobs.keys()].filter((path) => /(^|\/)Cargo\.lock$/.test(path)).sort()
      asked = { key, answers: await Promise.all(locks.map((lock) => resolve(sandbox, posix.dirname(lock)))) }
    }
    const projects = projectDirectories(blobs)
    return new Map(asked.answers.flatMap((answer) => [...fingerprints(sandbox, answer, { blobs, projects })]))
  }
}

/** One workspace as cargo resolves it, and what its metadata does not show. */
interface Resolved {
  readonly metadata: Metadata
  readonly checksums: ReadonlyMap<string, string>
  /** Profiles and the resolver: every member obeys them. */
  readonly hidden: string
  /** For those that say `lints.workspace = true`. */
  readonly lints: string
  /** Manifests of local crates, by id. */
  readonly manifests: ReadonlyMap<string, string>
}

async function resolve(sandbox: Sandbox, directory: string): Promise<Resolved> {
  const manifest = posix.join(directory, 'Cargo.toml')
  const args = ['--locked', '--all-features', '--format-version', '1', '--manifest-path', manifest]
  const metadata = JSON.parse(await sandbox.output('cargo', 'metadata', ...args)) as Metadata
  const root = parseToml(await sandbox.read(manifest), { file: manifest, code: 'EDIT_CONFLICT' })
  const local = metadata.packages.filter(({ source }) => source === null)
  const texts = local.map(async (entry) => [entry.id, await sandbox.read(placeOf(sandbox, entry))] as const)
  return {
    metadata,
    checksums: lockChecksums(await sandbox.read(posix.join(directory, 'Cargo.lock'))),
    hidden: JSON.stringify([root['profile'], tableAt(root, ['workspace'])?.['resolver']]),
    lints: JSON.stringify(tableAt(root, ['workspace', 'lints'])),
    manifests: new Map(await Promise.all(texts)),
  }
}

function fingerprints(
  sandbox: Sandbox,
  { metadata, checksums, hidden, lints, manifests }: Resolved,
  { blobs, projects }: { readonly blobs: Blobs; readonly projects: readonly string[] },
): Map<string, string> {
  const packages = new Map(metadata.packages.map((entry) => [entry.id, entry]))
  const nodes = new Map(metadata.resolve.nodes.map((node) => [node.id, node]))
  const directory = (entry: MetadataPackage): string => posix.dirname(placeOf(sandbox, entry))
  const describe = (id: string, start: string): string[] => {
    const entry = packages.get(id)
    if (entry === undefined) return [`unknown ${id}`]
    if (entry.source !== null) {
      return [`${entry.name} ${entry.version} ${entry.source} ${checksums.get(`${entry.name} ${entry.version}`) ?? ''}`]
    }
    const inherits = /^\[lints\]\s+workspace = true|^lints\.workspace = true/m.test(manifests.get(id) ?? '')
    const decides = id === start ? entry.dependencies : entry.dependencies.filter(({ kind }) => kind !== 'dev')
    return [
      withoutPlaces({ ...entry, dependencies: decides }),
      inherits ? lints : '',
      ...blobsIn(blobs, directory(entry), projects),
    ]
  }
  return new Map(
    metadata.workspace_members.flatMap((id) => {
      const entry = packages.get(id)
      const text = [
        hidden,
        ...reachable(id, nodes)
          .flatMap((reached) => describe(reached, id))
          .sort(),
      ].join('\n')
      return entry === undefined ? [] : [[directory(entry), text] as const]
    }),
  )
}

function placeOf(sandbox: Sandbox, { manifest_path }: MetadataPackage): string {
  return relative(sandbox.root, manifest_path).replaceAll('\\', '/')
}

/** Everything that cargo says of a crate, but for where it lies: its files say that. */
function withoutPlaces(entry: MetadataPackage): string {
  const dependencies = entry.dependencies.map((dependency) => ({ ...dependency, path: undefined }))
  const targets = entry.targets.map(({ name, kind }) => [name, kind])
  return JSON.stringify({ ...entry, id: undefined, manifest_path: undefined, dependencies, targets })
}

function reachable(start: string, nodes: ReadonlyMap<string, MetadataNode>): string[] {
  const seen = new Set([start])
  for (const id of seen) {
    for (const dependency of nodes.get(id)?.deps ?? []) {
      if (id === start || dependency.dep_kinds.some(({ kind }) => kind !== 'dev')) seen.add(dependency.pkg)
    }
  }
  return [...seen]
}

function lockChecksums(lock: string): Map<string, string> {
  const blocks = lock.split('[[package]]').slice(1)
  const field = (block: string, name: string): string => new RegExp(`^${name} = "(.*)"$`, 'm').exec(block)?.[1] ?? ''
  return new Map(blocks.map((block) => [`${field(block, 'name')} ${field(block, 'version')}`, field(block, 'checksum')]))
}
