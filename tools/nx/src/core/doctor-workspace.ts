import { globMatcher } from '@interlock/kit'
import { CLOSURES_FILE } from './closures.ts'
import { registrationOf } from './config-files.ts'
import type { Finding, Rule } from './doctor.ts'

const OLDEST_NX = 24
const SYNC_GENERATOR = '@interlock/nx:closures'

const nxTooOld: Rule = ({ nxVersion }) =>
  Number.parseInt(nxVersion, 10) >= OLDEST_NX
    ? []
    : [
        {
          rule: 'nx-version',
          severity: 'error',
          message: `Nx ${nxVersion} selects whole projects and does not see a change of closures.json`,
          evidence: [`nx ${nxVersion}`],
          fix: `npx nx migrate ${OLDEST_NX}`,
        },
      ]

const graph: Rule = ({ graphProblem }) =>
  graphProblem === undefined
    ? []
    : [
        {
          rule: 'graph',
          severity: 'error',
          message: 'Nx cannot build the task graph, so nothing about its targets was checked',
          evidence: graphProblem.split('\n').filter((line) => line.trim() !== ''),
          fix: 'mend what the evidence names',
        },
      ]

const legacyAffected: Rule = ({ nxJson, env }) => {
  const evidence = [
    ...(valueAt(nxJson, 'affected', 'legacy') === true ? ['nx.json: affected.legacy is true'] : []),
    ...(env['NX_LEGACY_AFFECTED'] === 'true' ? ['NX_LEGACY_AFFECTED is true'] : []),
  ]
  if (evidence.length === 0) return []
  const message = '`nx affected` selects whole projects instead of tasks and misses files outside projects'
  return [{ rule: 'legacy-affected', severity: 'error', message, evidence, fix: 'remove the setting' }]
}

const plugin: Rule = ({ nxJson }) =>
  registrationOf(nxJson) === undefined
    ? [
        {
          rule: 'plugin',
          severity: 'error',
          message: 'nx.json does not register @interlock/nx/plugin: Rust and Python are not in the graph',
          evidence: ['nx.json: plugins'],
          fix: 'npx nx g @interlock/nx:init',
        },
      ]
    : []

const syncGenerator: Rule = ({ nxJson, hasLocks }) => {
  const generators = valueAt(nxJson, 'sync', 'globalGenerators')
  if (!hasLocks || (Array.isArray(generators) && generators.includes(SYNC_GENERATOR))) return []
  return [
    {
      rule: 'sync-generator',
      severity: 'warning',
      message: `${CLOSURES_FILE} is not kept by nx sync`,
      evidence: ['nx.json: sync.globalGenerators'],
      fix: `add "${SYNC_GENERATOR}" to sync.globalGenerators of nx.json`,
    },
  ]
}

const cacheDirectory: Rule = ({ nxJson, env }) => {
  const fromEnv = env['NX_CACHE_DIRECTORY'] !== undefined && env['NX_CACHE_DIRECTORY'] !== ''
  const directory = fromEnv ? env['NX_CACHE_DIRECTORY'] : nxJson['cacheDirectory']
  const where = fromEnv ? 'NX_CACHE_DIRECTORY' : 'nx.json: cacheDirectory'
  if (typeof directory === 'string' && !fromEnv && !/^(?:\/|~|[A-Za-z]:|\.\.(?:\/|$))/u.test(directory)) return []
  const finding = { rule: 'cache-directory', fix: 'set "cacheDirectory": ".nx/cache" in nx.json' }
  if (directory === undefined) {
    const message =
      'the cache is shared by every clone of this repository on a machine, so a pull request can write what main reads'
    return [{ ...finding, severity: 'error', message, evidence: ['nx.json: no cacheDirectory'] }]
  }
  const message = 'the cache lies outside this clone; make sure that no other clone of this repository uses it'
  return [
    { ...finding, severity: fromEnv ? 'warning' : 'error', message, evidence: [`${where} is ${JSON.stringify(directory)}`] },
  ]
}

const closuresFile: Rule = ({ closures, hasLocks, closuresIgnoredBy }) => {
  const findings: Finding[] = []
  if (closuresIgnoredBy !== undefined) {
    const message = `${CLOSURES_FILE} is ignored, so Nx does not see it change`
    findings.push({ rule: 'closures-ignored', severity: 'error', message, evidence: [closuresIgnoredBy], fix: 'remove the line' })
  }
  if (closures.state === 'damaged') {
    const message = `${CLOSURES_FILE} cannot be read: every change of a lock file runs everything that it can reach`
    findings.push({ rule: 'closures-damaged', severity: 'error', message, evidence: [closures.reason], fix: 'npx nx sync' })
  }
  if (closures.state === 'absent' && hasLocks) {
    const message = `there is no ${CLOSURES_FILE}: every change of a lock file runs every project of its language`
    findings.push({
      rule: 'closures-absent',
      severity: 'warning',
      message,
      evidence: [],
      fix: 'npx nx sync, then commit the file',
    })
  }
  return findings
}

const staleClosures: Rule = ({ closures, stale, slicesProblem }) => {
  if (slicesProblem !== undefined) {
    const message = 'the manifests or locks cannot be read, so no closure was checked'
    return [
      {
        rule: 'slices',
        severity: 'error',
        message,
        evidence: [slicesProblem.split('\n')[0] ?? ''],
        fix: 'mend the file that is named',
      },
    ]
  }
  if (closures.state !== 'read' || stale === undefined || stale.length === 0) return []
  return [
    {
      rule: 'closures-stale',
      severity: 'error',
      message: `${CLOSURES_FILE} does not match the manifests and locks: a later revert of a lock file, or of a new folder, could select nothing`,
      evidence: stale.map((project) => project.root),
      fix: 'npx nx sync, then commit the file',
    },
  ]
}

const irrelevantGlobs: Rule = ({ irrelevant, trackedFiles }) =>
  irrelevant.map((glob): Finding => {
    const matches = globMatcher(glob)
    const evidence = trackedFiles.filter((file) => matches(file))
    const finding = { rule: 'irrelevant', evidence }
    if (evidence.length === 0) {
      return {
        ...finding,
        severity: 'warning',
        message: `graph.irrelevant "${glob}" matches no tracked file`,
        fix: 'remove it from interlock.yaml',
      }
    }
    const message = `graph.irrelevant "${glob}": a change of these ${evidence.length} files runs nothing`
    return { ...finding, severity: 'note', message, fix: 'remove the glob from interlock.yaml if any task reads one of them' }
  })

const hiddenManifests: Rule = ({ hiddenManifests: evidence }) =>
  evidence.length === 0
    ? []
    : [
        {
          rule: 'hidden-manifests',
          severity: 'note',
          message: `${evidence.length} manifests are no projects, because nx.json or .nxignore leaves them out`,
          evidence,
          fix: 'shorten "exclude" in nx.json, or .nxignore, if one of them is a project that must be tested',
        },
      ]

const platformEntries: Rule = ({ platformPackages, lockedPlatformPackages }) => {
  if (lockedPlatformPackages === undefined) return []
  const locked = new Set(lockedPlatformPackages)
  const evidence = platformPackages.filter((name) => !locked.has(name))
  if (evidence.length === 0) return []
  const message = 'package-lock.json does not name every platform of Nx: npm ci fails on the others'
  return [
    {
      rule: 'platform-entries',
      severity: 'error',
      message,
      evidence,
      fix: 'add the entries (version, os, cpu, optional) and run npm install',
    },
  ]
}

const shallowClone: Rule = ({ shallow }) =>
  shallow
    ? [
        {
          rule: 'shallow-clone',
          severity: 'warning',
          message: 'this clone is shallow: where the common ancestor is missing, everything runs',
          evidence: ['git rev-parse --is-shallow-repository'],
          fix: 'git fetch --unshallow (in GitHub Actions: actions/checkout with fetch-depth: 0)',
        },
      ]
    : []

const submodules: Rule = ({ submodules }) =>
  submodules.length === 0
    ? []
    : [
        {
          rule: 'submodules',
          severity: 'warning',
          message: 'git compares a submodule by its commit: what is changed in one but not committed there may select nothing',
          evidence: submodules,
          fix: 'commit in the submodule, and its new commit here, before you rely on affected; or vendor its files',
        },
      ]

/** Rules about the workspace as a whole. */
export const workspaceRules: readonly Rule[] = [
  nxTooOld,
  graph,
  legacyAffected,
  plugin,
  syncGenerator,
  cacheDirectory,
  closuresFile,
  staleClosures,
  irrelevantGlobs,
  hiddenManifests,
  platformEntries,
  shallowClone,
  submodules,
]

function valueAt(table: Readonly<Record<string, unknown>>, section: string, key: string): unknown {
  const value = table[section]
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined
}
