import { posix } from 'node:path'
import { sortedUnique } from '@interlock/kit'
import { yamlOf } from '../model/tree.ts'
import type { PlainFile } from '../model/types.ts'
import type { PipelineFacts } from './facts.ts'

/** Where Dependabot looks for what it does. */
const DEPENDABOT_FILE = '.github/dependabot.yml'

/**
 * Days that a new version has to be public before it is proposed: most that was published with bad intent was found and
 * withdrawn by then. Security updates do not wait.
 */
const COOLDOWN = { 'default-days': 7, 'semver-major-days': 30 }

/** What Dependabot may have open at a time, for one ecosystem. */
const MOST_OPEN = 5

/** What Dependabot is told of one ecosystem. */
type EcosystemUpdates = {
  readonly 'package-ecosystem': Ecosystem
  readonly directories: readonly string[]
  readonly schedule: { readonly interval: 'weekly'; readonly day: 'monday' }
  readonly cooldown: Readonly<Record<string, number>>
  readonly 'open-pull-requests-limit': number
  readonly labels: readonly string[]
  readonly groups: Readonly<Record<string, Group>>
}

type Group = {
  readonly 'applies-to': 'version-updates' | 'security-updates'
  readonly patterns: readonly ['*']
  readonly 'update-types'?: readonly ['patch']
}

type DependabotConfig = {
  readonly version: 2
  readonly updates: readonly EcosystemUpdates[]
}

type Ecosystem = 'cargo' | 'docker' | 'npm' | 'pip' | 'uv'

/**
 * What Dependabot watches: each ecosystem of which a manifest is there. Not the workflows: they are generated from pins, and
 * a proposal to edit them by hand would be one that `interlock ci generate --check` refuses.
 */
export function dependabotConfig({ manifests }: Pick<PipelineFacts, 'manifests'>): DependabotConfig {
  return {
    version: 2,
    updates: foldersOf(manifests).map(([ecosystem, directories]) => ({
      'package-ecosystem': ecosystem,
      directories,
      schedule: { interval: 'weekly', day: 'monday' },
      // Docker's tags need not be semantic versions, so only the one period applies to them.
      cooldown: ecosystem === 'docker' ? { 'default-days': COOLDOWN['default-days'] } : COOLDOWN,
      'open-pull-requests-limit': MOST_OPEN,
      labels: ['dependencies'],
      groups: {
        [`${ecosystem}-patch`]: { 'applies-to': 'version-updates', patterns: ['*'], 'update-types': ['patch'] },
        [`${ecosystem}-security`]: { 'applies-to': 'security-updates', patterns: ['*'] },
      },
    })),
  }
}

/** Whether a group holds patch versions that answer no advisory. */
export function isPatchGroup(group: string): boolean {
  return /^(?:cargo|docker|npm|pip|uv)-patch$/u.test(group)
}

/** Whether a group holds updates that answer an advisory. */
export function isSecurityGroup(group: string): boolean {
  return /security/iu.test(group)
}

/** The generated file, where Dependabot has something to watch. */
export function dependabotFile(facts: Pick<PipelineFacts, 'manifests'>): PlainFile[] {
  const config = dependabotConfig(facts)
  return config.updates.length === 0 ? [] : [{ path: DEPENDABOT_FILE, body: yamlOf(config) }]
}

/** Manifests by their names, and the locks that make a folder one of its own. */
const FILES: readonly { readonly ecosystem: Ecosystem; readonly manifest: RegExp; readonly lock?: RegExp }[] = [
  { ecosystem: 'cargo', manifest: /^Cargo\.toml$/u, lock: /^Cargo\.lock$/u },
  { ecosystem: 'docker', manifest: /^(?:Dockerfile|Dockerfile\.[\w.-]+|[\w.-]+\.Dockerfile)$/u },
  { ecosystem: 'npm', manifest: /^package\.json$/u, lock: /^(?:package-lock\.json|yarn\.lock|pnpm-lock\.yaml)$/u },
  { ecosystem: 'pip', manifest: /^(?:pyproject\.toml|requirements[\w.-]*\.(?:txt|in))$/u },
  { ecosystem: 'uv', manifest: /^uv\.lock$/u },
]

/** Whether a file is one of `PipelineFacts.manifests`: not of a test, and not of somebody else's code. */
export function isWatchedManifest(path: string): boolean {
  const folders = path.split('/').slice(0, -1)
  const name = posix.basename(path)
  return (
    !folders.some((folder) => /^(?:fixtures|testdata|node_modules|vendor)$/u.test(folder)) &&
    FILES.some(({ manifest, lock }) => manifest.test(name) || lock?.test(name) === true)
  )
}

/** The folders that Dependabot has to look into, by ecosystem; none for an ecosystem that is not there. */
function foldersOf(paths: readonly string[]): [Ecosystem, string[]][] {
  const python = paths.some((path) => posix.basename(path) === 'uv.lock') ? 'pip' : 'uv'
  const used = FILES.filter(({ ecosystem }) => ecosystem !== python)
  return used.flatMap(({ ecosystem, manifest, lock }): [Ecosystem, string[]][] => {
    const folders = foldersWith(paths, manifest)
    const own = lock === undefined ? folders : independent(folders, foldersWith(paths, lock))
    return own.length === 0 ? [] : [[ecosystem, own.map((folder) => `/${folder}`)]]
  })
}

/** Folders with a lock of their own, and those that are in no other one: a member of a workspace moves with its root. */
function independent(folders: readonly string[], locked: readonly string[]): string[] {
  return folders.filter(
    (folder) => locked.includes(folder) || !folders.some((other) => other !== folder && isBelow(folder, other)),
  )
}

function isBelow(folder: string, other: string): boolean {
  return other === '' || folder.startsWith(`${other}/`)
}

/** The root is the empty text. */
function foldersWith(paths: readonly string[], name: RegExp): string[] {
  return sortedUnique(
    paths.filter((path) => name.test(posix.basename(path))).map((path) => posix.dirname(path).replace(/^\.$/u, '')),
  )
}
