import { readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { createTestWorkspace, type TestWorkspace } from '@interlock/kit/testing'
import { describe, expect, test } from 'vitest'
import { nxClient } from '../testing/nx-client.ts'
import { serveProcess } from '../testing/serve-process.ts'
import { runServe } from './serve.ts'

const TOKEN_FILE = '.interlock/cache-server/token'

describe('without any configuration', () => {
  test('two terminals: what one run built the next one fetches, with the lines that the server prints', async () => {
    await using client = await nxClient({ projects: 2 })
    const { root } = client.workspace
    await using server = await serveProcess({ cwd: root })
    const lines = server
      .stdout()
      .split('\n')
      .map((line) => line.trim())
    expect(lines).toContain(`export INTERLOCK_CACHE_URL=${server.url}`)
    expect(lines).toContain(`export INTERLOCK_CACHE_TOKEN="$(cat ${TOKEN_FILE})"`)
    const token = readFileSync(join(root, TOKEN_FILE), 'utf8').trim()
    expect(await client.run({ url: server.url, token })).toMatchObject({
      status: 0,
      stdout: expect.not.stringContaining('[remote cache]'),
    })
    expect(await client.run({ url: server.url, token })).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('[remote cache]'),
    })
    expect(await server.end()).toBe(0)
    expect(server.stdout()).toContain('ended by SIGTERM')
  })

  test('the token is for its owner alone, stays the same, and is in no output and no log', async () => {
    await using workspace = await createTestWorkspace({ files: { 'nx.json': '{}' } })
    await link(workspace)
    const env = { INTERLOCK_CACHE_SERVER_LOG_LEVEL: 'debug' }
    const tokens: string[] = []
    for (let start = 0; start < 2; start += 1) {
      await using server = await serveProcess({ cwd: workspace.root, env })
      const token = (await workspace.read(TOKEN_FILE)).trim()
      tokens.push(token)
      expect((await fetch(`${server.url}/v1/cache/1`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(404)
      expect(await server.end('SIGINT')).toBe(0)
      expect(server.stdout() + server.stderr()).not.toContain(token)
      expect(server.stderr()).toContain('"listening"')
    }
    expect(tokens[0]).toMatch(/^[\w-]{43}$/u)
    expect(tokens[1]).toBe(tokens[0])
    expect(statSync(join(workspace.root, TOKEN_FILE)).mode & 0o777).toBe(0o600)
  })

  test('what was stored is there after a restart, and after a kill', async () => {
    await using workspace = await createTestWorkspace({ files: { 'nx.json': '{}' } })
    await link(workspace)
    const ask = async (url: string, init: RequestInit): Promise<Response> =>
      fetch(`${url}/v8/artifacts/1`, {
        ...init,
        headers: { authorization: `Bearer ${(await workspace.read(TOKEN_FILE)).trim()}` },
      })
    {
      await using server = await serveProcess({ cwd: workspace.root })
      expect((await ask(server.url, { method: 'PUT', body: 'kept' })).status).toBe(202)
      await server.end('SIGKILL')
    }
    await using server = await serveProcess({ cwd: workspace.root })
    expect(await (await ask(server.url, {})).text()).toBe('kept')
  })

  test('a second server on the same folder is refused, and so is a taken port', async () => {
    await using workspace = await createTestWorkspace({ files: { 'nx.json': '{}' } })
    await link(workspace)
    await using server = await serveProcess({ cwd: workspace.root })
    await expect(serveProcess({ cwd: workspace.root })).rejects.toThrow(/ended with 4: CACHE_STORE_LOCKED/u)
    const { port } = new URL(server.url)
    const elsewhere = { INTERLOCK_CACHE_SERVER_STORE_DIRECTORY: 'elsewhere', INTERLOCK_CACHE_SERVER_AUDIT: 'elsewhere/audit' }
    await expect(serveProcess({ cwd: workspace.root, words: ['--port', port], env: elsewhere })).rejects.toThrow(
      /ended with 6: CACHE_PORT_IN_USE: port \d+ of 127\.0\.0\.1 is taken by another process[\s\S]+hint: /u,
    )
  })

  test('it never listens for other machines', async () => {
    await using workspace = await createTestWorkspace({ files: { 'nx.json': '{}' } })
    await expect(serve(workspace, { host: '0.0.0.0' })).rejects.toThrow(
      'CONFIG_INVALID: not valid: policy: is missing: without a policy one token opens everything',
    )
  })

  test('a token that others may read is refused', async () => {
    await using workspace = await createTestWorkspace({ files: { 'nx.json': '{}', [TOKEN_FILE]: `${'a'.repeat(43)}\n` } })
    await link(workspace)
    await expect(serveProcess({ cwd: workspace.root })).rejects.toThrow(/CACHE_KEYS_UNFIT[\s\S]+others may use the token/u)
  })
})

describe('a configuration', () => {
  test('is printed with every default, and nothing starts', async () => {
    await using workspace = await createTestWorkspace({ files: { 'nx.json': '{}', 'deploy/cache-server.yaml': CONFIG } })
    const { data } = await serve(workspace, { config: 'deploy/cache-server.yaml', printConfig: true })
    const at = (path: string): string => join(workspace.root, 'deploy', path)
    expect(data).toEqual({
      listen: { host: '0.0.0.0', port: 8791 },
      store: { kind: 'disk', directory: '/var/lib/cache', durability: 'none' },
      policy: at('policy.yaml'),
      keys: at('keys.json'),
      audit: at('audit'),
      readOnly: false,
      limits: { artifact: 2 ** 30, reads: 256, writes: 32, waiting: 16_384, stall: 30 },
      log: { level: 'info' },
      shutdown: { announce: 5, finish: 30 },
    })
  })

  test('every problem is told with its place, and what was probably meant', async () => {
    const broken = CONFIG.replace('listen:', 'lisetn:').replace('1 GiB', '3 GiB').replace('keys: keys.json\n', '')
    await using workspace = await createTestWorkspace({ files: { 'nx.json': '{}', 'cache-server.yaml': broken } })
    const env = { INTERLOCK_CACHE_SERVER_PROT: '1', INTERLOCK_CACHE_SERVER_READ_ONLY: 'perhaps' }
    await expect(serve(workspace, { config: 'cache-server.yaml' }, env)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      file: 'cache-server.yaml',
      reason: [
        '5 values are not valid:',
        '  INTERLOCK_CACHE_SERVER_PROT: there is no such variable; did you mean `INTERLOCK_CACHE_SERVER_PORT`?',
        '  INTERLOCK_CACHE_SERVER_READ_ONLY: is neither true nor false',
        '  8:3 limits.artifact: is more than 2 GiB',
        '  1:1 lisetn: there is no such option; did you mean `listen`?',
        '  1:1 keys: is missing: session tokens have to be signed with something',
      ].join('\n'),
    })
  })

  test.each([
    ['a: [', /2:1|1:5/u],
    ['- a', /1:1 the file must hold options/u],
    ['', /store/u],
    ['store: {kind: disk, directory: ""}\naudit: a', /1:21 store\.directory/u],
    ['&a [*a, *a]', /1:1/u],
    ['['.repeat(20_000), /values nest too deep|not valid YAML/u],
    [`a: &a [x, x, x, x, x, x, x, x, x]\n${aliases(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'])}`, /not valid YAML: .*alias/u],
  ])('%j is refused', async (text, message) => {
    await using workspace = await createTestWorkspace({ files: { 'nx.json': '{}', 'c.yaml': text } })
    await expect(serve(workspace, { config: 'c.yaml' })).rejects.toThrow(message)
  })

  test('a file that is not there is named', async () => {
    await using workspace = await createTestWorkspace({ files: { 'nx.json': '{}' } })
    await expect(serve(workspace, { config: 'none.yaml' })).rejects.toMatchObject({ code: 'FILE_UNREADABLE', file: 'none.yaml' })
  })

  test('the environment is above the file, and an option above both', async () => {
    await using workspace = await createTestWorkspace({ files: { 'nx.json': '{}', 'cache-server.yaml': CONFIG } })
    const env = {
      INTERLOCK_CACHE_SERVER_CONFIG: 'cache-server.yaml',
      INTERLOCK_CACHE_SERVER_PORT: '1000',
      INTERLOCK_CACHE_SERVER_HOST: '::1',
    }
    const { data } = await serve(workspace, { printConfig: true, port: '2000' }, env)
    expect(data).toMatchObject({ listen: { host: '::1', port: 2000 } })
  })

  test('a policy that would let a pull request write what main reads stops the server', async () => {
    const policy = UNSAFE_POLICY
    await using workspace = await createTestWorkspace({
      files: { 'nx.json': '{}', 'cache-server.yaml': CONFIG.replace('/var/lib/cache', 'store'), 'policy.yaml': policy },
    })
    await expect(serve(workspace, { config: 'cache-server.yaml' })).rejects.toMatchObject({ code: 'CACHE_POLICY_UNSAFE' })
    // What was opened before is given back.
    await expect(serve(workspace, { config: 'cache-server.yaml' })).rejects.toMatchObject({ code: 'CACHE_POLICY_UNSAFE' })
  })
})

test.each(['-1', '65536', '1e3', 'http', ''])('%j is no port', async (port) => {
  await using workspace = await createTestWorkspace({ files: { 'nx.json': '{}' } })
  await expect(serve(workspace, { port })).rejects.toMatchObject({ exitStatus: 2 })
})

test('a port that another program has is named', async () => {
  const taken = createServer()
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  await using workspace = await createTestWorkspace({ files: { 'nx.json': '{}' } })
  await expect(serve(workspace, { port: String((taken.address() as AddressInfo).port) })).rejects.toMatchObject({
    code: 'CACHE_PORT_IN_USE',
  })
  await new Promise((resolve) => taken.close(resolve))
})

const CONFIG = `listen:
  host: 0.0.0.0
store:
  kind: disk
  directory: /var/lib/cache
policy: policy.yaml
keys: keys.json
limits:
  artifact: 1 GiB
audit: audit
`

const UNSAFE_POLICY = `workspaces:
  acme:
    trusted: { main: main }
    issuers:
      - kind: github
        aud: https://cache.acme.dev
        pin: { repository_id: "1", repository_owner_id: "2" }
        rules:
          - { id: everybody, match: { repository_visibility: private }, write: trusted/main, read: [trusted/main] }
`

async function serve(
  workspace: TestWorkspace,
  options: Record<string, unknown>,
  env: Record<string, string> = {},
): Promise<{ readonly data: unknown }> {
  return runServe({ root: workspace.root, env, options, arguments: [], rest: [], json: true })
}

async function link(workspace: TestWorkspace): Promise<void> {
  const { linkNodeModules } = await import('@interlock/kit/testing')
  await linkNodeModules(workspace, join(import.meta.dirname, '..', '..', '..', '..'))
}

/** Lists of lists, each nine times the one before. */
function aliases(names: readonly string[]): string {
  return names
    .slice(1)
    .map((name, index) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${names[index]}`).join(', ')}]`)
    .join('\n')
}
