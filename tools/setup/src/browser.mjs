import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The browser that tests look at pages with, as Debian names it. */
export const BROWSER = 'chromium'

/**
 * Whether the browser is on the path.
 *
 * @param {Readonly<Record<string, string | undefined>>} env
 */
export function hasBrowser(env) {
  return (env['PATH'] ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, BROWSER)))
}
