import { assert, json, oneof, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { admit, type Breaker, CLOSED, failed, succeeded } from './breaker.ts'
import { Fault, faultOf } from './fault.ts'
import { hashIn, isOwnHost, isSame } from './loopback.ts'
import { readIdToken, readRefusal, readTokenAnswer } from './token-answer.ts'

describe('breaker', () => {
  const opened = [0, 1, 2].reduce<Breaker>((breaker) => failed(breaker, 1000), CLOSED)

  it('opens with the third fault in a row, and not with faults that a good answer parts', () => {
    expect(admit(failed(failed(CLOSED, 0), 0), 0).admission).toBe('go')
    expect(admit(opened, 1000).admission).toBe('refuse')
    expect(failed(succeeded(failed(failed(CLOSED, 0), 0), false), 0).openUntil).toBeUndefined()
  })

  it('lets one try after thirty seconds, and one only', () => {
    expect(admit(opened, 30_999).admission).toBe('refuse')
    const { admission, breaker } = admit(opened, 31_000)
    expect(admission).toBe('probe')
    expect(admit(breaker, 40_000).admission).toBe('refuse')
    expect(admit(succeeded(breaker, true), 40_000).admission).toBe('go')
    expect(admit(failed(breaker, 40_000), 69_999).admission).toBe('refuse')
    expect(admit(failed(breaker, 40_000), 70_000).admission).toBe('probe')
  })

  it('an answer to an old question does not close it', () => {
    expect(succeeded(opened, false)).toBe(opened)
  })
})

describe('loop-back', () => {
  it.each([
    ['/v1/cache/abc', 'abc'],
    ['//v1//cache///abc', 'abc'],
    ['/v1/cache/abc?x=1', 'abc'],
    ['/v1/cache/', undefined],
    ['/v1/cache/a/b', undefined],
    ['/v1/cache/..%2f', undefined],
    ['/v1/cache/%00', undefined],
    [`/v1/cache/${'a'.repeat(129)}`, undefined],
    ['/v1/cache/é', undefined],
    ['/v1/token', undefined],
  ])('the hash in %s is %s', (path, hash) => {
    expect(hashIn(path)).toBe(hash)
  })

  it('has a name, so that a page under another name does not reach it', () => {
    expect(isOwnHost('127.0.0.1:80', 80)).toBe(true)
    expect(isOwnHost('localhost:80', 80)).toBe(true)
    for (const host of [undefined, 'evil.example:80', '127.0.0.1', '127.0.0.1:81']) expect(isOwnHost(host, 80)).toBe(false)
  })

  it('knows its secret whatever is shown to it', () => {
    assert(
      property(string(), string(), (a, b) => {
        expect(isSame(a, b)).toBe(Buffer.from(a).equals(Buffer.from(b)))
      }),
    )
  })
})

describe('answers of strangers', () => {
  it('are read or refused, whatever they are', () => {
    assert(
      property(oneof(string(), json()), (text) => {
        readTokenAnswer(text)
        readIdToken(text)
        expect(readRefusal(text)).toMatch(/^[\x20-\x7e]{0,300}$/u)
      }),
    )
  })

  it.each([
    ['no list of scopes', { read: 'trusted/main' }],
    ['a scope that is a number', { read: [1] }],
    ['a rule that is an object', { rule: {} }],
    ['a workspace that clears the screen', { workspace: '\u001b[2J' }],
    ['a scope that clears the screen', { write: '\u009b2J' }],
    ['no life', { expires_in: 0 }],
    ['an endless life', { expires_in: '1' }],
    ['a token of two lines', { access_token: 'a\nb' }],
  ])('an answer with %s is no token', (_, over) => {
    const answer = { access_token: 't', expires_in: 60, workspace: 'acme', read: ['trusted/main'], write: null, rule: 'main' }
    expect(readTokenAnswer(JSON.stringify(answer))).toMatchObject({ token: 't', write: null })
    expect(readTokenAnswer(JSON.stringify({ ...answer, ...over }))).toBeUndefined()
  })

  it.each([
    ['ECONNREFUSED', 'connection refused'],
    ['ENOTFOUND', 'host unknown'],
    ['CERT_HAS_EXPIRED', 'TLS failed'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'TLS failed'],
    ['HPE_INVALID_CONSTANT', 'unexpected answer'],
    ['ENOSPC', 'disk failed'],
    ['ESOMETHING', 'connection reset'],
  ])('%s is called %s', (code, kind) => {
    expect(faultOf(Object.assign(new Error('x'), { code })).kind).toBe(kind)
    expect(faultOf(Object.assign(new AggregateError([Object.assign(new Error('x'), { code })]))).kind).toBe(kind)
  })

  it('a fault stays the fault that it is', () => {
    const fault = new Fault('wrong digest')
    expect(faultOf(fault)).toBe(fault)
  })
})
