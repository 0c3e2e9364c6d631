import { normalizeName } from './names.ts'

/** One dependency that a manifest names. */
export interface Requirement {
  /** Normalised as PEP 503 says. */
  readonly name: string
  readonly extras: readonly string[]
  /** A directory or archive on disk, as the manifest writes it, relative to the manifest. */
  readonly path: string | undefined
}

const FORM = /^\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[([^\]]*)\])?\s*(@\s*[^;\s]+)?/

/** Reads the name, the extras and a local path of a PEP 508 requirement; `undefined` when the text is none. */
export function parseRequirement(text: string): Requirement | undefined {
  const match = FORM.exec(text)
  if (match?.[1] === undefined) return undefined
  const extras = (match[2] ?? '').split(',').map((extra) => normalizeName(extra.trim()))
  return { name: normalizeName(match[1]), extras: extras.filter((extra) => extra !== ''), path: localPath(match[3]) }
}

/** The path of `@ file:…`; `${PROJECT_ROOT}` and hatch's `{root:uri}` stand for the manifest's directory. */
function localPath(reference: string | undefined): string | undefined {
  if (reference === undefined) return undefined
  const url = reference.slice(1).trim().replace(/#.*$/, '')
  const relative = /^(?:file:\/*)?(?:\$\{PROJECT_ROOT\}|\{root:uri\}|\{root\})\/?(.*)$/.exec(url)
  if (relative !== null) return decode(relative[1] === '' ? '.' : (relative[1] ?? '.'))
  if (url.startsWith('file:')) return decode(url.replace(/^file:(\/\/(localhost)?)?/, ''))
  return /^\.{1,2}\//.test(url) ? url : undefined
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
