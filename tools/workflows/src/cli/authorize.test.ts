import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Outcome } from '@interlock/cli'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { verbs } from './index.ts'

const SHA = 'a'.repeat(40)
let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'interlock-authorize-'))
})
afterEach(() => rmSync(root, { recursive: true }))

async function authorize(env: Readonly<Record<string, string>>): Promise<Outcome> {
  const verb = verbs.find(({ name }) => name === 'ci authorize')
  if (verb === undefined) throw new Error('no such verb')
  return verb.run({ root, env, arguments: [], options: {}, rest: [], json: false })
}

function event(name: string, payload: string): Record<string, string> {
  const path = join(root, 'event.json')
  writeFileSync(path, payload)
  return { GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: path, GITHUB_SHA: SHA, GITHUB_OUTPUT: join(root, 'output') }
}

describe('interlock ci authorize', () => {
  it('puts out the commit as a word that a checkout takes', async () => {
    const outcome = await authorize(event('push', JSON.stringify({ ref: 'refs/heads/pull-request/7', after: SHA })))
    expect(outcome).toMatchObject({ status: 0, prose: expect.stringContaining('once a reviewer of the environment approves it') })
    expect(readFileSync(join(root, 'output'), 'utf8')).toBe(`sha=${SHA}\n`)
  })

  it('refuses with status 5 and puts nothing out', async () => {
    const outcome = await authorize({
      ...event('push', JSON.stringify({ ref: 'refs/heads/main', after: SHA })),
      GITHUB_ACTIONS: 'true',
    })
    expect(outcome).toMatchObject({ status: 5, prose: expect.stringMatching(/\n::error title=not authorized::/u) })
    expect(() => readFileSync(join(root, 'output'))).toThrow('ENOENT')
  })

  it.each([
    ['{', 'FILE_UNREADABLE: .*event.json: is not JSON'],
    ['', 'FILE_UNREADABLE: .*event.json: is not JSON'],
  ])('says that the payload %j cannot be read', async (payload, message) => {
    await expect(authorize(event('push', payload))).rejects.toThrow(new RegExp(message, 'u'))
  })

  it('says that there is no event outside of GitHub Actions', async () => {
    await expect(authorize({})).rejects.toThrow('FILE_UNREADABLE: GITHUB_EVENT_PATH: cannot be read (ENOENT)')
  })
})
