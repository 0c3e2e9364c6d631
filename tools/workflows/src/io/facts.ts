import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { InterlockError } from '@interlock/kit'
import { pluginOptionsIn, readNxJson } from '@interlock/nx'
import type { PipelineFacts } from '../core/pipeline/facts.ts'
import { pinOverrides } from './overrides.ts'

/**
 * What the generated files take from nx.json, package.json and interlock.yaml. Needs no graph, so that the files can be checked while a
 * manifest is broken.
 *
 * @throws InterlockError `CONFIG_INVALID` for one of them that cannot be read.
 */
export function pipelineFacts(root: string): PipelineFacts {
  const nxJson = readNxJson(root)
  return {
    mainBranch: (nxJson.defaultBase ?? 'main').replace(/^origin\//u, ''),
    pythonVersions: pluginOptionsIn(nxJson).python.versions,
    hasSetupScript: typeof scriptsOf(root)['setup'] === 'string',
    pins: pinOverrides(root),
  }
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
