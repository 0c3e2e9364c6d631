import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { once } from 'node:events'
import { REPOSITORY_CLAIMS } from './attack.ts'
import { writeFiles } from './workspace.ts'

/** The cache of this repository, as `interlock cache serve` starts it. */
export interface InterlockServer {
  readonly url: string
  readonly close: () => Promise<void>
}

/** The policy of the cookbook: what each kind of job reads and writes. */
function policyFor(issuer: string, audience: string): unknown {
  const rules = [
    {
      id: 'main',
      match: { event_name: 'push', ref: 'refs/heads/main', ref_protected: 'true' },
      read: ['trusted/main'],
      write: 'trusted/main',
    },
    {
      id: 'pull-request',
      match: { event_name: 'pull_request' },
      read: ['trusted/{base_ref}', 'pr/{ref}'],
      write: 'pr/{ref}',
    },
  ]
  const github = { kind: 'github', iss: issuer, aud: audience, pin: REPOSITORY_CLAIMS, rules }
  return { workspaces: { demo: { trusted: { main: 'main' }, issuers: [github] } } }
}

export const AUDIENCE = 'https://cache.demo.invalid'

export interface ServerPlace {
  /** An empty folder. */
  readonly folder: string
  readonly repository: string
  /** Address of the identity provider. */
  readonly issuer: string
}

/** Starts it on a free port, and waits until it says where. */
export async function startInterlockServer({ folder, repository, issuer }: ServerPlace): Promise<InterlockServer> {
  await mkdir(folder, { recursive: true })
  const config = {
    listen: { port: 0 },
    store: { kind: 'disk', directory: join(folder, 'store') },
    policy: join(folder, 'policy.yaml'),
    keys: join(folder, 'keys.json'),
    audit: join(folder, 'audit'),
    log: { level: 'error' },
    shutdown: { announce: 0, finish: 5 },
  }
  // JSON is YAML.
  await writeFiles(folder, {
    'cache-server.yaml': JSON.stringify(config),
    'policy.yaml': JSON.stringify(policyFor(issuer, AUDIENCE)),
  })
  const interlock = join(repository, 'tools', 'cli', 'bin', 'interlock.js')
  const words = [interlock, 'cache', 'serve', '--config', join(folder, 'cache-server.yaml')]
  const server = spawn(process.execPath, words, { cwd: repository, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(server, 'exit')
  const url = await addressOf(server.stdout, ended)
  return {
    url,
    close: async () => {
      server.kill()
      await ended
    },
  }
}

async function addressOf(output: NodeJS.ReadableStream, ended: Promise<unknown>): Promise<string> {
  const address = new Promise<string>((resolve) => {
    createInterface({ input: output }).on('line', (line) => {
      const found = /listens on (http:\/\/\S+?)[,;]/u.exec(line)?.[1]
      if (found !== undefined) resolve(found)
    })
  })
  return Promise.race([
    address,
    ended.then(() => {
      throw new Error('the cache ended before it said where it listens')
    }),
  ])
}
