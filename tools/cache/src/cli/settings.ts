import type { Invocation } from '@interlock/cli'
import { InterlockError, readConfig } from '@interlock/kit'
import { cacheSection } from '../core/section.ts'
import { setupOf, type ShieldSettings } from '../core/settings.ts'

/** The settings of this workspace. Throws `CONFIG_INVALID` for what is not valid; `undefined` where there is no cache. */
export function settingsIfAny({ root, env }: Pick<Invocation, 'root' | 'env'>): ShieldSettings | undefined {
  const { config } = readConfig(root, { cache: cacheSection })
  // Who asks about the cache wants to hear of it also where runs leave it alone.
  const setup = setupOf(config.cache, { ...env, INTERLOCK_CACHE: undefined, NX_SKIP_REMOTE_CACHE: undefined })
  if (setup.kind === 'on') return setup.settings
  if (setup.warning === undefined) return undefined
  throw new InterlockError('CONFIG_INVALID', setup.warning)
}

/** As above; throws `CONFIG_INVALID` where there is no cache. */
export function settingsOf(invocation: Pick<Invocation, 'root' | 'env'>): ShieldSettings {
  const settings = settingsIfAny(invocation)
  if (settings !== undefined) return settings
  throw new InterlockError('CONFIG_INVALID', 'this workspace names no cache', {
    file: 'interlock.yaml',
    hint: 'write its address as `url` into the section `cache`, or into the variable INTERLOCK_CACHE_URL',
  })
}
