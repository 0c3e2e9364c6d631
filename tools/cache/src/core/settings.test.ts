import { describe, expect, it } from 'vitest'
import { proxyFor } from './proxy.ts'
import { cacheSection } from './section.ts'
import { artifactUrl, settingsKey, setupOf, type ShieldSettings, WITHHELD } from './settings.ts'

const EMPTY = cacheSection.parse({})
const CACHE = cacheSection.parse({ url: 'https://cache.example' })

function settings(section: object, env: Record<string, string> = {}): ShieldSettings {
  const setup = setupOf(cacheSection.parse(section), env)
  if (setup.kind === 'off') throw new Error(`off: ${setup.warning}`)
  return setup.settings
}

describe('whether there is a cache', () => {
  it.each([
    ['nothing is configured', EMPTY, {}],
    ['the variable is empty', EMPTY, { INTERLOCK_CACHE_URL: ' ' }],
    ['INTERLOCK_CACHE is off', CACHE, { INTERLOCK_CACHE: 'off' }],
    ['INTERLOCK_CACHE is 0', CACHE, { INTERLOCK_CACHE: '0' }],
    ['Nx is told to skip it', CACHE, { NX_SKIP_REMOTE_CACHE: 'true' }],
  ])('none where %s', (_, section, env) => {
    expect(setupOf(section, env)).toEqual({ kind: 'off' })
  })

  it.each([
    ['nonsense', 'is not an address'],
    ['ftp://host', 'is not an http or https address'],
    ['https://user:secret@host', 'holds a user, a password, a query or a fragment'],
    ['https://host/?token=x', 'holds a user, a password, a query or a fragment'],
  ])('none, with a warning, where INTERLOCK_CACHE_URL is %s', (url, why) => {
    expect(setupOf(EMPTY, { INTERLOCK_CACHE_URL: url })).toEqual({ kind: 'off', warning: `INTERLOCK_CACHE_URL ${why}` })
  })

  it.each(['no', 'of', 'disabled'])('there is one, with a warning, where INTERLOCK_CACHE is %s', (value) => {
    const setup = setupOf(CACHE, { INTERLOCK_CACHE: value })
    expect(setup).toMatchObject({ kind: 'on', warning: expect.stringContaining('INTERLOCK_CACHE means nothing') })
  })

  it.each(['on', 'TRUE', '1', ''])('there is one, without a word, where INTERLOCK_CACHE is "%s"', (value) => {
    expect(setupOf(CACHE, { INTERLOCK_CACHE: value })).toEqual({ kind: 'on', settings: expect.anything() })
  })

  it('the variable beats the file', () => {
    expect(settings({ url: 'https://a.example' }, { INTERLOCK_CACHE_URL: 'https://b.example/' }).url).toBe('https://b.example')
  })
})

describe('the address', () => {
  it.each([
    ['https://host', 'https://host'],
    ['https://host/', 'https://host'],
    ['https://host//base//', 'https://host/base'],
    ['https://host:8443/ns/acme/', 'https://host:8443/ns/acme'],
  ])('%s is used as %s', (url, used) => {
    expect(settings({ url }).url).toBe(used)
    expect(settings({ url }).audience).toBe(used)
  })

  it('has the workspace before the path of Nx', () => {
    expect(artifactUrl({ url: 'https://host', workspace: 'acme' }, 'h')).toBe('https://host/ns/acme/v1/cache/h')
    expect(artifactUrl({ url: 'https://host', workspace: undefined }, 'h')).toBe('https://host/v1/cache/h')
  })
})

describe('the credential', () => {
  const GITHUB = { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://github.example/x', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'g' }
  it.each([
    ['cache-45 a token with a line break', { INTERLOCK_CACHE_TOKEN: 'abc\r\n' }, { kind: 'static', token: 'abc' }],
    ['an empty token', { INTERLOCK_CACHE_TOKEN: '\n' }, { kind: 'none' }],
    [
      'a token with a line break inside, whoever else has one',
      { INTERLOCK_CACHE_TOKEN: 'a\nb', INTERLOCK_CACHE_ID_TOKEN: 'i', ...GITHUB },
      { kind: 'unusable', variable: 'INTERLOCK_CACHE_TOKEN' },
    ],
    [
      'an identity token with a space inside',
      { INTERLOCK_CACHE_ID_TOKEN: 'a b' },
      { kind: 'unusable', variable: 'INTERLOCK_CACHE_ID_TOKEN' },
    ],
    [
      'a token with a letter beyond ASCII',
      { INTERLOCK_CACHE_TOKEN: 'tokén' },
      { kind: 'unusable', variable: 'INTERLOCK_CACHE_TOKEN' },
    ],
    ['a withheld token', { INTERLOCK_CACHE_TOKEN: WITHHELD }, { kind: 'none' }],
    ['a token beside that of GitHub', { INTERLOCK_CACHE_TOKEN: 't', ...GITHUB }, { kind: 'static', token: 't' }],
    ['an identity token of GitLab', { INTERLOCK_CACHE_ID_TOKEN: 'i' }, { kind: 'id-token', token: 'i' }],
    ['what GitHub gives', GITHUB, { kind: 'github', url: 'https://github.example/x', token: 'g' }],
    ['half of what GitHub gives', { ACTIONS_ID_TOKEN_REQUEST_URL: 'https://github.example/x' }, { kind: 'none' }],
  ])('%s', (_, env, credential) => {
    expect(settings({ url: 'https://host' }, env).credential).toEqual(credential)
  })

  it('goes to the address of the environment, whatever a checkout names', () => {
    const env = { INTERLOCK_CACHE_URL: 'https://mine.example', INTERLOCK_CACHE_TOKEN: 't' }
    const evil = settings({ url: 'https://evil.example' }, env)
    expect([evil.url, evil.audience]).toEqual(['https://mine.example', 'https://mine.example'])
  })

  it('belongs to the name of a shield, which does not show it', () => {
    const here = { version: '1.0.0', trust: {} }
    const [one, two] = ['one', 'two'].map((token) => settings({ url: 'https://host' }, { INTERLOCK_CACHE_TOKEN: token }))
    if (one === undefined || two === undefined) throw new Error('no settings')
    const keys = [
      settingsKey(one, here),
      settingsKey(two, here),
      settingsKey(one, { ...here, version: '1.0.1' }),
      settingsKey(one, { ...here, trust: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } }),
    ]
    for (const key of keys) expect(key).toMatch(/^[\da-f]{32}$/)
    expect(new Set(keys).size).toBe(keys.length)
    expect(settingsKey({ ...one }, { ...here })).toBe(keys[0])
  })
})

describe('proxies', () => {
  const proxies = { http: 'http://one:3128', https: 'two:8080', no: 'localhost, .internal.example,10.0.0.1:8443' }
  it.each([
    ['http://cache.example/', 'http://one:3128/'],
    ['https://cache.example/', 'http://two:8080/'],
    ['https://localhost/', undefined],
    ['https://cache.internal.example/', undefined],
    ['https://internal.example/', undefined],
    ['https://notinternal.example/', 'http://two:8080/'],
    ['https://10.0.0.1:8443/', undefined],
    ['https://10.0.0.1/', 'http://two:8080/'],
  ])('%s goes through %s', (target, proxy) => {
    expect(proxyFor(new URL(target), proxies)?.href).toBe(proxy)
  })

  it('none for anybody where everything is exempt, or the proxy is no address', () => {
    expect(proxyFor(new URL('https://host'), { ...proxies, no: '*' })).toBeUndefined()
    expect(proxyFor(new URL('https://host'), { ...proxies, https: 'socks5://host' })).toBeUndefined()
    expect(proxyFor(new URL('https://host'), { ...proxies, https: '::::' })).toBeUndefined()
  })
})

describe('section cache', () => {
  it.each([
    [{ url: 'ftp://host' }],
    [{ url: 'https://u:p@host' }],
    [{ url: 'https://host?x=1' }],
    [{ publicKeys: ['short'] }],
    [{ publicKeys: ['A'.repeat(43)] }],
    [{ workspace: '../x' }],
    [{ limits: { artifactMiB: 0 } }],
    [{ tokens: 'x' }],
  ])('refuses %j', (value) => {
    expect(cacheSection.safeParse(value).success).toBe(false)
  })
})
