import { createHash } from 'node:crypto'
import type { Sandbox } from '../sandbox.ts'

/** Path → blob id of every committed file. */
export type Blobs = ReadonlyMap<string, string>

export async function blobsAtHead(sandbox: Sandbox): Promise<Blobs> {
  const entries = (await sandbox.output('git', 'ls-tree', '-r', '-z', 'HEAD')).split('\0').filter(Boolean)
  return new Map(
    entries.map((entry) => {
      const [meta = '', path = ''] = entry.split('\t')
      return [path, meta.split(' ')[2] ?? '']
    }),
  )
}

/** The files of one directory, without those of directories nested in it that are projects of their own. */
export function blobsIn(blobs: Blobs, directory: string, projects: readonly string[]): string[] {
  const nested = projects.filter((other) => other.startsWith(`${directory}/`))
  return [...blobs]
    .filter(([path]) => path.startsWith(`${directory}/`) && !nested.some((other) => path.startsWith(`${other}/`)))
    .map(([path, blob]) => `${path} ${blob}`)
    .sort()
}

/** Directories of everything that is a project by its manifest, outermost first; the root is none. */
export function projectDirectories(blobs: Blobs): string[] {
  const manifests = [...blobs.keys()].filter((path) => /\/(Cargo\.toml|pyproject\.toml|package\.json)$/.test(path))
  return [...new Set(manifests.map((path) => path.slice(0, path.lastIndexOf('/'))))].sort()
}

/**
 * What a tool that reads manifests, locks and the names of files can see: equal digests mean equal answers, so it need not
 * be asked again.
 */
export function visibleTo(blobs: Blobs, manifests: RegExp): string {
  const hash = createHash('sha256')
  for (const [path, blob] of [...blobs].sort(([left], [right]) => (left < right ? -1 : 1))) {
    hash.update(manifests.test(path) ? `${path} ${blob}\0` : `${path}\0`)
  }
  return hash.digest('hex')
}
