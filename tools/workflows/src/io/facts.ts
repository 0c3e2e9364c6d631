import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { byText, InterlockError, readConfig } from '@interlock/kit'
import { pluginOptionsIn, readNxJson } from '@interlock/nx'
import type { PipelineFacts } from '../core/pipeline/facts.ts'
import { ciSection } from '../core/pipeline/section.ts'

/**
 * What the generated files take from interlock.yaml, nx.json and package.json. Needs no graph, so that the files can be
 * checked while a manifest is broken.
 *
 * @throws InterlockError `CONFIG_INVALID` for one of them that cannot be read.
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
  }
}

function rootFilesOf(root: string): string[] {
  const files = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isFile())
  return files.map(({ name }) => name).sort(byText)
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
