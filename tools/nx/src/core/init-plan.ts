import type { Ecosystem } from '@interlock/kit'
import { editJson, type JsonEdit } from './init-json.ts'
import { attributeLine, ignoreDirectories } from './init-ignore.ts'
import type { ChangedFile } from './init-undo.ts'

export const PLUGIN = '@interlock/nx/plugin'
export const SYNC_GENERATOR = '@interlock/nx:closures'

/** What `init` knows of the repository. */
export interface InitFacts {
  /** Present texts of the files that `init` may touch; a file that does not exist is absent. */
  readonly texts: Readonly<Partial<Record<InitFile, string>>>
  /** The branch that changes are compared with. */
  readonly defaultBranch: string
  /** Versions of the packages that must be installed, as they are installed now. */
  readonly versions: Readonly<Record<string, string>>
  readonly engines: string
  /** How many projects each ecosystem has. */
  readonly projects: Readonly<Partial<Record<Ecosystem, number>>>
  /** Paths that git tracks. */
  readonly tracked: readonly string[]
  /** Canonical text of closures.json for the present lock files. */
  readonly closures: string
}

/** Every file that `init` may touch. */
export const INIT_FILES = ['nx.json', 'package.json', '.gitignore', '.gitattributes', 'closures.json'] as const

export type InitFile = (typeof INIT_FILES)[number]

/** The files that must change, and how. Empty when the repository has everything. */
export function planInit(facts: InitFacts): readonly ChangedFile[] {
  const after: Record<InitFile, string | undefined> = {
    'nx.json': nxJson(facts),
    'package.json': packageJson(facts),
    '.gitignore': ignoreDirectories(facts.texts['.gitignore'], ignored(facts)),
    '.gitattributes': attributeLine(facts.texts['.gitattributes'], 'closures.json merge=union eol=lf linguist-generated'),
    'closures.json': facts.texts['closures.json'] ?? facts.closures,
  }
  return INIT_FILES.flatMap((path): ChangedFile[] => {
    const before = facts.texts[path]
    const text = after[path]
    if (text === undefined || text === before) return []
    return [{ path, before: before ?? null, after: text, generated: path === 'closures.json' }]
  })
}

/**
 * Directories of what tools write. One that the repository keeps files in is not hidden from git: at the root it is left
 * out, and where only another directory of that name holds them, the line is for the root alone.
 */
function ignored(facts: InitFacts): string[] {
  const names = [
    '.nx',
    'node_modules',
    'dist',
    ...((facts.projects.cargo ?? 0) > 0 ? ['target'] : []),
    ...((facts.projects.python ?? 0) > 0 ? ['__pycache__'] : []),
  ]
  const nested = new Set(facts.tracked.flatMap((path) => path.split('/').slice(1, -1)))
  return names
    .filter((name) => !facts.tracked.some((path) => path.startsWith(`${name}/`)))
    .map((name) => (nested.has(name) ? `/${name}` : name))
}

function nxJson(facts: InitFacts): string {
  const text = facts.texts['nx.json']
  if (text === undefined) return `${JSON.stringify(newNxJson(facts), null, 2)}\n`
  return editJson(text, 'nx.json', (config) => [
    ...setWhenAbsent(config, ['analytics'], false),
    ...setWhenAbsent(config, ['cacheDirectory'], '.nx/cache'),
    ...appendWhenAbsent(config, { path: ['plugins'], value: PLUGIN, names: pluginName }),
    ...appendWhenAbsent(config, { path: ['sync', 'globalGenerators'], value: SYNC_GENERATOR, names: String }),
  ])
}

function newNxJson(facts: InitFacts): object {
  return {
    $schema: './node_modules/nx/schemas/nx-schema.json',
    analytics: false,
    cacheDirectory: '.nx/cache',
    // Nx takes `main` when nothing is said.
    ...(facts.defaultBranch === 'main' ? {} : { defaultBase: facts.defaultBranch }),
    plugins: [PLUGIN],
    sync: { globalGenerators: [SYNC_GENERATOR] },
  }
}

/** Only what is missing: `npm install --save-dev` has usually written it already. */
function packageJson(facts: InitFacts): string {
  return editJson(facts.texts['package.json'] ?? '{\n  "private": true\n}\n', 'package.json', (config) => {
    const missing = Object.entries(facts.versions).filter(
      ([name]) => !isKnown(config, 'dependencies', name) && !isKnown(config, 'devDependencies', name),
    )
    return [
      ...missing.map(([name, version]): JsonEdit => ({ path: ['devDependencies', name], value: version })),
      // A package that is published must not tell its users which Node builds it.
      ...(config['private'] === true ? setWhenAbsent(config, ['engines', 'node'], facts.engines) : []),
    ]
  })
}

function isKnown(config: Readonly<Record<string, unknown>>, section: string, name: string): boolean {
  const table = config[section]
  return typeof table === 'object' && table !== null && Object.hasOwn(table, name)
}

function setWhenAbsent(config: object, path: readonly string[], value: unknown): JsonEdit[] {
  return at(config, path) === undefined ? [{ path, value }] : []
}

interface Appended {
  readonly path: readonly string[]
  readonly value: string
  readonly names: (item: unknown) => string
}

function appendWhenAbsent(config: object, { path, value, names }: Appended): JsonEdit[] {
  const list = at(config, path)
  return Array.isArray(list) && list.some((item) => names(item) === value) ? [] : [{ path, value, append: true }]
}

function pluginName(item: unknown): string {
  return typeof item === 'object' && item !== null && 'plugin' in item ? String(item.plugin) : String(item)
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined),
    value,
  )
}
