import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CONFIG_FILE } from '@interlock/kit'

/** The text of interlock.yaml; `undefined` when there is none. */
export function configText(root: string): string | undefined {
  const path = join(root, CONFIG_FILE)
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}
