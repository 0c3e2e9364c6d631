import { CONFIG_FILE, parseConfig, parseOptions, type WorkspaceFiles } from '@interlock/kit'
import { registrationOf } from '../core/config-files.ts'
import { graphSection, type PluginOptions, pluginOptions } from '../core/options.ts'
import type { GraphOptions } from './graph.ts'
import type { NxJson } from './nx-json.ts'

/** The plugin's options from nx.json and the section `graph` of interlock.yaml, both checked. */
export function settingsOf(files: WorkspaceFiles, options: unknown): GraphOptions {
  const text = files.paths.includes(CONFIG_FILE) ? files.read(CONFIG_FILE) : undefined
  return {
    plugin: checked(options),
    section: parseConfig(text, { graph: graphSection }).graph,
  }
}

/** The plugin's options in nx.json, with every default filled in. Throws `CONFIG_INVALID` for one that is not known. */
export function pluginOptionsIn(nxJson: NxJson): PluginOptions {
  return checked(registrationOf(nxJson)?.options)
}

function checked(options: unknown): PluginOptions {
  return parseOptions(pluginOptions, options ?? {}, { what: 'the options of @interlock/nx/plugin', file: 'nx.json' })
}
