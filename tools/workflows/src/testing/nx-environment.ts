import { vi } from 'vitest'

/**
 * Nothing of the Nx or the CI that runs the test; the plugin from its source, and in Nx's own process: one for each plugin takes
 * longer to start than the plugin works. `vi.unstubAllEnvs` takes it back.
 */
export function stubNxEnvironment(): void {
  for (const name of Object.keys(process.env)) if (/^(?:NX|GITHUB|INTERLOCK)_|^CI$/u.test(name)) vi.stubEnv(name, undefined)
  vi.stubEnv('NODE_OPTIONS', '--conditions=@interlock/source')
  vi.stubEnv('NX_DAEMON', 'false')
  vi.stubEnv('NX_ISOLATE_PLUGINS', 'false')
}
