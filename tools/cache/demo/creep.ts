import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { attack, type AttackResult, type CacheUnderAttack } from './attack.ts'
import { startIdentityProvider } from './identity-provider.ts'
import { AUDIENCE, startInterlockServer } from './interlock-server.ts'
import { startOrdinaryServer } from './ordinary-server.ts'
import { ORDINARY, OURS, verdict } from './verdict.ts'

const repository = fileURLToPath(new URL('../../../', import.meta.url))
const json = process.argv.includes('--json')
const print = (line: string): void => void (json ? process.stderr : process.stdout).write(`${line}\n`)

const folder = await mkdtemp(join(tmpdir(), 'interlock-creep-'))
try {
  const results = [...(await against(ordinary)), ...(await against(ours))]
  const { text, holds } = verdict(results)
  process.stdout.write(json ? `${JSON.stringify({ holds, results }, null, 2)}\n` : `\n${text}\n`)
  process.exitCode = holds ? 0 : 1
} finally {
  await rm(folder, { recursive: true, force: true })
}

interface Started {
  readonly cache: CacheUnderAttack
  readonly close: () => Promise<void>
}

async function against(start: () => Promise<Started>): Promise<readonly AttackResult[]> {
  const results: AttackResult[] = []
  for (const attacker of ['same-repository', 'fork'] as const) {
    const { cache, close } = await start()
    try {
      print(`\n${cache.title}, attacked from ${attacker === 'fork' ? 'a fork' : 'the same repository'}`)
      const place = { folder: await mkdtemp(join(folder, 'run-')), repository, print: (line: string) => print(`  ${line}`) }
      results.push(await attack(cache, attacker, place))
    } finally {
      await close()
    }
  }
  return results
}

/** Secrets of the repository reach its own pull requests, and no fork: so documentation of such servers sets them up. */
async function ordinary(): Promise<Started> {
  const server = await startOrdinaryServer()
  const cache: CacheUnderAttack = {
    title: ORDINARY,
    plugin: undefined,
    files: {},
    environmentOf: ({ attacker }) => ({
      NX_SELF_HOSTED_REMOTE_CACHE_SERVER: server.url,
      NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN: attacker === 'fork' ? server.readOnly : server.readWrite,
      NO_PROXY: '127.0.0.1,localhost',
    }),
  }
  return { cache, close: server.close }
}

/** The host says what a job is, and the policy what that may write. A fork gets no identity. */
async function ours(): Promise<Started> {
  const provider = await startIdentityProvider()
  const place = { folder: await mkdtemp(join(folder, 'server-')), repository, issuer: provider.url }
  const server = await startInterlockServer(place)
  const section = { url: server.url, workspace: 'demo', audience: AUDIENCE }
  const cache: CacheUnderAttack = {
    title: OURS,
    plugin: '@interlock/nx/plugin',
    files: { 'interlock.yaml': JSON.stringify({ cache: section }) },
    environmentOf: ({ attacker, claims }) => provider.environmentOf(attacker === 'fork' ? undefined : claims),
  }
  const close = async (): Promise<void> => {
    await server.close()
    await provider.close()
  }
  return { cache, close }
}
