import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, CONFIG_FILE, type ConfigSections, parseConfig } from '../core/config.ts'
import { InterlockError } from '../core/error.ts'

/** What interlock.yaml says, and whether there is one. */
export interface ReadConfig<Sections extends ConfigSections> {
  readonly exists: boolean
  readonly config: Config<Sections>
}

/**
 * Reads these sections of the workspace's interlock.yaml. Throws as `parseConfig` does, and `FILE_UNREADABLE` for a file
 * that is there and cannot be read.
 */
export function readConfig<Sections extends ConfigSections>(root: string, sections: Sections): ReadConfig<Sections> {
  const text = configText(root)
  return { exists: text !== undefined, config: parseConfig(text, sections) }
}

/** The text of the workspace's interlock.yaml; `undefined` when there is none. Throws `FILE_UNREADABLE` otherwise. */
export function configText(root: string): string | undefined {
  try {
    return readFileSync(join(root, CONFIG_FILE), 'utf8')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw new InterlockError('FILE_UNREADABLE', `cannot be read (${code ?? 'unknown reason'})`, { file: CONFIG_FILE, cause })
  }
}
