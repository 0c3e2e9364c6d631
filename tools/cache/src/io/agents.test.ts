import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { get } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createAgents, proxyHeaders } from './agents.ts'

const TARGET = new URL('https://cache.test/v1/cache/h')
const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections()
})

/** A proxy that answers every CONNECT with these bytes, and the requests for tunnels that it got. */
async function proxyThatSays(answer: string): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = []
  const server = createServer()
  server.on('connect', ({ url, headers }, socket) => {
    asked.push(`${url} ${headers['proxy-authorization']}`)
    socket.end(answer)
  })
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return { url: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

async function failureThrough(https: string): Promise<Error> {
  const agents = createAgents({ http: undefined, https, no: undefined })
  const request = get(TARGET, { agent: agents.agentFor(TARGET) })
  const [error] = (await once(request, 'error')) as [Error]
  agents.close()
  return error
}

describe('the way to the cache', () => {
  it('keeps one agent for each kind of way', () => {
    const agents = createAgents({ http: 'http://proxy.test:3128', https: 'http://proxy.test:3128', no: 'direct.test' })
    const plain = new URL('http://cache.test/')
    expect(agents.agentFor(TARGET)).toBe(agents.agentFor(new URL('https://other.test/')))
    expect(agents.agentFor(TARGET)).not.toBe(agents.agentFor(new URL('https://direct.test/')))
    expect(agents.agentFor(plain)).not.toBe(agents.agentFor(TARGET))
    expect([plain, new URL('http://direct.test/'), TARGET].map((url) => agents.plainProxy(url)?.host)).toEqual([
      'proxy.test:3128',
      undefined,
      undefined,
    ])
    agents.close()
  })

  it.each([
    ['refuses', 'HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n', /status 407/u],
    ['hangs up', '', /hang up|ECONNRESET/u],
    ['lets through, and nobody speaks TLS behind it', 'HTTP/1.1 200 OK\r\n\r\nhello', /./u],
  ])('says so where a proxy %s', async (_, answer, message) => {
    const proxy = await proxyThatSays(answer)
    const error = await failureThrough(`http://us%40er:pa%20ss@${proxy.url}`)
    expect(`${error.message} ${JSON.stringify(error)}`).toMatch(message)
    expect(proxy.asked).toEqual([`cache.test:443 Basic ${Buffer.from('us@er:pa ss').toString('base64')}`])
  })

  it('says so where there is no proxy', async () => {
    expect(await failureThrough('http://127.0.0.1:1')).toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('names nobody to a proxy without a user', () => {
    expect(proxyHeaders(new URL('http://proxy.test'))).toEqual({})
  })
})
