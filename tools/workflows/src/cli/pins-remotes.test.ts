import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Invocation, Outcome } from '@interlock/cli'
import { runOk } from '@interlock/kit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ActionRemote, actionRemote } from '../testing/action-remote.ts'
import type { Pin, Sha, Version } from '../core/model/pin.ts'
import { type Entry, entriesOf } from '../core/pins/entries.ts'
import { withRemote } from '../io/pins/remote.ts'
import { runPinsCheck } from './pins-check.ts'
import { runPinsUpdate } from './pins-update.ts'

let folder: string
let root: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'interlock-remotes-'))
  root = join(folder, 'workspace')
  mkdirSync(join(root, '.github/workflows'), { recursive: true })
})
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }))

const remote = (name: string): Promise<ActionRemote> => actionRemote(join(folder, 'server'), name)

function pinned(sha: string, more: Partial<Pin> = {}): readonly Entry[] {
  const pin: Pin = {
    repository: 'acme/tool',
    version: 'v1.0.0' as Version,
    sha: sha as Sha,
    runtime: 'node24',
    nested: [],
    inputs: { required: ['key'], optional: [] },
    reviewed: 'today',
    ...more,
  }
  writeFileSync(join(root, '.github/workflows/a.yml'), `uses: ${pin.repository}@${sha} # ${pin.version}\n`)
  return entriesOf([pin], {})
}

function invocation(options: Readonly<Record<string, unknown>>, server?: string): Invocation {
  const env = { GITHUB_SERVER_URL: server ?? `file://${join(folder, 'server')}` }
  return { root, env, arguments: [], options, rest: [], json: false }
}

const check = (entries: readonly Entry[], server?: string): Promise<Outcome> =>
  runPinsCheck(invocation({ online: true, timeout: '5' }, server), entries)
const update = (entries: readonly Entry[], more: object = {}, server?: string): Promise<Outcome> =>
  runPinsUpdate(invocation({ timeout: '5', ...more }, server), entries)

describe('interlock ci pins --check --online', () => {
  it.each([
    ['a light tag', {}],
    ['a tag of its own', { tagged: 30 }],
  ])('is content with %s at its commit', async (_, options) => {
    const sha = await (await remote('acme/tool')).release('v1.0.0', 30, options)
    expect(await check(pinned(sha))).toMatchObject({ status: 0, data: { findings: [], notChecked: [] } })
  })

  it('promise-1: says of a moved tag where it points now', async () => {
    const tool = await remote('acme/tool')
    const sha = await tool.release('v1.0.0', 30)
    const other = await tool.release('v1.0.0', 20, { tagged: 20 })
    expect(await check(pinned(sha))).toMatchObject({
      status: 1,
      prose: expect.stringContaining(`the tag v1.0.0 of acme/tool points at ${other}, and not at ${sha}: it was moved`),
    })
  })

  it('promise-1: says of a tag that vanished', async () => {
    const tool = await remote('acme/tool')
    const sha = await tool.release('v1.0.0', 30)
    await tool.git('tag', '--delete', 'v1.0.0')
    expect(await check(pinned(sha))).toMatchObject({
      status: 1,
      prose: expect.stringContaining('acme/tool has no tag v1.0.0 any more'),
    })
  })

  it('compares action.yml with the catalogue', async () => {
    const sha = await (await remote('acme/tool')).release('v1.0.0', 30, { action: 'runs: { using: node20 }' })
    expect(await check(pinned(sha))).toMatchObject({
      status: 1,
      data: {
        findings: [
          { message: 'acme/tool runs on "node20", and not on node24 or composite' },
          { message: expect.stringContaining('the catalogue says node24') },
          { message: expect.stringContaining('requires the inputs nothing, and the catalogue says key') },
        ],
      },
    })
  })

  it('promise-1: is inconclusive where a repository is gone, with what git said', async () => {
    expect(await check(pinned('a'.repeat(40)))).toMatchObject({
      status: 3,
      prose: expect.stringMatching(/^not checked: acme\/tool v1\.0\.0 \(.*does not appear to be a git repository/u),
    })
  })

  it('promise-1: takes no tag that moves between two questions', async () => {
    const sha = await (await remote('acme/tool')).release('v1.0.0', 30)
    const url = `file://${join(folder, 'server/acme/tool')}`
    const release = await withRemote({ url, timeoutMs: 5000 }, (tool) => tool.release('v1.0.0', sha.replace(/^./u, 'g'), []))
    expect(release).toEqual({ kind: 'no-answer', reason: 'the tag v1.0.0 moved while it was read' })
  })

  it('reads a workflow of another repository, and what that uses', async () => {
    const tool = await remote('acme/tool')
    mkdirSync(join(folder, 'server/acme/tool/.github/workflows'), { recursive: true })
    writeFileSync(join(folder, 'server/acme/tool/.github/workflows/w.yml'), 'jobs: { a: { steps: [{ uses: x/y@v1 }] } }\n')
    const sha = await tool.release('v1.0.0', 30)
    writeFileSync(join(root, '.github/workflows/a.yml'), `uses: acme/tool/.github/workflows/w.yml@${sha} # v1.0.0\n`)
    const mine = entriesOf([], { 'acme/tool': { version: 'v1.0.0', sha, reviewed: 'today' } })
    expect(await check(mine)).toMatchObject({
      status: 1,
      data: { findings: [{ message: 'acme/tool/.github/workflows/w.yml itself uses "x/y@v1", which is no commit' }] },
    })
  })

  it('looks for every action of a repository that is used', async () => {
    const sha = await (await remote('acme/tool')).release('v1.0.0', 30)
    expect(await check(pinned(sha, { path: 'sub' }))).toMatchObject({
      status: 1,
      prose: expect.stringContaining('acme/tool/sub has no action.yml that can be read at v1.0.0'),
    })
  })
})

describe('a server that does not answer', () => {
  let server: Server
  beforeEach(async () => {
    server = createServer(() => undefined)
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  })
  afterEach(() => void server.close())

  it('promise-1: is waited for until the time is up, and nothing is said to be up to date', async () => {
    const address = server.address() as { readonly port: number }
    const silent = `http://127.0.0.1:${address.port}`
    const entries = pinned('a'.repeat(40))
    expect(await update(entries, { timeout: '1' }, silent)).toMatchObject({
      status: 3,
      prose: 'not checked: acme/tool v1.0.0 (no answer within 1 s)',
      data: { proposals: [], newest: [] },
    })
  })

  it('is one that is not there, too', async () => {
    const outcome = await update(pinned('a'.repeat(40)), {}, 'http://127.0.0.1:9')
    expect(outcome).toMatchObject({
      status: 3,
      prose: expect.stringMatching(/^not checked: acme\/tool v1\.0\.0 \(unable to access/u),
    })
  })
})

describe('interlock ci pins --update', () => {
  it('proposes the newest version of the same major number, and the newest one apart', async () => {
    const tool = await remote('acme/tool')
    const sha = await tool.release('v1.0.0', 90)
    await tool.release('v1.1.0', 60)
    const newest = await tool.release('v1.2.0', 50, { tagged: 50 })
    await tool.release('v2.0.0-rc.1', 45)
    const major = await tool.release('v2.0.0', 40)
    const outcome = await update(pinned(sha))
    expect(outcome).toMatchObject({
      status: 0,
      data: {
        proposals: [
          { repository: 'acme/tool', from: 'v1.0.0', to: 'v1.2.0', sha: newest, newMajor: false, problems: [] },
          { to: 'v2.0.0', sha: major, newMajor: true },
        ],
        newest: [],
      },
    })
    expect(outcome.prose).toMatch(/^newer:\n {2}acme\/tool {2}v1\.0\.0 [\s\S]*\n\na new major version, to be read first:\n/u)
  })

  it('passes over what is younger than a week, by the newest date that anything claims', async () => {
    const tool = await remote('acme/tool')
    const sha = await tool.release('v1.0.0', 90)
    await tool.release('v1.1.0', 8)
    await tool.release('v1.2.0', 30, { tagged: 2 })
    await tool.release('v1.3.0', 3)
    await tool.release('v1.4.0', -30)
    expect(await update(pinned(sha))).toMatchObject({
      status: 0,
      data: {
        proposals: [{ to: 'v1.1.0' }],
        passedOver: [
          'acme/tool v1.4.0 claims a day that has not come yet',
          'acme/tool v1.3.0 has been out for 3 days',
          'acme/tool v1.2.0 has been out for 2 days',
        ],
      },
    })
  })

  it('has nothing to propose, and says of which repository', async () => {
    const sha = await (await remote('acme/tool')).release('v1.0.0', 90)
    expect(await update(pinned(sha))).toMatchObject({ status: 0, prose: 'acme/tool has nothing newer to propose' })
  })

  it('proposes nothing where the tag of the pinned version was moved', async () => {
    const tool = await remote('acme/tool')
    const sha = await tool.release('v1.0.0', 90)
    await tool.release('v1.0.0', 80)
    await tool.release('v1.1.0', 80)
    expect(await update(pinned(sha))).toMatchObject({
      status: 1,
      data: { proposals: [], newest: [] },
      prose: expect.stringContaining('it was moved'),
    })
  })

  it('takes no tag for a version that is called like a command, and reads thousands of them', async () => {
    const tool = await remote('acme/tool')
    const sha = await tool.release('v1.0.0', 90)
    const hostile = ['v9.9.9$(id)', 'v9.9.9;id', '-v9.9.9', 'v9.9.9"', "v9.9.9'", 'v9.9.9&id', 'v9.9.9é', 'v1.9.9/x']
    const lines = [...hostile, ...Array.from({ length: 5000 }, (_, index) => `v0.${index}.0`)].map(
      (tag) => `create refs/tags/${tag} ${sha}\n`,
    )
    await runOk(['git', 'update-ref', '--stdin'], { cwd: join(folder, 'server/acme/tool'), input: lines.join('') })
    expect(await update(pinned(sha))).toMatchObject({ status: 0, data: { proposals: [], newest: ['acme/tool'] } })
  })

  it('does not look for ever in a repository that releases all day', async () => {
    const tool = await remote('acme/tool')
    const sha = await tool.release('v1.0.0', 90)
    await tool.release('v1.1.0', 1)
    for (let patch = 1; patch <= 11; patch += 1) await tool.git('tag', `v1.1.${patch}`)
    expect(await update(pinned(sha))).toMatchObject({
      status: 3,
      prose: 'not checked: acme/tool v1.0.0 (the newest 10 of 12 newer versions are too young)',
    })
  })

  it('writes into interlock.yaml what nobody has to look at first, and keeps what is there', async () => {
    const tool = await remote('acme/tool')
    const sha = await tool.release('v1.0.0', 90)
    const newest = await tool.release('v1.1.0', 30)
    await tool.release('v2.0.0', 30)
    writeFileSync(join(root, 'interlock.yaml'), '# ours\ngraph:\n  irrelevant: [] # none\n')
    const outcome = await update(pinned(sha), { write: true })
    expect(outcome).toMatchObject({ status: 0, data: { written: ['acme/tool'] } })
    expect(readFileSync(join(root, 'interlock.yaml'), 'utf8')).toMatch(
      new RegExp(
        `^# ours\\ngraph:\\n  irrelevant: \\[\\] # none\\nci:\\n  pins:\\n    acme/tool:\\n      version: v1\\.1\\.0\\n      sha: ${newest}\\n      reviewed: \\d{4}-\\d\\d-\\d\\d, tag and commit read by interlock ci pins\\n$`,
        'u',
      ),
    )
  })

  it('writes nothing that runs on something else, or that takes an input away', async () => {
    const tool = await remote('acme/tool')
    const sha = await tool.release('v1.0.0', 90)
    await tool.release('v1.1.0', 30, { action: 'runs: { using: docker, image: x }' })
    const outcome = await update(pinned(sha), { write: true })
    expect(outcome).toMatchObject({
      status: 0,
      data: {
        written: [],
        proposals: [
          { problems: ['acme/tool runs on "docker", and not on node24 or composite', 'acme/tool no longer has the inputs key'] },
        ],
      },
    })
  })
})
