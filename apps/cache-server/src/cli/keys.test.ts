import { verify } from 'node:crypto'
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { signedText } from '@interlock/cache/wire'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { tokenHash } from '../core/tokens.ts'
import { openKeyring, readKeyring } from '../io/keyring.ts'
import { createSigner } from '../io/signer.ts'
import { type VerbWorkspace, verbWorkspace } from '../testing/verb.ts'

const ENTRY = { workspace: 'acme', tool: 'nx', scope: 'trusted/main', hash: '123', digest: 'a'.repeat(64), size: 5 }
let workspace: VerbWorkspace
let path: string
beforeEach(() => {
  workspace = verbWorkspace()
  path = join(workspace.root, 'keys.json')
})
afterEach(() => workspace.dispose())

interface Shown {
  readonly keys: readonly { readonly public: string; readonly pem: string; readonly signs: boolean }[]
}

describe('a key file', () => {
  it('is made for its owner only when the server starts first, and read after that', () => {
    const [key] = openKeyring(path, Date.now)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(openKeyring(path, Date.now)[0].publicText).toBe(key.publicText)
  })

  it('shows its public half only, as base64url and as PEM that verifies what it signed', async () => {
    const signer = createSigner(openKeyring(path, Date.now))
    const outcome = await workspace.run('cache key', ['keys.json'], { pem: true })
    const { keys } = outcome.data as Shown
    expect(keys).toMatchObject([{ public: signer.publicKey, signs: true }])
    expect(outcome.prose).toContain('-----BEGIN PUBLIC KEY-----')
    const signature = Buffer.from(signer.sign(ENTRY), 'base64url')
    expect(verify(null, Buffer.from(signedText(ENTRY)), keys[0]!.pem, signature)).toBe(true)
    const { seed } = (JSON.parse(readFileSync(path, 'utf8')) as { keys: { seed: string }[] }).keys[0]!
    expect(JSON.stringify(outcome)).not.toContain(seed)
  })

  it('takes a new key before the others, whose signatures still verify', async () => {
    const old = createSigner(openKeyring(path, Date.now))
    const signature = old.sign(ENTRY)
    const { data } = await workspace.run('cache key', ['keys.json'], { rotate: true })
    expect((data as Shown).keys.map(({ signs }) => signs)).toEqual([true, false])
    const signer = createSigner(readKeyring(path))
    expect(signer.publicKey).not.toBe(old.publicKey)
    expect(signer.verify(ENTRY, signature)).toBe(true)
    expect(old.verify(ENTRY, signer.sign(ENTRY))).toBe(false)
    expect(statSync(path).mode & 0o777).toBe(0o600)
  })

  it('verifies one entry, and no other', () => {
    const signer = createSigner(openKeyring(path, Date.now))
    const signature = signer.sign(ENTRY)
    expect(signer.verify(ENTRY, signature)).toBe(true)
    for (const other of [
      { scope: 'pr/x' },
      { hash: '124' },
      { digest: 'b'.repeat(64) },
      { size: 6 },
      { workspace: 'b' },
      { tool: 'turbo' },
    ])
      expect(signer.verify({ ...ENTRY, ...other }, signature)).toBe(false)
    for (const text of ['', 'x', signature.slice(1), `${signature}=`, `${signature}A`, ` ${signature}`])
      expect(signer.verify(ENTRY, text)).toBe(false)
  })

  it('is not asked for its mode on Windows, where every file says that everybody may use it', () => {
    const [key] = openKeyring(path, Date.now)
    chmodSync(path, 0o666)
    const platform = vi.spyOn(process, 'platform', 'get').mockReturnValue('win32')
    expect(readKeyring(path)[0].publicText).toBe(key.publicText)
    platform.mockRestore()
  })

  it('that is not there cannot be rotated, and is not said to be damaged', async () => {
    await expect(workspace.run('cache key', ['other.json'], { rotate: true })).rejects.toThrow('there is no such key file')
  })

  it.each([0o644, 0o604, 0o660, 0o666])('is refused when others may use it: %o', async (mode) => {
    openKeyring(path, Date.now)
    chmodSync(path, mode)
    await expect(workspace.run('cache key', ['keys.json'])).rejects.toMatchObject({ code: 'CACHE_KEYS_UNFIT', exitStatus: 6 })
  })

  it('may be readable for a group, as mounted secrets are', () => {
    openKeyring(path, Date.now)
    chmodSync(path, 0o440)
    expect(readKeyring(path)).toHaveLength(1)
  })

  it.each(['', '{}', '{"keys":[]}', '{"keys":[{"created":1,"seed":"secret-canary"}]}', 'secret-canary'])(
    'is refused when it is damaged, and not quoted: %j',
    (text) => {
      writeFileSync(path, text, { mode: 0o600 })
      const error = (() => {
        try {
          return void openKeyring(path, Date.now)
        } catch (thrown) {
          return thrown as Error
        }
      })()
      expect(error).toMatchObject({ code: 'CACHE_KEYS_UNFIT' })
      expect(`${error?.message} ${error?.stack} ${JSON.stringify(error?.cause)}`).not.toContain('secret-canary')
      expect(readFileSync(path, 'utf8')).toBe(text)
    },
  )

  it('is not made by looking for it', async () => {
    await expect(workspace.run('cache key', ['missing.json'])).rejects.toMatchObject({ code: 'CACHE_KEYS_UNFIT' })
    await expect(workspace.run('cache key', ['missing.json'], { rotate: true })).rejects.toMatchObject({
      code: 'CACHE_KEYS_UNFIT',
    })
  })
})

describe('interlock cache token', () => {
  it('makes another token each time, with the hash for the policy', async () => {
    const outcomes = [
      await workspace.run('cache token', ['read'], { name: 'laptops' }),
      await workspace.run('cache token', ['read']),
    ]
    const [first, second] = outcomes.map(({ data }) => data as { token: string; hash: string })
    expect(first!.hash).toBe(tokenHash(first!.token))
    expect(first!.token).not.toBe(second!.token)
    expect(outcomes[0]!.prose).toContain(`tokens:\n      - { name: laptops, hash: "${first!.hash}" }`)
  })

  it('makes one for operators, under the admins of the policy', async () => {
    const { prose } = await workspace.run('cache token', ['admin'], { name: 'operators' })
    expect(prose).toMatch(/^token: interlock_admin_[\w-]{43}\n/)
    expect(prose).toContain('admins:\n      - { name: operators, hash: "sha256:')
  })

  it.each([
    ['write', undefined],
    ['read', '$(id)'],
    ['admin', 'A b'],
  ])('refuses %s %s', async (kind, name) => {
    await expect(workspace.run('cache token', [kind], name === undefined ? {} : { name })).rejects.toMatchObject({
      code: 'USAGE',
      exitStatus: 2,
    })
  })
})
