import { readFileSync } from 'node:fs'
import { dirname, isAbsolute, resolve } from 'node:path'
import { InterlockError } from '@interlock/kit'
import { CONFIG_VARIABLE, type EnvironmentValue, fromEnvironment } from '../core/config/environment.ts'
import { localDefaults } from '../core/config/local.ts'
import { parseServerConfig } from '../core/config/parse.ts'
import type { ServerConfig } from '../core/config/server-config.ts'

export interface ConfigRequest {
  /** The folder that relative paths of the command line start from, and below which a local server keeps everything. */
  readonly root: string
  /** What `--config` says. */
  readonly file: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  /** What options of the command line say; they come before the environment. */
  readonly options: readonly EnvironmentValue[]
}

/** Where a server keeps everything when nobody says. */
export const LOCAL_FOLDER = '.interlock/cache-server'

/** The configuration with absolute paths. Paths of a file start from its folder. */
export function readServerConfig({ root, file, env, options }: ConfigRequest): ServerConfig {
  const named = file ?? (env[CONFIG_VARIABLE] === '' ? undefined : env[CONFIG_VARIABLE])
  const place = named === undefined ? undefined : resolve(root, named)
  const environment = fromEnvironment(env)
  const values = [...environment.values, ...options]
  const config = parseServerConfig({
    file: named,
    text: place === undefined ? '' : textOf(place, named ?? place),
    environment: { problems: environment.problems, values },
    defaults: place === undefined ? localDefaults(resolve(root, LOCAL_FOLDER), values) : {},
  })
  return absolute(config, place === undefined ? root : dirname(place))
}

function textOf(place: string, named: string): string {
  try {
    return readFileSync(place, 'utf8')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new InterlockError('FILE_UNREADABLE', `cannot be read (${code ?? 'unknown reason'})`, { file: named, cause })
  }
}

function absolute(config: ServerConfig, folder: string): ServerConfig {
  const at = (path: string): string => (isAbsolute(path) ? path : resolve(folder, path))
  const maybe = <Name extends string>(name: Name, path: string | undefined): { [Key in Name]?: string } =>
    path === undefined ? {} : ({ [name]: at(path) } as { [Key in Name]?: string })
  const { store } = config
  return {
    ...config,
    ...maybe('policy', config.policy),
    ...maybe('keys', config.keys),
    ...maybe('signing', config.signing),
    audit: at(config.audit),
    store:
      store.kind === 'disk' ? { ...store, directory: at(store.directory) } : { ...store, ...maybe('staging', store.staging) },
  }
}
