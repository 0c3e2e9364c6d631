import type { EntryKey } from '../entry.ts'
import { scopeName } from '../scope.ts'

/**
 * Where things are in a bucket. Everything of one entry is in one folder, so that a listing shows an index object beside
 * its bytes:
 *
 *     entries/acme/nx/trusted~2fmain/1234/blob.<digest>.<upload>
 *     entries/acme/nx/trusted~2fmain/1234/row
 *     entries/acme/nx/trusted~2fmain/1234/used
 *
 * The name of a blob is used for one upload and never again: what deletes it can hit no later one.
 */
export interface Names {
  /** All entries. */
  readonly entries: string
  /** The folder of an entry, with a slash at its end. */
  readonly folder: (key: EntryKey) => string
  /** The object that says when the last sweep began. */
  readonly sweep: string
  /** An object that shows what the bucket can do, and is taken away again. */
  readonly probe: (id: string) => string
  readonly probes: string
}

export type ObjectRole = 'blob' | 'row' | 'used'

/** A name of the bucket that belongs to an entry. */
export interface Placed {
  readonly folder: string
  readonly role: ObjectRole
  /** The last part of the name. */
  readonly name: string
}

export const ROW = 'row'
export const USED = 'used'

/** `prefix` has no slash at either end and may be empty. */
export function namesOf(prefix: string): Names {
  const root = prefix === '' ? '' : `${prefix}/`
  const entries = `${root}entries/`
  const probes = `${root}probes/`
  return {
    entries,
    probes,
    folder: ({ workspace, tool, scope, hash }) =>
      `${entries}${[workspace, tool, scope, hash].map((part) => scopeName(part)).join('/')}/`,
    probe: (id) => `${probes}${id}`,
    sweep: `${root}sweep`,
  }
}

/** The name of the bytes of one upload. */
export function blobName(digest: string, upload: string): string {
  return `blob.${digest}.${upload}`
}

export function isBlobName(name: string): boolean {
  return /^blob\.[0-9a-f]{64}\.[0-9a-f-]{36}$/u.test(name)
}

/** What an object of the bucket is; `undefined` for one that is none of ours. */
export function placedOf(key: string): Placed | undefined {
  const at = key.lastIndexOf('/') + 1
  const [folder, name] = [key.slice(0, at), key.slice(at)]
  const role = name === ROW ? 'row' : name === USED ? 'used' : isBlobName(name) ? 'blob' : undefined
  return role === undefined ? undefined : { folder, name, role }
}
