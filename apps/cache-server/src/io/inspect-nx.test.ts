import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { createTestWorkspace, linkNodeModules, nx, type TestWorkspace } from '@interlock/kit/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Inspection } from '../core/inspect/inspection.ts'
import { inspectArtifact } from './inspect-artifact.ts'

const REPOSITORY = join(import.meta.dirname, '..', '..', '..', '..')
const MAKE = `
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
const [name, text] = process.argv.slice(2)
const out = \`dist/\${name}\`
rmSync(out, { recursive: true, force: true })
mkdirSync(\`\${out}/\${'deep/'.repeat(30)}empty\`, { recursive: true })
writeFileSync(\`\${out}/run.sh\`, text, { mode: 0o755 })
writeFileSync(\`\${out}/\${'deep/'.repeat(30)}file with a name that is quite long ß.txt\`, name.repeat(100000))
symlinkSync('run.sh', \`\${out}/link\`)
console.log(name, Date.now())
`

let workspace: TestWorkspace
const uploads = new Map<string, Buffer>()
const server = createServer((request, response) => {
  void answer(request).then((status) => response.writeHead(status).end())
})

/** The smallest server that Nx uploads to: it knows nothing and takes everything. */
async function answer(request: IncomingMessage): Promise<number> {
  if (request.method === 'GET') return 404
  uploads.set(request.url ?? '', await buffer(request))
  return 200
}

beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const target = (name: string): object => ({
    executor: 'nx:run-commands',
    cache: true,
    outputs: [`{workspaceRoot}/dist/${name}`],
    options: { command: `node make.mjs ${name} text` },
  })
  const targets = { one: target('one'), quiet: { ...target('quiet'), outputs: [] } }
  workspace = await createTestWorkspace({
    files: { 'make.mjs': MAKE, 'libs/a/project.json': JSON.stringify({ name: 'a', targets }) },
  })
  await linkNodeModules(workspace, REPOSITORY)
})
afterAll(async () => {
  server.close()
  await workspace.dispose()
})

/** Runs a task with nothing in the local cache; the artifact that Nx uploaded. */
async function artifactOf(target: string): Promise<Buffer> {
  uploads.clear()
  const { port } = server.address() as AddressInfo
  await nx(workspace, ['run', `a:${target}`], {
    env: {
      NX_CACHE_DIRECTORY: join(workspace.root, '.nx', `cache-${Math.random()}`),
      NX_SELF_HOSTED_REMOTE_CACHE_SERVER: `http://127.0.0.1:${port}`,
      NX_SELF_HOSTED_REMOTE_CACHE_ACCESS_TOKEN: 'token',
      NO_PROXY: '127.0.0.1',
    },
  })
  expect([...uploads.keys()]).toEqual([expect.stringMatching(/^\/v1\/cache\/\d+$/)])
  return [...uploads.values()][0]!
}

async function inspect(bytes: Buffer): Promise<Inspection> {
  const limits = { maxEntries: 1000, maxInflated: 64 * 1024 * 1024, maxRatio: 200 }
  return inspectArtifact(Readable.from([bytes]), { tool: 'nx', limits })
}

describe('an artifact that the real Nx made', () => {
  it('is safe, and two builds of the same output have other bytes and the same content', async () => {
    const [first, second] = [await artifactOf('one'), await artifactOf('one')]
    expect(first.equals(second)).toBe(false)
    const inspection = await inspect(first)
    expect(inspection).toMatchObject({ kind: 'safe', content: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(await inspect(second)).toMatchObject({ content: inspection.kind === 'safe' ? inspection.content : '' })
  })

  it('has another content when the task made something else', async () => {
    const before = await inspect(await artifactOf('one'))
    await workspace.write(
      'make.mjs',
      MAKE.replace('writeFileSync(`${out}/run.sh`, text', 'writeFileSync(`${out}/run.sh`, text + 1'),
    )
    const after = await inspect(await artifactOf('one'))
    expect(before).toMatchObject({ kind: 'safe' })
    expect(after).toMatchObject({ kind: 'safe' })
    expect(after).not.toMatchObject({ content: before.kind === 'safe' ? before.content : '' })
  })

  it('is safe without outputs, and then holds what Nx adds', async () => {
    expect(await inspect(await artifactOf('quiet'))).toMatchObject({ kind: 'safe', entries: 2 })
  })
})
