import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { cacheSection } from '../../src/core/section.ts'
import { settingsKey, setupOf } from '../../src/core/settings.ts'
import { createGate } from '../../src/io/gate.ts'
import { createLink } from '../../src/io/link.ts'
import { archive } from '../../src/testing/local-shield.ts'
import { end } from '../../src/testing/run-workspace.ts'
import { serveCache } from '../../src/testing/serve.ts'
import { median } from './statistics.ts'

export interface Overhead {
  /** Milliseconds of one hit. */
  readonly direct: number
  readonly shielded: number
}

interface Place {
  readonly url: string
  readonly token: string
}

/** Asks the server and, in turns, the shield before it for the same kilobyte. */
export async function measureOverhead({
  rounds,
  perRound,
}: {
  readonly rounds: number
  readonly perRound: number
}): Promise<Overhead> {
  const root = mkdtempSync(join(tmpdir(), 'interlock-bench-'))
  writeFileSync(join(root, 'nx.json'), '{}')
  symlinkSync(join(import.meta.dirname, '..', '..', '..', '..', 'node_modules'), join(root, 'node_modules'))
  const server = await serveCache(root)
  const setup = setupOf(cacheSection.parse({}), server.env)
  if (setup.kind === 'off') throw new Error('the cache is off')
  const { settings } = setup
  const link = createLink({
    settings,
    key: settingsKey(settings, { version: 'bench', trust: {} }),
    folder: join(root, 'shield'),
    lingerMs: 30_000,
    idleMs: 3_600_000,
  })
  const gate = await createGate(link)
  const run = gate.open()
  link.join(run.id)
  try {
    const direct: Place = { url: `${server.url}/v1/cache/bench`, token: server.env.INTERLOCK_CACHE_TOKEN.trim() }
    const shielded: Place = { url: `${gate.address}/v1/cache/bench`, token: run.bearer }
    await ask(direct, archive(randomBytes(900)))
    const times = { direct: [] as number[], shielded: [] as number[] }
    for (let round = -1; round < rounds; round += 1) {
      for (const [name, place] of Object.entries({ direct, shielded }) as ['direct' | 'shielded', Place][]) {
        for (let index = 0; index < perRound; index += 1) {
          const milliseconds = await ask(place)
          // The first round opens connections and compiles.
          if (round >= 0) times[name].push(milliseconds)
        }
      }
    }
    return { direct: median(times.direct), shielded: median(times.shielded) }
  } finally {
    end((await link.shield()).pid)
    gate.close()
    agent.destroy()
    server.kill()
    rmSync(root, { recursive: true, force: true })
  }
}

const agent = new Agent({ keepAlive: true })

async function ask({ url, token }: Place, body?: Buffer): Promise<number> {
  const begun = performance.now()
  const headers = { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-length': body.length }) }
  await new Promise<void>((resolve, reject) => {
    const asked = request(url, { method: body === undefined ? 'GET' : 'PUT', headers, agent }, (response) => {
      response.resume()
      response.once('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(`status ${response.statusCode}`))))
    })
    asked.once('error', reject)
    asked.end(body)
  })
  return performance.now() - begun
}
