import { relative } from 'node:path'
import type { Invocation, Outcome } from '@interlock/cli'
import { EXIT, InterlockError } from '@interlock/kit'
import { stringify } from 'yaml'
import type { EnvironmentValue } from '../core/config/environment.ts'
import { localUsage } from '../core/config/local.ts'
import { serverConfigJsonSchema } from '../core/config/parse.ts'
import type { ServerConfig } from '../core/config/server-config.ts'
import { composeServer, type RunningServer } from '../io/compose.ts'
import { readServerConfig } from '../io/config-file.ts'
import { createLog } from '../io/log.ts'
import { endSignal } from '../io/signals.ts'

/** `interlock cache serve`: the cache server, until a signal ends it. */
export async function runServe({ root, options, env, json }: Invocation): Promise<Outcome> {
  if (options['schema'] === true) {
    const schema = serverConfigJsonSchema()
    return { status: EXIT.done, prose: JSON.stringify(schema, undefined, 2), data: schema }
  }
  const file = typeof options['config'] === 'string' ? options['config'] : undefined
  const config = readServerConfig({ root, file, env, options: valuesOf(options) })
  if (options['printConfig'] === true) return { status: EXIT.done, prose: stringify(config).trimEnd(), data: config }
  return serve(config, { root, json })
}

async function serve(config: ServerConfig, { root, json }: Pick<Invocation, 'json' | 'root'>): Promise<Outcome> {
  const server = await composeServer(config, createLog(config.log.level))
  const signal = endSignal()
  const progress = json ? process.stderr : process.stdout
  progress.write(`${greeting(server, config, root).join('\n')}\n`)
  const name = await signal
  const { aborted } = await server.end()
  const prose = aborted === 0 ? `ended by ${name}` : `ended by ${name}; ${aborted} requests were cut off`
  return { status: EXIT.done, prose, data: { url: server.url, signal: name, aborted } }
}

function greeting({ url, tokenFile }: RunningServer, config: ServerConfig, root: string): readonly string[] {
  if (tokenFile === undefined) return [`the cache listens on ${url}; policy: ${config.policy}`]
  const shown = relative(root, tokenFile)
  return [
    `the cache listens on ${url}, for this machine only: there is no policy`,
    `its token is in ${shown}, which nobody but you may read`,
    '',
    'in another terminal:',
    ...localUsage(url, shown).map((line) => `  ${line}`),
  ]
}

function valuesOf(options: Invocation['options']): readonly EnvironmentValue[] {
  const { host, port } = options
  return [
    ...(typeof host === 'string' ? [{ name: '--host', path: ['listen', 'host'], value: host }] : []),
    ...(typeof port === 'string' ? [{ name: '--port', path: ['listen', 'port'], value: portOf(port) }] : []),
  ]
}

function portOf(text: string): number {
  if (/^\d{1,5}$/u.test(text)) return Number(text)
  throw new InterlockError('USAGE', `--port ${JSON.stringify(text)} is no port`, {
    hint: 'a number from 0 to 65535; 0 takes a free one',
  })
}
