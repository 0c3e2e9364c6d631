import { canonical, isTable, sortedUnique, tableAt, type TomlTable, type TomlValue } from '@interlock/kit'
import { limitsIn, MANIFEST_LISTS } from './limits.ts'
import { shortDigest } from './lock.ts'
import type { Manifest } from './manifest.ts'
import { normalizeName } from './names.ts'

/** Tools whose own configuration in a member replaces the root's, with the files that count as such. */
const OWN_CONFIG: Readonly<Record<string, readonly string[]>> = {
  black: [],
  coverage: ['.coveragerc'],
  mypy: ['mypy.ini', '.mypy.ini'],
  pytest: ['pytest.ini', '.pytest.ini'],
  ruff: ['ruff.toml', '.ruff.toml'],
}

/** The line of each part of a manifest: the same for every member. */
const LINES = new WeakMap<Manifest, Map<string, string>>()

export interface RootShare {
  readonly member: Manifest
  /** Names that the member, or a member that it reaches, or a group of the root depends on. */
  readonly names: ReadonlySet<string>
  /** Whether the member depends on the package that the root itself is. */
  readonly reachesRoot: boolean
  /** Whether a limit of a package's versions may matter to the member. */
  readonly isConcerned: (name: string) => boolean
  readonly paths: ReadonlySet<string>
}

/** What of the workspace's root pyproject.toml decides a member's tasks. Unknown tables belong to everyone. */
export function rootLines(root: Manifest, share: RootShare): string[] {
  const lines: string[] = []
  const known = LINES.get(root) ?? new Map<string, string>()
  LINES.set(root, known)
  const add = (key: string, value: TomlValue): void => {
    const line = known.get(key) ?? `${key} ${shortDigest([canonical(value)])}`.replace(/[\r\n]+/g, ' ')
    known.set(key, line)
    lines.push(line)
  }
  for (const [key, value] of Object.entries(root.table)) {
    if (key === 'tool' && isTable(value)) continue
    if ((key === 'project' || key === 'build-system') && root.name !== undefined && !share.reachesRoot) continue
    add(key, value)
  }
  for (const [tool, value] of Object.entries(tableAt(root.table, ['tool']) ?? {})) {
    if (tool === 'uv' && isTable(value)) continue
    if (!hasOwnConfig(share.member, tool, share.paths)) add(`tool.${tool}`, value)
  }
  const uv = tableAt(root.table, ['tool', 'uv']) ?? {}
  for (const [key, value] of Object.entries(uv)) {
    if (key === 'workspace') addRest(value, add)
    else if (key === 'sources' && isTable(value)) addSources(value, share.names, add)
    else {
      const limits = MANIFEST_LISTS.has(key) ? limitsIn(`tool.uv.${key}`, value) : undefined
      if (limits === undefined) add(`tool.uv.${key}`, value)
      else lines.push(...limits.filter(({ name }) => share.isConcerned(name)).map(({ line }) => line))
    }
  }
  return sortedUnique(lines)
}

/** Members are in the graph itself; a key of the workspace table that is not known may mean anything. */
function addRest(value: TomlValue, add: (key: string, value: TomlValue) => void): void {
  if (!isTable(value)) return add('tool.uv.workspace', value)
  for (const [key, inner] of Object.entries(value)) {
    if (key !== 'members' && key !== 'exclude') add(`tool.uv.workspace.${key}`, inner)
  }
}

function addSources(sources: TomlTable, names: ReadonlySet<string>, add: (key: string, value: TomlValue) => void): void {
  for (const [name, value] of Object.entries(sources)) {
    if (names.has(normalizeName(name))) add(`tool.uv.sources.${normalizeName(name)}`, value)
  }
}

function hasOwnConfig(member: Manifest, tool: string, paths: ReadonlySet<string>): boolean {
  const files = OWN_CONFIG[tool]
  if (files === undefined) return false
  const table = tableAt(member.table, ['tool', tool])
  if (table !== undefined) return table['extend'] === undefined
  // A ruff.toml may extend the root; its text is not read here.
  return tool !== 'ruff' && files.some((file) => paths.has(`${member.root}/${file}`))
}
