import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { askGitHub, githubPath, type GitHub, githubOf, listGitHub, mutateGitHub } from './github-api.ts'

let open: Server | undefined
afterEach(() => {
  open?.close()
  open?.closeAllConnections()
})

async function serve(listener: RequestListener): Promise<GitHub> {
  open = createServer(listener)
  await new Promise<void>((resolve) => open?.listen(0, '127.0.0.1', resolve))
  return githubOf({ GITHUB_API_URL: `http://127.0.0.1:${(open.address() as AddressInfo).port}/`, GITHUB_TOKEN: 't' })
}

describe('the server', () => {
  it('is the one that the environment names, else the public one', () => {
    expect(githubOf({})).toMatchObject({
      rest: { url: 'https://api.github.com', token: '' },
      graphqlUrl: 'https://api.github.com/graphql',
    })
    const env = {
      GITHUB_API_URL: 'https://ghe.example.invalid/api/v3',
      GITHUB_GRAPHQL_URL: 'https://ghe.example.invalid/api/graphql',
    }
    expect(githubOf(env)).toMatchObject({ rest: { url: env.GITHUB_API_URL }, graphqlUrl: env.GITHUB_GRAPHQL_URL })
  })

  it.each(['http://example.invalid', 'http://127.0.0.1.example.invalid', 'file:///etc', 'nonsense'])(
    'gets no token at %s',
    (address) => {
      expect(() => githubOf({ GITHUB_GRAPHQL_URL: address })).toThrow(
        'CONFIG_INVALID: GITHUB_GRAPHQL_URL is not an https address',
      )
    },
  )
})

describe('a path', () => {
  it('holds names as they are', () => {
    expect(githubPath('repos', 'o', 'r', 'rules', 'branches', 'release/1 ?#%', 7)).toBe(
      '/repos/o/r/rules/branches/release%2F1%20%3F%23%25/7',
    )
  })

  it.each(['', '.', '..'])('has no segment %j', (name) => {
    expect(() => githubPath('repos', name)).toThrow('is not the name of anything on GitHub')
  })
})

describe('a question', () => {
  it('has a time limit', async () => {
    const server = await serve(() => undefined)
    await expect(
      askGitHub({ ...server, rest: { ...server.rest, timeoutMs: 200 } }, { method: 'GET', path: '/x' }),
    ).rejects.toThrow('GITHUB_UNREACHABLE: GET /x: GitHub did not answer within 0.2 s')
  })

  it('is asked page by page, until a page is not full', async () => {
    const asked: string[] = []
    const server = await serve(({ url = '' }, response) => {
      asked.push(url)
      const page = Number(new URL(url, 'http://x').searchParams.get('page'))
      response.end(JSON.stringify({ items: Array.from({ length: page < 3 ? 100 : 1 }, () => page) }))
    })
    const all = await listGitHub(server, '/things?of=me', (answer) => (answer as { items: unknown }).items)
    expect([all.length, all.at(-1)]).toEqual([201, 3])
    expect(asked).toEqual([1, 2, 3].map((page) => `/things?of=me&per_page=100&page=${page}`))
    await expect(listGitHub(server, '/things')).rejects.toThrow(
      'GITHUB_REFUSED: GET /things: the answer is not what GitHub documents',
    )
  })
})

describe('a mutation', () => {
  it.each([
    ['{"data":{"doIt":{}}}', []],
    ['{"data":{"doIt":null},"errors":[{"message":"no"},{}]}', ['no', 'no reason given']],
  ])('comes to what GitHub has against it: %s', async (answer, against) => {
    const server = await serve((_, response) => response.end(answer))
    expect(await mutateGitHub(server, { mutation: 'doIt', input: {} })).toEqual(against)
  })

  it.each(['{}', '{"data":null}', '{"data":{"doIt":null}}', '{"data":{"other":{}}}', 'null', '[]'])(
    'promise-1: is not made where the answer is %s',
    async (answer) => {
      const server = await serve((_, response) => response.end(answer))
      await expect(mutateGitHub(server, { mutation: 'doIt', input: {} })).rejects.toThrow(
        'the answer is not what GitHub documents',
      )
    },
  )
})
