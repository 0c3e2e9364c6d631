import { relative } from 'node:path'
import { blobsIn, type Blobs } from './blobs.ts'
import type { Sandbox } from './sandbox.ts'

interface Metadata {
  readonly packages: readonly MetadataPackage[]
  readonly workspace_members: readonly string[]
  readonly resolve: { readonly nodes: readonly MetadataNode[] }
}

interface MetadataPackage {
  readonly id: string
  readonly name: string
  readonly manifest_path: string
  readonly source: string | null
  readonly dependencies: readonly unknown[]
  readonly features: unknown
  readonly edition: string
  readonly rust_version: string | null
  readonly version: string
}

interface MetadataNode {
  readonly id: string
  readonly deps: readonly { readonly pkg: string; readonly dep_kinds: readonly { readonly kind: string | null }[] }[]
}

/**
 * What decides the tests of each crate, told by cargo itself: project name → text that differs when they must run again.
 *
 * A crate's own dependencies of every kind count; of the members it reaches, only the normal and build ones, because
 * cargo does not build the dev-dependencies of a dependency. Features come from the resolved manifests (inheritance
 * done by cargo), not from the unified resolve, which mixes what other members ask for.
 */
export function cargoFingerprints(sandbox: Sandbox, blobs: Blobs): Map<string, string> {
  const metadata = JSON.parse(sandbox.run('cargo', ['metadata', '--locked', '--format-version', '1'])) as Metadata
  const packages = new Map(metadata.packages.map((entry) => [entry.id, entry]))
  const nodes = new Map(metadata.resolve.nodes.map((node) => [node.id, node]))
  const members = new Set(metadata.workspace_members)
  const checksums = lockChecksums(sandbox.read('Cargo.lock'))
  const directory = (id: string): string =>
    relative(sandbox.root, packages.get(id)?.manifest_path ?? '')
      .replaceAll('\\', '/')
      .replace(/\/Cargo\.toml$/, '')
  const directories = [...members].map(directory)
  const describe = (id: string): string[] => {
    const entry = packages.get(id)
    if (entry === undefined) return [`unknown ${id}`]
    if (!members.has(id)) return [`${entry.name} ${entry.version} ${checksums.get(`${entry.name} ${entry.version}`) ?? ''}`]
    const { name, version, edition, rust_version, dependencies, features } = entry
    const manifest = JSON.stringify({
      name,
      version,
      edition,
      rust_version,
      dependencies: dependencies.map(withoutPath),
      features,
    })
    return [manifest, ...blobsIn(blobs, directory(id), directories)]
  }
  return new Map(
    [...members].map((id) => [packages.get(id)?.name ?? id, reachable(id, nodes).flatMap(describe).sort().join('\n')]),
  )
}

function withoutPath(dependency: unknown): unknown {
  return { ...(dependency as object), path: undefined }
}

function reachable(start: string, nodes: ReadonlyMap<string, MetadataNode>): string[] {
  const seen = new Set([start])
  const queue = [start]
  for (const id of queue) {
    for (const dependency of nodes.get(id)?.deps ?? []) {
      const counts = id === start || dependency.dep_kinds.some(({ kind }) => kind !== 'dev')
      if (!counts || seen.has(dependency.pkg)) continue
      seen.add(dependency.pkg)
      queue.push(dependency.pkg)
    }
  }
  return queue
}

function lockChecksums(lock: string): Map<string, string> {
  const blocks = lock.split('[[package]]').slice(1)
  const field = (block: string, name: string): string => new RegExp(`^${name} = "(.*)"$`, 'm').exec(block)?.[1] ?? ''
  return new Map(blocks.map((block) => [`${field(block, 'name')} ${field(block, 'version')}`, field(block, 'checksum')]))
}
