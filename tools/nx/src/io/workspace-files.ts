import { hash } from 'node:crypto'
import { type BigIntStats, existsSync, lstatSync, readFileSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import { InterlockError, type WorkspaceFiles } from '@interlock/kit'
import { configFilesAmong, registrationOf } from '../core/config-files.ts'
import { NX_IGNORE, nxIgnore } from '../core/nx-ignore.ts'
import { listFiles } from './listed-files.ts'
import { readNxJson } from './nx-json.ts'

/**
 * A file that was written this recently may be written again within the resolution of its time stamps, so its digest is
 * not remembered.
 */
const SETTLED_AFTER_MS = 2_000

const REMEMBERED_FILES = 50_000

interface Remembered {
  readonly stamp: string
  readonly digest: string
}

const remembered = new Map<string, Remembered>()

/**
 * The configuration files of a workspace on disk. `paths` are those that Nx lists for the plugin; without them they are
 * what git knows and does not ignore, reduced as nx.json tells Nx to.
 *
 * `digest` and `read` of one instance agree: a file that changes in between gives `FILE_CHANGED`.
 */
export function workspaceFilesOnDisk(root: string, paths: readonly string[] = listConfigFiles(root)): WorkspaceFiles {
  const digests = new Map<string, string>()
  const load = (path: string): { bytes: Buffer; digest: string } => {
    const bytes = readBytes(root, path)
    const digest = hash('sha256', bytes)
    const before = digests.get(path)
    if (before !== undefined && before !== digest) throw changed(path)
    digests.set(path, digest)
    return { bytes, digest }
  }
  return {
    paths,
    read: (path) => decode(load(path).bytes, path),
    digest: (path) => digests.get(path) ?? remember(join(root, path), digests, path) ?? load(path).digest,
  }

  function remember(absolute: string, into: Map<string, string>, path: string): string | undefined {
    const stats = statsOf(absolute, path)
    if (stats === undefined) throw changed(path)
    const stamp = [stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(' ')
    const known = remembered.get(absolute)
    const digest = known?.stamp === stamp ? known.digest : load(path).digest
    const settled = Date.now() - Number(stats.ctimeMs) > SETTLED_AFTER_MS
    if (remembered.size >= REMEMBERED_FILES) remembered.clear()
    if (settled) remembered.set(absolute, { stamp, digest })
    else remembered.delete(absolute)
    into.set(path, digest)
    return digest
  }
}

/** Forgets every remembered digest. */
export function forgetDigests(): void {
  remembered.clear()
}

/** Whether the path is a regular file itself, not a link to one. */
export function isRegularFile(root: string, path: string): boolean {
  return lstatSync(join(root, path), { throwIfNoEntry: false })?.isFile() === true
}

/** The configuration files that git tracks or would track, as nx.json and `.nxignore` let the plugin see them. Sorted. */
export function listConfigFiles(root: string): string[] {
  const files = configFilesAmong(listVisibleFiles(root), registrationOf(readNxJson(root)))
  return files.filter((path) => existsSync(join(root, path)))
}

/** Every file that git tracks or would track, also a deleted one that it still tracks, as `.nxignore` lets Nx see them. */
export function listVisibleFiles(root: string): string[] {
  const files = listFiles(root)
  const ignores = [NX_IGNORE, ...files].filter((path) => posix.basename(path) === NX_IGNORE && existsSync(join(root, path)))
  const isIgnored = nxIgnore(new Map(ignores.map((path) => [path, readFileSync(join(root, path), 'utf8')])))
  return files.filter((path) => !isIgnored(path))
}

function statsOf(absolute: string, path: string): BigIntStats | undefined {
  try {
    return statSync(absolute, { bigint: true, throwIfNoEntry: false })
  } catch (cause) {
    throw unreadable(path, cause)
  }
}

function readBytes(root: string, path: string): Buffer {
  try {
    return readFileSync(join(root, path))
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') throw changed(path)
    throw unreadable(path, cause)
  }
}

function unreadable(path: string, cause: unknown): InterlockError {
  const { code } = cause as NodeJS.ErrnoException
  return new InterlockError('FILE_UNREADABLE', `cannot be read (${code ?? 'unknown reason'})`, {
    file: path,
    hint: 'is it a loop of links, a directory, or a file of another user?',
    cause,
  })
}

function changed(path: string): InterlockError {
  return new InterlockError('FILE_CHANGED', 'changed or was deleted while the graph was built', {
    file: path,
    hint: 'run the command again',
  })
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

function decode(bytes: Buffer, path: string): string {
  try {
    return utf8.decode(bytes)
  } catch (cause) {
    throw new InterlockError('FILE_UNREADABLE', 'is not UTF-8 text', {
      file: `${path}:${placeOfFirstBadByte(bytes)}`,
      hint: 'save the file as UTF-8',
      cause,
    })
  }
}

/** `line:column` of the first byte that is not UTF-8. */
function placeOfFirstBadByte(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  let at = text.indexOf('\u{fffd}')
  let offset = Buffer.byteLength(text.slice(0, at))
  // A replacement character may be the file's own; the first that is not, marks the bad byte.
  while (at !== -1 && bytes.subarray(offset, offset + 3).toString('hex') === 'efbfbd') {
    offset += 3
    const next = text.indexOf('\u{fffd}', at + 1)
    offset += Buffer.byteLength(text.slice(at + 1, next))
    at = next
  }
  const before = text.slice(0, at).split('\n')
  return `${before.length}:${(before.at(-1) ?? '').length + 1}`
}
