import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { githubPolicy } from '../testing/policy.ts'
import { openPolicy } from './policy-file.ts'

let path: string
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'interlock-policy-'))
  path = join(folder, 'cache-policy.yaml')
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('the policy that a server starts with', () => {
  it('is read, with the digest of its text', () => {
    writeFileSync(path, stringify(githubPolicy('https://issuer.test')))
    const { policy, digest } = openPolicy(path)
    expect(policy).toEqual(githubPolicy('https://issuer.test'))
    expect(digest).toMatch(/^[0-9a-f]{64}$/)
    writeFileSync(path, `${stringify(policy)}# more\n`)
    expect(openPolicy(path).digest).not.toBe(digest)
  })

  it('is refused with every finding when it is unsafe', () => {
    const text = stringify(githubPolicy('http://issuer.test')).replace('repository_id: "123456"', 'ref_type: branch')
    writeFileSync(path, text)
    expect(() => openPolicy(path)).toThrow(expect.objectContaining({ code: 'CACHE_POLICY_UNSAFE', exitStatus: 1 }))
    expect(() => openPolicy(path)).toThrow(
      /is not https[\s\S]+\[issuer-without-tls\][\s\S]+\[pin-missing\][\s\S]+hint: each line says/,
    )
  })

  it('is refused when it is not there', () => {
    expect(() => openPolicy(path)).toThrow(expect.objectContaining({ code: 'CACHE_POLICY_INVALID', exitStatus: 2 }))
  })
})
