import { CONFIG_FILE, parseConfig, parseOptions, type WorkspaceFiles } from '@interlock/kit'
import { graphSection, pluginOptions } from '../core/options.ts'
import type { GraphOptions } from './graph.ts'

/** The plugin's options from nx.json and the section `graph` of interlock.yaml, both checked. */
export function settingsOf(files: WorkspaceFiles, options: unknown): GraphOptions {
  const text = files.paths.includes(CONFIG_FILE) ? files.read(CONFIG_FILE) : undefined
  return {
    plugin: parseOptions(pluginOptions, options ?? {}, { what: 'the options of @interlock/nx/plugin', file: 'nx.json' }),
    section: parseConfig(text, { graph: graphSection }).graph,
  }
}
