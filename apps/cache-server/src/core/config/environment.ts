import { nearest } from '@interlock/kit'

/** Every variable that stands for a place of the file: names and kinds, so that a wrong one is an error and no surprise. */
const VARIABLES: Readonly<Record<string, { readonly path: readonly string[]; readonly kind: 'boolean' | 'number' | 'text' }>> = {
  AUDIT: { path: ['audit'], kind: 'text' },
  HOST: { path: ['listen', 'host'], kind: 'text' },
  KEYS: { path: ['keys'], kind: 'text' },
  LIMITS_ARTIFACT: { path: ['limits', 'artifact'], kind: 'text' },
  LIMITS_READS: { path: ['limits', 'reads'], kind: 'number' },
  LIMITS_STALL: { path: ['limits', 'stall'], kind: 'number' },
  LIMITS_WAITING: { path: ['limits', 'waiting'], kind: 'number' },
  LIMITS_WRITES: { path: ['limits', 'writes'], kind: 'number' },
  LOG_LEVEL: { path: ['log', 'level'], kind: 'text' },
  POLICY: { path: ['policy'], kind: 'text' },
  PORT: { path: ['listen', 'port'], kind: 'number' },
  READ_ONLY: { path: ['readOnly'], kind: 'boolean' },
  SHUTDOWN_ANNOUNCE: { path: ['shutdown', 'announce'], kind: 'number' },
  SHUTDOWN_FINISH: { path: ['shutdown', 'finish'], kind: 'number' },
  SIGNING: { path: ['signing'], kind: 'text' },
  STORE_BUCKET: { path: ['store', 'bucket'], kind: 'text' },
  STORE_DIRECTORY: { path: ['store', 'directory'], kind: 'text' },
  STORE_DURABILITY: { path: ['store', 'durability'], kind: 'text' },
  STORE_ENDPOINT: { path: ['store', 'endpoint'], kind: 'text' },
  STORE_FORCE_PATH_STYLE: { path: ['store', 'forcePathStyle'], kind: 'boolean' },
  STORE_KIND: { path: ['store', 'kind'], kind: 'text' },
  STORE_PREFIX: { path: ['store', 'prefix'], kind: 'text' },
  STORE_QUOTA: { path: ['store', 'quota'], kind: 'text' },
  STORE_REGION: { path: ['store', 'region'], kind: 'text' },
  STORE_STAGING: { path: ['store', 'staging'], kind: 'text' },
  STORE_STAGING_LIMIT: { path: ['store', 'stagingLimit'], kind: 'text' },
}

export const ENVIRONMENT_PREFIX = 'INTERLOCK_CACHE_SERVER_'
/** The variable that names the file. */
export const CONFIG_VARIABLE: string = `${ENVIRONMENT_PREFIX}CONFIG`

export interface FromEnvironment {
  /** Places and values, to be put over those of the file. */
  readonly values: readonly EnvironmentValue[]
  /** What is wrong, in words. */
  readonly problems: readonly string[]
}

export interface EnvironmentValue {
  readonly name: string
  readonly path: readonly string[]
  readonly value: boolean | number | string
}

/** What the environment says about the server. An empty variable says nothing. */
export function fromEnvironment(environment: Readonly<Record<string, string | undefined>>): FromEnvironment {
  const values: EnvironmentValue[] = []
  const problems: string[] = []
  for (const [name, text] of Object.entries(environment).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!name.startsWith(ENVIRONMENT_PREFIX) || name === CONFIG_VARIABLE || text === undefined || text === '') continue
    const short = name.slice(ENVIRONMENT_PREFIX.length)
    const variable = Object.hasOwn(VARIABLES, short) ? VARIABLES[short] : undefined
    if (variable === undefined) {
      const meant = nearest(short, Object.keys(VARIABLES))
      problems.push(
        `${name}: there is no such variable${meant === undefined ? '' : `; did you mean \`${ENVIRONMENT_PREFIX}${meant}\`?`}`,
      )
      continue
    }
    const value = valueOf(text, variable.kind)
    if (value === undefined)
      problems.push(`${name}: ${variable.kind === 'number' ? 'is no number' : 'is neither true nor false'}`)
    else values.push({ name, path: variable.path, value })
  }
  return { values, problems }
}

function valueOf(text: string, kind: 'boolean' | 'number' | 'text'): boolean | number | string | undefined {
  if (kind === 'text') return text
  if (kind === 'number') return /^\d{1,15}$/u.test(text) ? Number(text) : undefined
  return text === 'true' || text === 'false' ? text === 'true' : undefined
}

/** The variables and the places that they stand for, for help and docs. */
export function environmentTable(): readonly { readonly name: string; readonly place: string }[] {
  return Object.entries(VARIABLES).map(([name, { path }]) => ({ name: ENVIRONMENT_PREFIX + name, place: path.join('.') }))
}
