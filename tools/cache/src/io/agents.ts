import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Socket } from 'node:net'
import { connect as tlsConnect, type ConnectionOptions } from 'node:tls'
import { Fault } from '../core/fault.ts'
import { proxyFor } from '../core/proxy.ts'
import type { ProxySettings } from '../core/settings.ts'

/** Connections that are kept for the next request: a new one costs a round trip, with TLS three. */
export interface Agents {
  readonly agentFor: (target: URL) => HttpAgent | HttpsAgent
  /** The proxy that takes a plain http request as a whole; https goes through a tunnel of the agent. */
  readonly plainProxy: (target: URL) => URL | undefined
  readonly close: () => void
}

const OPTIONS = { keepAlive: true, keepAliveMsecs: 15_000, maxFreeSockets: 32, scheduling: 'lifo' } as const

export function createAgents(proxies: ProxySettings): Agents {
  const http = new HttpAgent(OPTIONS)
  const https = new HttpsAgent(OPTIONS)
  const tunnels = new Map<string, HttpsAgent>()
  return {
    plainProxy: (target) => (target.protocol === 'http:' ? proxyFor(target, proxies) : undefined),
    agentFor: (target) => {
      if (target.protocol === 'http:') return http
      const proxy = proxyFor(target, proxies)
      if (proxy === undefined) return https
      const tunnel = tunnels.get(proxy.href) ?? tunnelAgent(proxy)
      tunnels.set(proxy.href, tunnel)
      return tunnel
    },
    close: () => {
      for (const agent of [http, https, ...tunnels.values()]) agent.destroy()
    },
  }
}

/** `Proxy-Authorization` for a proxy whose address holds a user. */
export function proxyHeaders({ username, password }: URL): Record<string, string> {
  if (username === '') return {}
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` }
}

type Created = (error: Error | null, socket?: Socket) => void

/** An agent whose connections are TLS inside a tunnel that a proxy makes. */
function tunnelAgent(proxy: URL): HttpsAgent {
  const agent = new HttpsAgent(OPTIONS)
  const createConnection = (options: ConnectionOptions & { host?: string; port?: number }, created: Created): undefined => {
    const authority = `${options.host}:${options.port}`
    const asked = httpRequest({
      host: proxy.hostname.replaceAll(/[[\]]/gu, ''),
      port: proxy.port === '' ? 80 : proxy.port,
      method: 'CONNECT',
      path: authority,
      headers: { host: authority, ...proxyHeaders(proxy) },
      agent: false,
    })
    asked.once('error', (error) => created(error))
    asked.once('connect', ({ statusCode }, socket) => {
      if (statusCode !== 200) {
        socket.destroy()
        created(new Fault('proxy failed', `status ${statusCode}`))
        return
      }
      const secure = tlsConnect({ ...options, socket })
      secure.once('secureConnect', () => created(null, secure))
      secure.once('error', (error) => created(error))
    })
    // A proxy that answers a tunnel with a page instead.
    asked.once('response', (response) => {
      response.destroy()
      created(new Fault('proxy failed', `status ${response.statusCode}`))
    })
    asked.end()
    return undefined
  }
  Object.assign(agent, { createConnection })
  return agent
}
