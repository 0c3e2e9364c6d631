import { mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createTestWorkspace, type TestWorkspace } from '@interlock/kit/testing'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { printPipeline } from '../../core/model/print.ts'
import { pipelineOf } from '../../core/pipeline/pipeline.ts'
import { EXCEPTIONS } from '../../core/referees/exceptions.ts'
import { judgedFiles } from '../../core/referees/judged-files.ts'
import { REFEREES } from '../../core/referees/referees.ts'
import type { RefereeName } from '../../core/referees/types.ts'
import type { RefereeVerdict } from '../../core/referees/verdict.ts'
import { generatedWorkspace, REPOSITORIES, REPOSITORY } from '../../testing/generated.ts'
import { refereeHere } from '../../testing/referees.ts'
import { REFEREES_FOLDER } from './find.ts'
import { runReferees } from './run.ts'

// Four programs look at five repositories before the tests, which a busy machine makes a minute of.
vi.setConfig({ hookTimeout: 300_000 })

/** What GitHub would run, and nobody should. */
const INSECURE: Readonly<Record<string, string>> = {
  '.github/workflows/bad.yml':
    'on: pull_request_target\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: actions/checkout@v4\n      - run: echo ${{ github.head_ref }} ${{ nope.x }}\n',
  '.github/dependabot.yml':
    'version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /\n    schedule: { interval: daily }\n    insecure-external-code-execution: allow\n',
}

/** What GitHub would refuse. */
const INVALID: Readonly<Record<string, string>> = {
  '.github/workflows/bad.yml': 'on: push\njobs:\n  a:\n    runs-on: 3\n    steps: 4\n',
  '.github/actions/bad/action.yml': 'name: bad\nruns: { using: composite, steps: 4 }\n',
  '.github/dependabot.yml': 'version: 3\nupdates: []\n',
}

const WORKFLOW = '.github/workflows/bad.yml'
const FOUND: Readonly<Record<RefereeName, readonly string[]>> = {
  zizmor: [
    '.github/dependabot.yml:3 dependabot-cooldown',
    '.github/dependabot.yml:6 dependabot-execution',
    `${WORKFLOW}:1 anonymous-definition`,
    `${WORKFLOW}:1 concurrency-limits`,
    `${WORKFLOW}:1 dangerous-triggers`,
    `${WORKFLOW}:1 excessive-permissions`,
    `${WORKFLOW}:3 anonymous-definition`,
    `${WORKFLOW}:3 excessive-permissions`,
    `${WORKFLOW}:6 artipacked`,
    `${WORKFLOW}:6 unpinned-uses`,
    `${WORKFLOW}:7 template-injection`,
  ],
  actionlint: [
    `${WORKFLOW}:3 syntax-check`,
    `${WORKFLOW}:4 runner-label`,
    `${WORKFLOW}:5 syntax-check`,
    `${WORKFLOW}:7 expression`,
  ],
  'check-jsonschema': ['.github/actions/bad/action.yml: schema', '.github/dependabot.yml: schema', `${WORKFLOW}: schema`],
  act: [`${WORKFLOW}:4 schema`],
}

type Verdicts = ReadonlyMap<RefereeName, RefereeVerdict>

const here = await Promise.all(REFEREES.map(async ({ name }) => ({ name, ...(await refereeHere(name)) })))
const opened: TestWorkspace[] = []
const generated = new Map<string, Verdicts>()
let ofInsecure: Verdicts
let ofInvalid: Verdicts

beforeAll(async () => {
  for (const [title, facts] of Object.entries(REPOSITORIES)) generated.set(title, await verdicts(await generatedWorkspace(facts)))
  ofInsecure = await verdicts(await createTestWorkspace({ files: INSECURE }))
  ofInvalid = await verdicts(await createTestWorkspace({ files: INVALID }))
})
afterAll(async () => {
  for (const workspace of opened) await workspace.dispose()
})

/** The verdicts over a repository, with the referees of this one in reach. */
async function verdicts(workspace: TestWorkspace): Promise<Verdicts> {
  opened.push(workspace)
  const folder = join(workspace.root, REFEREES_FOLDER)
  mkdirSync(dirname(folder), { recursive: true })
  symlinkSync(join(REPOSITORY, REFEREES_FOLDER), folder, 'junction')
  const all = await runReferees(workspace.root, process.env)
  return new Map(all.map((verdict) => [verdict.name, verdict]))
}

describe.each(here.map((referee) => [referee.title, referee] as const))('%s', (_, { name, missing }) => {
  it.skipIf(missing).each(Object.keys(REPOSITORIES))('finds nothing in what is generated for %s', (title) => {
    const verdict = generated.get(title)?.get(name)
    expect(verdict?.findings).toEqual([])
    expect(verdict).toMatchObject({ outcome: 'clean' })
    expect(verdict?.files).toBeGreaterThan(0)
  })

  it.skipIf(missing)('finds what was done wrong on purpose', () => {
    const found = [ofInsecure, ofInvalid].flatMap((all) => all.get(name)?.findings ?? [])
    const places = found.map(({ file, rule, line }) => `${file}:${line ?? ''} ${rule}`)
    expect([...new Set(places)].sort()).toEqual(FOUND[name])
  })

  it.skipIf(missing)('has no exception that no generated file needs', () => {
    const used = [...generated.values()].flatMap((all) => all.get(name)?.excepted.map(({ exception }) => exception) ?? [])
    expect(EXCEPTIONS.filter((exception) => exception.referee === name && !used.includes(exception))).toEqual([])
  })
})

describe('promise-1:', () => {
  it('a referee that is not installed is not run, which is not clean', async () => {
    const workspace = await generatedWorkspace(Object.values(REPOSITORIES)[0]!)
    opened.push(workspace)
    const all = await runReferees(workspace.root, { PATH: workspace.root })
    expect(all.map(({ name, outcome, reason }) => `${name} ${outcome}: ${reason ?? ''}`)).toEqual(
      REFEREES.map(({ name }) => `${name} not run: it is not installed`),
    )
  })

  it.skipIf(here.some(({ name, missing }) => name === 'zizmor' && missing))('a file that zizmor cannot read is not clean', () => {
    expect(ofInvalid.get('zizmor')).toMatchObject({ outcome: 'not run', reason: expect.stringMatching(/^it wrote nothing: /u) })
  })

  it('a file behind a link is judged like any other', async () => {
    const workspace = await createTestWorkspace({ files: { ...INSECURE, 'elsewhere.yml': 'on: push\n' } })
    opened.push(workspace)
    symlinkSync(join(workspace.root, 'elsewhere.yml'), join(workspace.root, '.github/workflows/linked.yml'))
    const [{ files } = { files: 0 }] = await runReferees(workspace.root, { PATH: workspace.root })
    expect(files).toBe(Object.keys(INSECURE).length + 1)
  })

  it('nothing to judge is an error', async () => {
    const workspace = await createTestWorkspace({ files: { '.github/CODEOWNERS': '* @a' } })
    opened.push(workspace)
    await expect(runReferees(workspace.root, {})).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  })

  it('every file that is generated is judged', () => {
    for (const facts of Object.values(REPOSITORIES)) {
      const paths = Object.keys(printPipeline(pipelineOf(facts))).filter((path) => path.endsWith('.yml'))
      const { workflows, actions, dependabot } = judgedFiles(paths)
      expect([...workflows, ...actions, ...dependabot].sort()).toEqual(paths.sort())
    }
  })
})
