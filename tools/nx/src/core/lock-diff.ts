import { by, byText, type Ecosystem, type ReaderProject, type ReaderResult, sortedUnique } from '@interlock/kit'

/** One package that moved in a lock file, and the projects that can reach it. */
export interface PackageMove {
  readonly lock: string
  readonly name: string
  readonly kind: 'added' | 'removed' | 'changed'
  /** Versions that went and that came; equal when only the content behind a version moved (checksum, source, features). */
  readonly before: readonly string[]
  readonly after: readonly string[]
  /** Names as the manifests have them, and directories. */
  readonly projects: readonly string[]
  readonly roots: readonly string[]
}

/** One part of a root manifest that moved, and the projects that it is attributed to. */
export interface ManifestMove {
  readonly manifest: string
  readonly kind: 'added' | 'removed'
  readonly line: string
  readonly projects: readonly string[]
  readonly roots: readonly string[]
}

/** What moved between two states of the manifests and locks. */
export interface LockDiff {
  readonly packages: readonly PackageMove[]
  readonly manifest: readonly ManifestMove[]
  /** Projects that are there on one side only; their packages are not listed one by one. */
  readonly projectsAdded: readonly string[]
  readonly projectsRemoved: readonly string[]
}

/** Compares the slices of two states, project by project. */
export function diffLocks(before: readonly ReaderResult[], after: readonly ReaderResult[]): LockDiff {
  const old = projectsByKey(before)
  const current = projectsByKey(after)
  const packages = new Map<string, PackageMove & Collected>()
  const manifest = new Map<string, ManifestMove & Collected>()
  for (const [key, project] of current) {
    const previous = old.get(key)
    if (previous === undefined) continue
    for (const move of packageMoves(previous, project)) collect(packages, move, project)
    for (const move of manifestMoves(previous, project)) collect(manifest, move, project)
  }
  const only = (one: ReadonlyMap<string, ReaderProject>, other: ReadonlyMap<string, ReaderProject>): string[] =>
    sortedUnique([...one].flatMap(([key, project]) => (other.has(key) ? [] : [project.name])))
  return {
    packages: [...packages.values()]
      .map(sortProjects)
      .sort(by((move) => `${move.lock} ${move.name} ${move.before.join()} ${move.after.join()}`)),
    manifest: [...manifest.values()].map(sortProjects).sort(by((move) => `${move.manifest} ${move.line} ${move.kind}`)),
    projectsAdded: only(current, old),
    projectsRemoved: only(old, current),
  }
}

/** The part of a diff that concerns the projects in one directory. */
export function diffOfProject(diff: LockDiff, root: string): Pick<LockDiff, 'packages' | 'manifest'> {
  return {
    packages: diff.packages.filter((move) => move.roots.includes(root)),
    manifest: diff.manifest.filter((move) => move.roots.includes(root)),
  }
}

/** The diff in words that a reviewer can use, without a line break at the end. */
export function renderLockDiff(diff: LockDiff): string {
  const sections = [
    ...groups(diff.packages, (move) => move.lock).map(([lock, moves]) => section(lock, moves, packageText)),
    ...groups(diff.manifest, (move) => move.manifest).map(([file, moves]) => section(file, moves, manifestText)),
    ...(diff.projectsAdded.length === 0 ? [] : [`new projects: ${diff.projectsAdded.join(', ')}`]),
    ...(diff.projectsRemoved.length === 0 ? [] : [`removed projects: ${diff.projectsRemoved.join(', ')}`]),
  ]
  return sections.length === 0 ? 'no package and no shared part of a root manifest moved' : sections.join('\n\n')
}

/** `serde 1.0.1 → 1.0.2`, `added itoa 1.0.0` */
export function packageText(move: PackageMove): string {
  if (move.kind === 'added') return `added ${move.name} ${move.after.join(', ')}`
  if (move.kind === 'removed') return `removed ${move.name} ${move.before.join(', ')}`
  const same = move.before.join() === move.after.join()
  return same
    ? `${move.name} ${move.after.join(', ')}: same version, other content (checksum, source or features)`
    : `${move.name} ${move.before.join(', ')} → ${move.after.join(', ')}`
}

/** `+ dependencies.serde = …` */
export function manifestText(move: ManifestMove): string {
  return `${move.kind === 'added' ? '+' : '-'} ${move.line}`
}

function packageMoves(before: ReaderProject, after: ReaderProject): Omit<PackageMove, 'projects' | 'roots'>[] {
  const lock = after.lock?.file ?? before.lock?.file
  if (lock === undefined) return []
  const gone = byName(without(before.lock?.packages, after.lock?.packages))
  const come = byName(without(after.lock?.packages, before.lock?.packages))
  return sortedUnique([...gone.keys(), ...come.keys()]).map((name) => {
    const [old, fresh] = [gone.get(name) ?? [], come.get(name) ?? []]
    const kind = old.length === 0 ? 'added' : fresh.length === 0 ? 'removed' : 'changed'
    return { lock, name, kind, before: old, after: fresh }
  })
}

function manifestMoves(before: ReaderProject, after: ReaderProject): Omit<ManifestMove, 'projects' | 'roots'>[] {
  const manifest = after.lock?.rootManifest ?? before.lock?.rootManifest
  if (manifest === undefined) return []
  const removed = without(before.lock?.manifestLines, after.lock?.manifestLines)
  const added = without(after.lock?.manifestLines, before.lock?.manifestLines)
  return [
    ...removed.map((line) => ({ manifest, kind: 'removed' as const, line })),
    ...added.map((line) => ({ manifest, kind: 'added' as const, line })),
  ]
}

interface Collected {
  readonly projects: string[]
  readonly roots: string[]
}

/** Moves that are alike for several projects are one move. */
function collect<Move extends object>(moves: Map<string, Move & Collected>, move: Move, project: ReaderProject): void {
  const key = JSON.stringify(move)
  const known = moves.get(key) ?? { ...move, projects: [], roots: [] }
  moves.set(key, known)
  known.projects.push(project.name)
  known.roots.push(project.root)
}

function sortProjects<Move extends { readonly projects: readonly string[]; readonly roots: readonly string[] }>(
  move: Move,
): Move {
  return { ...move, projects: sortedUnique(move.projects), roots: sortedUnique(move.roots) }
}

function projectsByKey(results: readonly ReaderResult[]): ReadonlyMap<string, ReaderProject> {
  const key = (project: { ecosystem: Ecosystem; root: string }): string => `${project.ecosystem} ${project.root}`
  return new Map(results.flatMap((result) => result.projects).map((project) => [key(project), project]))
}

/** A slice's line begins with the package's name and its version; what follows is its content. */
function byName(lines: readonly string[]): Map<string, string[]> {
  const versions = new Map<string, string[]>()
  for (const line of lines) {
    const [name = '', version = ''] = line.split(' ')
    versions.set(name, sortedUnique([...(versions.get(name) ?? []), version]))
  }
  return versions
}

function without(lines: readonly string[] = [], other: readonly string[] = []): string[] {
  const known = new Set(other)
  return lines.filter((line) => !known.has(line))
}

function groups<Item>(items: readonly Item[], keyOf: (item: Item) => string): [string, Item[]][] {
  const found = new Map<string, Item[]>()
  for (const item of items) found.set(keyOf(item), [...(found.get(keyOf(item)) ?? []), item])
  return [...found].sort(([left], [right]) => byText(left, right))
}

function section<Move extends { readonly projects: readonly string[] }>(
  file: string,
  moves: readonly Move[],
  text: (move: Move) => string,
): string {
  return [file, ...moves.map((move) => `  ${text(move)}\n      for ${move.projects.join(', ')}`)].join('\n')
}
