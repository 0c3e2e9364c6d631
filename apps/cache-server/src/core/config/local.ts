import type { EnvironmentValue } from './environment.ts'

/** What holds for a server that nobody configured: everything below one folder, and no policy. */
export function localDefaults(folder: string, values: readonly EnvironmentValue[]): Readonly<Record<string, unknown>> {
  const hasStore = values.some(({ path }) => path.join('.') === 'store.kind')
  return {
    audit: `${folder}/audit`,
    log: { level: 'warn' },
    shutdown: { announce: 0 },
    ...(hasStore ? {} : { store: { kind: 'disk', directory: `${folder}/store` } }),
  }
}

/** What a person types in another terminal to use a server on this machine. */
export function localUsage(url: string, tokenFile: string): readonly string[] {
  return [
    `export INTERLOCK_CACHE_URL=${url}`,
    `export INTERLOCK_CACHE_TOKEN="$(cat ${shellWord(tokenFile)})"`,
    'npx nx affected -t test',
  ]
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
