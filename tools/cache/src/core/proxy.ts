import type { ProxySettings } from './settings.ts'

/** The proxy on the way to an address; `undefined` where there is none, or it cannot be used. */
export function proxyFor(target: URL, proxies: ProxySettings): URL | undefined {
  const named = target.protocol === 'https:' ? proxies.https : proxies.http
  if (named === undefined || isExempt(target, proxies.no ?? '')) return undefined
  const text = /^[a-z][a-z\d+.-]*:\/\//iu.test(named) ? named : `http://${named}`
  const proxy = URL.canParse(text) ? new URL(text) : undefined
  return proxy?.protocol === 'http:' ? proxy : undefined
}

/** `.example.com` and `example.com` both stand for the domain and what is below it; `host:port` for one port. */
function isExempt({ hostname, port, protocol }: URL, no: string): boolean {
  const host = hostname.replaceAll(/[[\]]/gu, '').toLowerCase()
  const ownPort = port === '' ? (protocol === 'https:' ? '443' : '80') : port
  return no
    .toLowerCase()
    .split(/[\s,]+/u)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true
      const [, name = entry, wanted] = /^(.*?[^:]):(\d+)$/u.exec(entry) ?? []
      if (wanted !== undefined && wanted !== ownPort) return false
      const domain = name.replace(/^\*?\./u, '')
      return host === domain || host.endsWith(`.${domain}`)
    })
}
