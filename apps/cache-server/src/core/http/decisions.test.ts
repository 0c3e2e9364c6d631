import { describe, expect, test } from 'vitest'
import type { Reason } from '@interlock/cache/wire'
import { refusalOf } from './refusal.ts'
import { queryOf, routeOf } from './route.ts'
import { teamOf } from './turbo.ts'
import { declaredLength, durationHeader, tagHeader } from './upload.ts'
import { multistatus, webdavPlace } from './webdav.ts'

describe('a route', () => {
  test.each([
    ['/v1/cache/123', { kind: 'artifact', tool: 'nx', hash: '123', workspace: undefined }],
    ['/ns/acme/v1/cache/123', { kind: 'artifact', tool: 'nx', hash: '123', workspace: 'acme' }],
    ['/ns/acme//v1/cache/123?x=/y', { kind: 'artifact', tool: 'nx', hash: '123', workspace: 'acme' }],
    ['/v1/cache/a.b', { kind: 'misnamed', tool: 'nx', workspace: undefined }],
    ['/v1/cache/', { kind: 'misnamed', tool: 'nx', workspace: undefined }],
    ['/v8/artifacts/status', { kind: 'turbo', what: 'status', workspace: undefined }],
    ['/v8/artifacts', { kind: 'turbo', what: 'query', workspace: undefined }],
    ['/v8/artifacts/ab12?slug=x', { kind: 'artifact', tool: 'turbo', hash: 'ab12', workspace: undefined }],
    ['/v8/artifactsx', { kind: 'nothing', workspace: undefined }],
    ['/webdav', { kind: 'webdav', path: '', workspace: undefined }],
    ['/ns/acme/webdav/a/b', { kind: 'webdav', path: '/a/b', workspace: 'acme' }],
    ['/webdavx', { kind: 'nothing', workspace: undefined }],
    ['/ns/../v1/cache/1', { kind: 'nothing', workspace: undefined }],
    ['/ns/%61cme/v1/cache/1', { kind: 'nothing', workspace: undefined }],
    ['/', { kind: 'page', workspace: undefined }],
    ['', { kind: 'nothing', workspace: undefined }],
    ['*', { kind: 'nothing', workspace: undefined }],
    ['/toString', { kind: 'nothing', workspace: undefined }],
  ])('%j', (target, route) => {
    expect(routeOf(target)).toEqual(route)
  })

  test('the query is what follows the first question mark', () => {
    expect([queryOf('/a?b=c?d'), queryOf('/a')]).toEqual(['b=c?d', ''])
  })
})

describe('the status for a reason', () => {
  const reasons: readonly Reason[] = [
    'absent',
    'bad-request',
    'damaged',
    'draining',
    'duplicate',
    'expired',
    'fault',
    'forbidden',
    'no-space',
    'overload',
    'quarantined',
    'quota',
    'too-large',
    'unknown-token',
    'unsafe-artifact',
  ]
  const table = (operation: 'get' | 'put', client: 'given-up' | 'nx' | 'strict'): string =>
    reasons.map((reason) => `${reason} ${Object.values(refusalOf(operation, reason, client)).join('+')}`).join(', ')

  test('is one that Nx tolerates, except where it has to be loud', () => {
    expect(table('get', 'nx')).toMatchInlineSnapshot(
      `"absent 404, bad-request 404, damaged 404, draining 404, duplicate 404, expired 404, fault 404, forbidden 403, no-space 404, overload 404, quarantined 404, quota 404, too-large 404, unknown-token 401, unsafe-artifact 404"`,
    )
    expect(table('put', 'nx')).toMatchInlineSnapshot(
      `"absent 403, bad-request 400, damaged 400, draining 403, duplicate 409, expired 403, fault 500, forbidden 403, no-space 403, overload 403, quarantined 403, quota 403, too-large 403, unknown-token 401, unsafe-artifact 403"`,
    )
  })

  test('is the true one for who can bear it', () => {
    expect(table('get', 'strict')).toMatchInlineSnapshot(
      `"absent 404, bad-request 404, damaged 404, draining 503+5, duplicate 404, expired 404, fault 503+5, forbidden 403, no-space 404, overload 503+5, quarantined 404, quota 404, too-large 404, unknown-token 401, unsafe-artifact 404"`,
    )
    expect(table('put', 'strict')).toMatchInlineSnapshot(
      `"absent 403, bad-request 400, damaged 400, draining 503+5, duplicate 409, expired 403, fault 503+5, forbidden 403, no-space 503+60, overload 503+5, quarantined 403, quota 429+60, too-large 413, unknown-token 401, unsafe-artifact 403"`,
    )
  })

  test('is one that nobody tries again once trying again does not help', () => {
    expect(new Set(reasons.map((reason) => refusalOf('put', reason, 'given-up').status))).toEqual(new Set([403]))
    expect(new Set(reasons.map((reason) => refusalOf('get', reason, 'given-up').status))).toEqual(new Set([404]))
  })
})

describe('headers of an upload', () => {
  test.each([
    [undefined, { kind: 'missing' }],
    ['', { kind: 'malformed' }],
    ['-1', { kind: 'malformed' }],
    ['1.5', { kind: 'malformed' }],
    ['0x10', { kind: 'malformed' }],
    ['9007199254740993', { kind: 'malformed' }],
    ['0', { kind: 'bytes', size: 0 }],
    ['007', { kind: 'bytes', size: 7 }],
  ])('a length of %j', (text, length) => {
    expect(declaredLength(text)).toEqual(length)
  })

  test('a duration is a whole number, a tag is printable; what is neither is dropped', () => {
    expect(['12', '1e3', '-1', '', '1234567890123', undefined].map(durationHeader)).toEqual([
      '12',
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ])
    expect(['c2ln+/=', 'a b', 'a\nb', 'ü', '', 'x'.repeat(601), ['a']].map(tagHeader)).toEqual([
      'c2ln+/=',
      ...Array.from({ length: 6 }, () => undefined),
    ])
  })
})

describe('the team of Turborepo', () => {
  test.each([
    ['', undefined],
    ['slug=acme', 'acme'],
    ['teamId=acme&slug=acme', 'acme'],
    ['slug=', undefined],
  ])('%j is %j', (query, workspace) => {
    expect(teamOf(query)).toEqual({ kind: 'team', workspace })
  })

  test('two different ones are a conflict', () => {
    expect(teamOf('slug=a&slug=b')).toEqual({ kind: 'conflict' })
  })
})

describe('a place of WebDAV', () => {
  const name = `abc${'0'.repeat(61)}`
  test.each([
    ['', { kind: 'collection' }],
    ['/', { kind: 'collection' }],
    ['/a', { kind: 'collection' }],
    ['/a/b/c/', { kind: 'collection' }],
    [`/a/b/c/${name}`, { kind: 'object', hash: name }],
    [`/${name}`, { kind: 'object', hash: name }],
    ['/..', { kind: 'misnamed' }],
    ['/a/../b', { kind: 'misnamed' }],
    ['/a%2fb', { kind: 'misnamed' }],
  ])('%j', (path, place) => {
    expect(webdavPlace(path)).toEqual(place)
  })

  test('with a prefix, or a name that is no hash, is filed by a digest of the whole path', () => {
    const hashes = ['/.sccache_check', `/x/a/b/c/${name}`, `/y/a/b/c/${name}`].map((path) => {
      const place = webdavPlace(path)
      return place.kind === 'object' ? place.hash : place.kind
    })
    expect(hashes.filter((hash) => /^[0-9a-f]{64}$/u.test(hash) && hash !== name)).toHaveLength(3)
    expect(new Set(hashes).size).toBe(3)
  })

  test('what a client wrote into the path cannot leave its element', () => {
    expect(multistatus('/webdav/<x>&"', undefined)).toContain('<d:href>/webdav/&lt;x&gt;&amp;&quot;</d:href>')
  })
})
