import { posix } from 'node:path'

/** What a text after `uses:` names. */
export type Reference =
  | { readonly kind: 'action'; readonly repository: string; readonly path: string | undefined; readonly ref: string }
  /** Of this repository; `path` is below its root. */
  | { readonly kind: 'local'; readonly path: string }
  | { readonly kind: 'image' }
  | { readonly kind: 'unclear' }

/** Reads `owner/name/path@ref`, `./path`, `$/path` and `docker://image`; whatever is none of them is unclear. */
export function referenceOf(text: string): Reference {
  if (text.startsWith('docker://')) return { kind: 'image' }
  if (/^[.$]\//u.test(text)) return localReference(text.slice(2))
  const [, owner, name, path, ref] = ACTION.exec(text) ?? []
  if (owner === undefined || name === undefined || ref === undefined) return { kind: 'unclear' }
  return { kind: 'action', repository: `${owner}/${name}`, path, ref }
}

const ACTION = /^([A-Za-z0-9][A-Za-z0-9-]*)\/([A-Za-z0-9._-]+)(?:\/([A-Za-z0-9._/-]+))?@([^\s@]+)$/u

function localReference(path: string): Reference {
  const clean = posix.normalize(path).replace(/\/$/u, '')
  const leaves = clean === '..' || clean.startsWith('../') || clean.startsWith('/') || path.includes('\\') || path.includes('${{')
  return leaves ? { kind: 'unclear' } : { kind: 'local', path: clean }
}
