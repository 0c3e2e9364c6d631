import {
  byText,
  closureKey,
  type Ecosystem,
  type ReaderProject,
  type ReaderResult,
  sliceDigest,
  strictJsonObject,
} from '@interlock/kit'
import { parentEntries } from './parent-entries.ts'

/** The one committed file that holds a digest of every project's slice. */
export const CLOSURES_FILE = 'closures.json'

/** Digest of a slice, or one per ecosystem where two share a directory; or what a directory of projects says. */
export type ClosureEntry = string | Readonly<Partial<Record<Ecosystem, string>>>

/** Entries by closure key (`closureKey(root)`, `parentKey(directory)`), sorted. */
export type ClosureTable = Readonly<Record<string, ClosureEntry>>

/** What is known of the committed file. Only a file that was `read` may be left out of a target's inputs. */
export type CommittedClosures =
  | { readonly state: 'absent' }
  | { readonly state: 'damaged'; readonly reason: string }
  | { readonly state: 'read'; readonly table: Readonly<Record<string, unknown>> }

/** A project whose committed digest is not the digest of its slice. */
export interface StaleProject {
  readonly root: string
  readonly ecosystem: Ecosystem
  readonly key: string
  /** `undefined` when the file has no digest for it. */
  readonly committed: string | undefined
  readonly actual: string
}

/**
 * The table that belongs to these manifests and locks, and to the directories below which only projects lie. Projects
 * without a lock have no entry.
 */
export function closuresOf(results: readonly ReaderResult[], parents: Iterable<string>): ClosureTable {
  const byRoot = new Map<string, { ecosystem: Ecosystem; digest: string }[]>()
  for (const project of results.flatMap((result) => result.projects)) {
    const digest = digestOf(project)
    if (digest === undefined) continue
    byRoot.set(project.root, [...(byRoot.get(project.root) ?? []), { ecosystem: project.ecosystem, digest }])
  }
  const shared = sharedRoots(results)
  const entries = [...byRoot].map(([root, digests]): [string, ClosureEntry] => [
    closureKey(root),
    shared.has(root) ? ecosystemEntry(digests) : (digests[0]?.digest ?? ''),
  ])
  return Object.fromEntries(
    [...entries, ...Object.entries(parentEntries(parents))].sort(([left], [right]) => byText(left, right)),
  )
}

/** Canonical text of the file: sorted, one line per project, LF. */
export function renderClosures(table: ClosureTable): string {
  const lines = Object.keys(table)
    .sort(byText)
    .map((key) => `  ${JSON.stringify(key)}: ${entryText(table[key] ?? '')}`)
  return lines.length === 0 ? '{}\n' : `{\n${lines.join(',\n')}\n}\n`
}

/** Reads the committed text. A text that is not one strict JSON object without duplicate keys counts as damaged. */
export function readClosures(text: string | undefined): CommittedClosures {
  if (text === undefined) return { state: 'absent' }
  const parsed = strictJsonObject(text, CLOSURES_FILE)
  return parsed.ok ? { state: 'read', table: parsed.value } : { state: 'damaged', reason: parsed.reason }
}

/** The committed digest of one project, or `undefined`. */
export function committedDigest(
  committed: CommittedClosures,
  project: { readonly root: string; readonly ecosystem: Ecosystem; readonly shared: boolean },
): string | undefined {
  if (committed.state !== 'read') return undefined
  const key = closureKey(project.root)
  const entry = Object.hasOwn(committed.table, key) ? committed.table[key] : undefined
  if (!project.shared) return typeof entry === 'string' ? entry : undefined
  if (typeof entry !== 'object' || entry === null || !Object.hasOwn(entry, project.ecosystem)) return undefined
  const digest = (entry as Readonly<Record<string, unknown>>)[project.ecosystem]
  return typeof digest === 'string' ? digest : undefined
}

/** The projects whose committed digest differs from their slice, in the order of the file. */
export function staleProjects(results: readonly ReaderResult[], committed: CommittedClosures): StaleProject[] {
  const shared = sharedRoots(results)
  return results
    .flatMap((result) => result.projects)
    .flatMap((project): StaleProject[] => {
      const actual = digestOf(project)
      if (actual === undefined) return []
      const { root, ecosystem } = project
      const digest = committedDigest(committed, { root, ecosystem, shared: shared.has(root) })
      return digest === actual ? [] : [{ root, ecosystem, key: closureKey(root), committed: digest, actual }]
    })
    .sort((left, right) => byText(left.key, right.key) || byText(left.ecosystem, right.ecosystem))
}

/** A run asks several times, and a slice may have thousands of lines. */
const digests: WeakMap<NonNullable<ReaderProject['lock']>, string> = new WeakMap()

/** Digest of a project's slice: its reachable packages and its share of the root manifest. */
export function digestOf(project: ReaderProject): string | undefined {
  const { lock } = project
  if (lock === undefined) return undefined
  const digest = digests.get(lock) ?? sliceDigest(sliceLines(lock))
  digests.set(lock, digest)
  return digest
}

/** The lines that a slice's digest is made of: packages, and root manifest lines marked as such. */
export function sliceLines(lock: NonNullable<ReaderProject['lock']>): string[] {
  return [...lock.manifestLines.map((line) => `manifest ${line}`), ...lock.packages.map((line) => `package ${line}`)]
}

/** The input fields of `closures.json` that hold a project's slice. */
export function closureField(project: {
  readonly root: string
  readonly ecosystem: Ecosystem
  readonly shared: boolean
}): string {
  const key = closureKey(project.root)
  return project.shared ? `${key}.${project.ecosystem}` : key
}

/** Directories that more than one ecosystem claims. */
export function sharedRoots(results: readonly ReaderResult[]): ReadonlySet<string> {
  const seen = new Map<string, Ecosystem>()
  const shared = new Set<string>()
  for (const { root, ecosystem } of results.flatMap((result) => result.projects)) {
    if (seen.has(root) && seen.get(root) !== ecosystem) shared.add(root)
    seen.set(root, ecosystem)
  }
  return shared
}

function ecosystemEntry(digests: readonly { ecosystem: Ecosystem; digest: string }[]): ClosureEntry {
  const sorted = [...digests].sort((left, right) => byText(left.ecosystem, right.ecosystem))
  return Object.fromEntries(sorted.map(({ ecosystem, digest }) => [ecosystem, digest]))
}

function entryText(entry: ClosureEntry): string {
  if (typeof entry === 'string') return JSON.stringify(entry)
  const parts = (Object.keys(entry) as Ecosystem[])
    .sort(byText)
    .map((name) => `${JSON.stringify(name)}: ${JSON.stringify(entry[name])}`)
  return `{ ${parts.join(', ')} }`
}
