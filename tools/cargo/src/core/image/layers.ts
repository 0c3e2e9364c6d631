import { posix } from 'node:path'
import { by } from '@interlock/kit'
import { unsearchedFolders } from './libraries.ts'

/** What one entry of a layer is made of. */
export type EntrySource =
  | { readonly kind: 'directory' }
  | { readonly kind: 'text'; readonly text: string }
  /** A file of this machine, by its absolute path; a link is followed. */
  | { readonly kind: 'file'; readonly path: string }

/** One entry of a layer: owned by root, whatever its source is. */
export interface LayerEntry {
  /** In the image, without a leading slash. */
  readonly path: string
  readonly mode: number
  readonly source: EntrySource
}

export interface LayerPlan {
  /** What the layer is, in the history of the image. */
  readonly comment: string
  /** Sorted; a directory comes before what is in it. */
  readonly entries: readonly LayerEntry[]
}

/** What an image is made from, by its place on this machine. */
export interface ImageSources {
  /** File name of the program in the image. */
  readonly name: string
  readonly program: string
  /** The loader and the shared libraries: they keep their paths. */
  readonly libraries: readonly string[]
  /** A bundle of certificate authorities in PEM, where there is one. */
  readonly certificates: string | undefined
}

/** The user and group that the program runs as: they own nothing. */
export const NONROOT = 65532

const CERTIFICATES = 'etc/ssl/certs/ca-certificates.crt'
const PASSWD = `root:x:0:0:root:/:/sbin/nologin
nonroot:x:${NONROOT}:${NONROOT}:nonroot:/:/sbin/nologin
`
const GROUP = `root:x:0:
nonroot:x:${NONROOT}:
`
/** Without it the order in which names are looked up depends on the C library. */
const NSSWITCH = `passwd: files
group: files
hosts: files dns
`

/** Where the program lies in the image. */
export function programPath(name: string): string {
  return `/usr/local/bin/${name}`
}

/** Two layers, because they change at different times: what the program stands on, and the program. */
export function planLayers({ name, program, libraries, certificates }: ImageSources): readonly LayerPlan[] {
  const text = (path: string, content: string): LayerEntry => ({ path, mode: 0o644, source: { kind: 'text', text: content } })
  const file = (path: string, from: string, mode: number): LayerEntry => ({ path, mode, source: { kind: 'file', path: from } })
  const base = [
    text('etc/group', GROUP),
    text('etc/nsswitch.conf', NSSWITCH),
    text('etc/passwd', PASSWD),
    ...(certificates === undefined ? [] : [file(CERTIFICATES, certificates, 0o644)]),
    // The loader is a program, and which of them is the loader only the program knows.
    ...libraries.map((path) => file(posix.normalize(path).slice(1), path, 0o755)),
    { path: 'tmp', mode: 0o1777, source: { kind: 'directory' } } as const,
  ]
  return [
    { comment: 'accounts, certificates, loader and shared libraries', entries: withDirectories(base) },
    { comment: name, entries: withDirectories([file(programPath(name).slice(1), program, 0o755)]) },
  ]
}

/** The environment that the program gets, sorted. */
export function environmentOf({ libraries, certificates }: Pick<ImageSources, 'libraries' | 'certificates'>): string[] {
  const folders = unsearchedFolders(libraries)
  return [
    ...(folders.length === 0 ? [] : [`LD_LIBRARY_PATH=${folders.join(':')}`]),
    'PATH=/usr/local/bin',
    ...(certificates === undefined ? [] : [`SSL_CERT_FILE=/${CERTIFICATES}`]),
  ]
}

function withDirectories(entries: readonly LayerEntry[]): LayerEntry[] {
  const all = new Map(entries.map((entry) => [entry.path, entry]))
  for (const { path } of entries) {
    for (let parent = posix.dirname(path); parent !== '.'; parent = posix.dirname(parent))
      if (!all.has(parent)) all.set(parent, { path: parent, mode: 0o755, source: { kind: 'directory' } })
  }
  return [...all.values()].sort(by((entry) => entry.path))
}
