import { createHash } from 'node:crypto'
import { Unsafe } from './inspection.ts'
import { checkTarget, foldedPath, segmentsOf, shown } from './path.ts'

/** What an entry is. Hard links are files: they share the bytes of an earlier one. */
export type EntryKind = 'file' | 'folder' | 'link'

/** The entries of one archive so far, each checked against those before it. */
export interface Tree {
  readonly folder: (name: Buffer) => string
  readonly link: (name: Buffer, target: Buffer) => string
  readonly hardLink: (name: Buffer, target: Buffer) => string
  /** A file; call `bytes` when they are known. */
  readonly file: (name: Buffer, isExecutable: boolean) => FileEntry
  readonly count: () => number
  /** Size of a file at a path; `undefined` when there is none. */
  readonly sizeOf: (path: string) => number | undefined
  /** Hex SHA-256 over all entries but those named, in the order of their paths. */
  readonly digest: (without: readonly string[]) => string
}

export interface FileEntry {
  readonly path: string
  readonly bytes: (digest: string, size: number) => void
}

interface Item {
  readonly kind: EntryKind
  readonly isExecutable: boolean
  readonly target: string
  digest: string
  size: number
}

export function createTree(maxEntries: number): Tree {
  const items = new Map<string, Item>()
  /** Kinds by folded path, of entries and of the folders above them. */
  const kinds = new Map<string, EntryKind>()
  let count = 0

  const add = (segments: readonly string[], item: Item): string => {
    const path = segments.join('/')
    count += 1
    if (count > maxEntries) throw new Unsafe('too many entries', shown(path))
    for (let length = 1; length < segments.length; length += 1) note(segments.slice(0, length), 'folder', 'entry under a link')
    note(segments, item.kind, 'name of two kinds')
    items.set(path, item)
    return path
  }
  const note = (segments: readonly string[], kind: EntryKind, otherwise: 'entry under a link' | 'name of two kinds'): void => {
    const folded = foldedPath(segments)
    const earlier = kinds.get(folded)
    const isAllowed = earlier === undefined || (earlier === kind && kind !== 'link')
    if (!isAllowed) throw new Unsafe(earlier === 'link' ? otherwise : 'name of two kinds', shown(segments.join('/')))
    kinds.set(folded, kind)
  }

  return {
    count: () => count,
    sizeOf: (path) => {
      const item = items.get(path)
      return item?.kind === 'file' ? item.size : undefined
    },
    folder: (name) => add(segmentsOf(name), { kind: 'folder', isExecutable: false, target: '', digest: '', size: 0 }),
    link: (name, target) => {
      const segments = segmentsOf(name)
      const text = checkTarget(target, segments)
      return add(segments, { kind: 'link', isExecutable: false, target: text, digest: '', size: 0 })
    },
    hardLink: (name, target) => {
      const segments = segmentsOf(name)
      const earlier = items.get(segmentsOf(target).join('/'))
      if (earlier?.kind !== 'file') throw new Unsafe('hard link to no earlier file', shown(segments.join('/')))
      return add(segments, { ...earlier })
    },
    file: (name, isExecutable) => {
      const item: Item = { kind: 'file', isExecutable, target: '', digest: '', size: 0 }
      const path = add(segmentsOf(name), item)
      return {
        path,
        bytes: (digest, size) => {
          item.digest = digest
          item.size = size
        },
      }
    },
    digest: (without) => {
      const hash = createHash('sha256')
      for (const path of [...items.keys()].filter((name) => !without.includes(name)).sort()) {
        const { kind, isExecutable, target, digest } = items.get(path) as Item
        hash.update(`${JSON.stringify([path, kind, isExecutable, target, digest])}\n`)
      }
      return hash.digest('hex')
    },
  }
}
