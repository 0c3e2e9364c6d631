import { InterlockError, type WorkspaceFiles } from '@interlock/kit'
import { parse } from 'yaml'
import type { z } from 'zod'
import { graphSection, pluginOptions } from '../core/options.ts'
import type { GraphOptions } from './graph.ts'

const CONFIG_FILE = 'interlock.yaml'

/** The plugin's options from nx.json and the section `graph` of interlock.yaml, both checked. */
export function settingsOf(files: WorkspaceFiles, options: unknown): GraphOptions {
  return {
    plugin: checked(pluginOptions, options ?? {}, 'nx.json'),
    section: checked(graphSection, sectionOf(files), CONFIG_FILE),
  }
}

function sectionOf(files: WorkspaceFiles): unknown {
  if (!files.paths.includes(CONFIG_FILE)) return {}
  const document: unknown = parse(files.read(CONFIG_FILE))
  return typeof document === 'object' && document !== null && 'graph' in document ? document.graph : {}
}

function checked<Schema extends z.ZodType>(schema: Schema, value: unknown, file: string): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => `${issue.path.join('.') || 'options'}: ${issue.message}`)
  throw new InterlockError('CONFIG_INVALID', problems.join('; '), { file })
}
