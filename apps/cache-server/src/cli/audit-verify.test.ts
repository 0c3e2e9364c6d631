import { readFileSync, writeFileSync } from 'node:fs'
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

  it.each(['missing', '.', 'nx.json', '$(id)'])('promise-1: is no success where there is no audit: %s', async (folder) => {
    await expect(workspace.run('cache audit verify', [folder])).rejects.toMatchObject({ code: 'USAGE', exitStatus: 2 })
  })
})
