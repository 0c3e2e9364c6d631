import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { byText, InterlockError, readConfig } from '@interlock/kit'
import { pluginOptionsIn, readNxJson } from '@interlock/nx'
import { isWatchedManifest } from '../core/pipeline/dependabot.ts'
import type { PipelineFacts } from '../core/pipeline/facts.ts'
import { ciSection } from '../core/pipeline/section.ts'

/**
 * What the generated files take from interlock.yaml, nx.json, package.json and the names of manifests. Needs no graph, so
 * that the files can be checked while a manifest is broken.
 *
 * @throws InterlockError `CONFIG_INVALID` for one of the two that cannot be read, `GIT_FAILED` where git lists no files.
 */
export function pipelineFacts(root: string): PipelineFacts {
  const nxJson = readNxJson(root)
  const section = readConfig(root, { ci: ciSection }).config.ci
  return {
    section,
    mainBranch: section.main ?? (nxJson.defaultBase ?? 'main').replace(/^origin\//u, ''),
    pythonVersions: section.python ?? pluginOptionsIn(nxJson).python.versions,
    hasSetupScript: typeof scriptsOf(root)['setup'] === 'string',
    rootFiles: rootFilesOf(root),
    manifests: listedFiles(root).filter((path) => isWatchedManifest(path) && existsSync(join(root, path))),
  }
}

function rootFilesOf(root: string): string[] {
  const files = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isFile())
  return files.map(({ name }) => name).sort(byText)
}

/** What git tracks or would track; where there is no git, the files at the root. Submodules watch themselves. */
function listedFiles(root: string): string[] {
  if (!isInRepository(root)) return readdirSync(root)
  const flags = ['--cached', '--others', '--exclude-standard', '--deduplicate']
  const git = spawnSync('git', ['ls-files', '-z', ...flags], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 30 })
  if (git.error === undefined && git.status === 0) return git.stdout.split('\0').filter((path) => path !== '')
  const why = git.error?.message ?? `ended with ${git.status}: ${git.stderr.trim()}`
  throw new InterlockError('GIT_FAILED', `git ls-files does not list the files of the workspace: ${why}`, { cause: git.error })
}

function isInRepository(folder: string): boolean {
  if (existsSync(join(folder, '.git'))) return true
  const parent = dirname(folder)
  return parent !== folder && isInRepository(parent)
}

function scriptsOf(root: string): Readonly<Record<string, unknown>> {
  const file = 'package.json'
  if (!existsSync(join(root, file))) return {}
  try {
    const manifest = JSON.parse(readFileSync(join(root, file), 'utf8')) as {
      readonly scripts?: Readonly<Record<string, unknown>>
    }
    return manifest.scripts ?? {}
  } catch (cause) {
    throw new InterlockError('CONFIG_INVALID', 'is not valid JSON', { file, cause })
  }
}
