import { createGraphBuilder, checksumOf, type LockGraph, lockLine, shortDigest } from './lock.ts'
import { isDistributionName, normalizeName } from './names.ts'

interface Entry {
  readonly name: string
  readonly version: string
  readonly markers: string
  readonly hashes: readonly string[]
  readonly via: string[]
}

export interface RequirementsFile {
  readonly entries: readonly Entry[]
  /** Directories of `-e ./path` and `./path` lines, as written. */
  readonly local: readonly string[]
  /** Whether every line pins an exact version: only then is the file a lock. */
  readonly pinned: boolean
  readonly annotated: boolean
}

/** Reads a requirements file: continuation lines, hashes, markers, `# via` comments, `-e`, `-r`, `-c` and options. */
export function readRequirements(text: string): RequirementsFile {
  const entries: Entry[] = []
  const local: string[] = []
  const state = { pinned: true, annotated: false, inVia: false, logical: '' }
  let current: Entry | undefined
  for (const line of text.split(/\r\n|\n|\r/)) {
    const trimmed = line.trim()
    if (trimmed.startsWith('#')) {
      const via = viaOf(trimmed, state.inVia)
      state.inVia = via !== undefined
      if (via !== undefined) state.annotated = true
      if (via !== undefined && via !== '') current?.via.push(via)
      continue
    }
    state.inVia = false
    const inline = /\s#\s*via\s+(.*)$/.exec(line)
    const code = trimmed.replace(/(^|\s)#.*$/, '').trim()
    state.logical += ` ${code.replace(/\\$/, '')}`
    if (code.endsWith('\\')) continue
    const logical = state.logical.trim()
    state.logical = ''
    if (logical === '') continue
    const path = localPath(logical)
    if (path !== undefined) local.push(path)
    const entry = path === undefined ? entryOf(logical) : undefined
    current = entry
    if (entry !== undefined) entries.push(entry)
    else if (path === undefined && !logical.startsWith('-')) state.pinned = false
    if (inline?.[1] === undefined) continue
    state.annotated = true
    entry?.via.push(...inline[1].split(',').map((name) => name.trim()))
  }
  return { entries, local, pinned: state.pinned && entries.length > 0, annotated: state.annotated }
}

/**
 * A pinned requirements file as a graph. `# via x` is an edge from `x`; a package without one, or one that names a file,
 * belongs to everyone, and so does every package of a file without any `# via`.
 */
export function parseRequirementsLock(text: string): LockGraph {
  const file = readRequirements(text)
  const builder = createGraphBuilder()
  const added = file.entries.map((entry) => {
    const digest = shortDigest(entry.hashes)
    const line = lockLine({ name: entry.name, version: entry.version, digest, markers: entry.markers })
    return { entry, index: builder.add({ name: entry.name, version: entry.version, line, checksum: checksumOf(entry.hashes) }) }
  })
  const starts = new Map<string, number[]>()
  const everyone: number[] = []
  for (const { entry, index } of added) {
    if (entry.via.length === 0) everyone.push(index)
    for (const via of entry.via) {
      const name = normalizeName(
        via
          .replace(/\s*\(.*\)$/, '')
          .replace(/\[.*\]$|:.*$/, '')
          .trim(),
      )
      const sources = builder.named(name)
      if (via.startsWith('-') || !isDistributionName(name)) everyone.push(index)
      else if (sources.length > 0) for (const source of sources) builder.connect(source, [index])
      else starts.set(name, [...(starts.get(name) ?? []), index])
    }
  }
  return builder.finish({ starts, directories: new Map(), everyone, shared: [], limits: [] })
}

function viaOf(comment: string, open: boolean): string | undefined {
  const begin = /^#\s+via(?:\s+(.*))?$/.exec(comment)
  if (begin !== null) return (begin[1] ?? '').trim()
  const next = open ? /^#\s{2,}(\S.*)$/.exec(comment) : null
  return next?.[1]?.trim()
}

function localPath(line: string): string | undefined {
  const path = /^(?:-e|--editable)[\s=]+(\S+)/.exec(line)?.[1] ?? /^(\.{1,2}(?:\/\S*)?)(?:\s|$)/.exec(line)?.[1]
  if (path === undefined || /^(git|hg|svn|bzr)\+|^https?:/.test(path)) return undefined
  return path.replace(/^file:(\/\/)?/, '').replace(/\[[^\]]*\]$|#.*$/, '')
}

function entryOf(line: string): Entry | undefined {
  const match =
    /^([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^\]]*)\])?\s*(?:={2,3}\s*([^\s;]+)|@\s*(\S+))\s*(?:;\s*(.*?))?(?=\s+--|\s*$)/.exec(
      line,
    )
  if (match?.[1] === undefined) return undefined
  const hashes = [...line.matchAll(/--hash[=\s]+(\S+)/g)].map((hash) => hash[1] ?? '')
  const direct = match[4] === undefined ? '' : `direct-${shortDigest([match[4].replace(/^[a-z+]*:\/\/[^/]*/, '')])}`
  return { name: normalizeName(match[1]), version: match[3] ?? direct, markers: (match[5] ?? '').trim(), hashes, via: [] }
}
