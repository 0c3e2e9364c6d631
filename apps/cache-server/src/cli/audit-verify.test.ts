import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openAudit } from '../io/audit.ts'
import { type VerbWorkspace, verbWorkspace } from '../testing/verb.ts'

let workspace: VerbWorkspace
beforeEach(async () => {
  workspace = verbWorkspace()
  const audit = await openAudit({ folder: join(workspace.root, 'audit'), clock: () => Date.UTC(2026, 10, 26) })
  for (let number = 1; number < 4; number += 1) await audit.append({ kind: 'put', workspace: 'acme', detail: { number } })
  await audit.close()
})
afterEach(() => workspace.dispose())

describe('interlock cache audit verify', () => {
  it('says that an audit is intact, and where its chains end', () => {
    const { status, stdout } = workspace.type(['cache', 'audit', 'verify', 'audit'])
    expect(status).toBe(0)
    expect(stdout.replaceAll(/[0-9a-f]{64}/g, '<digest>')).toBe(
      '4 lines in 2 files are as they were written; the chains end at\n  permanent: line 1, <digest>\n  90-days: line 3, <digest>\n',
    )
  })

  it('names file and line of the first change, with status 1', () => {
    const file = join(workspace.root, 'audit', 'audit-90-days-2026-11.jsonl')
    writeFileSync(file, readFileSync(file, 'utf8').replace('"number":2', '"number":7'))
    const { status, stdout } = workspace.type(['cache', 'audit', 'verify', 'audit', '--json'])
    expect(status).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      intact: false,
      breaks: [{ file: 'audit-90-days-2026-11.jsonl', line: 2, reason: 'was changed: its digest is another' }],
    })
  })

  describe('against an earlier report', () => {
    beforeEach(() => {
      const { stdout } = workspace.type(['cache', 'audit', 'verify', 'audit', '--json'])
      writeFileSync(join(workspace.root, 'kept.json'), stdout)
    })
    const verify = async (file = 'kept.json') => workspace.run('cache audit verify', ['audit'], { against: file })
    const files = () => readdirSync(join(workspace.root, 'audit')).filter((name) => name.endsWith('.jsonl'))

    it('is intact, also when more was written since', async () => {
      expect(await verify()).toMatchObject({ status: 0 })
      const audit = await openAudit({ folder: join(workspace.root, 'audit'), clock: () => Date.UTC(2026, 10, 27) })
      await audit.append({ kind: 'put', workspace: 'acme', detail: { number: 4 } })
      await audit.close()
      expect(await verify()).toMatchObject({ status: 0 })
    })

    it('shows that lines were cut off the end, which the chain alone cannot know', async () => {
      for (const name of files()) {
        const file = join(workspace.root, 'audit', name)
        writeFileSync(file, readFileSync(file, 'utf8').replace(/[^\n]*\n$/u, ''))
      }
      expect(workspace.type(['cache', 'audit', 'verify', 'audit']).status).toBe(0)
      const { status, prose } = await verify()
      expect(status).toBe(1)
      expect(prose).toContain('lines up to number 3 were there, and end at 2')
    })

    it('shows that a whole chain is gone', async () => {
      for (const name of files()) if (name.includes('90-days')) rmSync(join(workspace.root, 'audit', name))
      expect((await verify()).prose).toContain('lines up to number 3 were there, and end at 0')
    })

    it.each(['', '{}', '{"heads":{}}', '{"heads":{"90-days":{"seq":0,"digest":"x"}}}', '{"heads":{"other":1}}'])(
      'promise-1: is no proof where that is no report: %j',
      async (text) => {
        writeFileSync(join(workspace.root, 'other.json'), text)
        await expect(verify('other.json')).rejects.toMatchObject({ code: 'USAGE', file: 'other.json' })
        await expect(verify('missing.json')).rejects.toMatchObject({ code: 'USAGE' })
      },
    )
  })

  it.each(['missing', '.', 'nx.json', '$(id)'])('promise-1: is no success where there is no audit: %s', async (folder) => {
    await expect(workspace.run('cache audit verify', [folder])).rejects.toMatchObject({ code: 'USAGE', exitStatus: 2 })
  })
})
