import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import type { Outcome } from '@interlock/cli'
import { createTestWorkspace, type TestWorkspace } from '@interlock/kit/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readReleases } from '../io/referees/catalogue.ts'
import { verbs } from './index.ts'

const FILE = '.github/workflows/$(id) b.yml'

let workspace: TestWorkspace
beforeEach(async () => {
  workspace = await createTestWorkspace({ files: { [FILE]: 'on: push\n' }, git: false })
  for (const [name, { version }] of Object.entries(readReleases())) await answer(name, version, ANSWERS[name] ?? '')
})
afterEach(async () => workspace.dispose())

const ANSWERS: Readonly<Record<string, string>> = {
  zizmor: 'for last; do :; done; echo "completed $last" >&2; echo "[]"',
  actionlint: 'echo "[]"',
  'check-jsonschema': 'echo \'{"status":"ok","errors":[]}\'',
  act: 'exit 0',
}

/** A referee that gives an answer of the test's own: the real ones are tried in io/referees. */
async function answer(name: string, version: string, script: string): Promise<void> {
  await workspace.write(
    `path/${name}`,
    `#!/bin/sh\nif [ "$1" = --version ]; then echo ${name} ${version}; exit 0; fi\n${script}\n`,
  )
  await chmod(join(workspace.root, 'path', name), 0o755)
}

async function referees(env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
  const verb = verbs.find(({ name }) => name === 'ci referees')
  if (verb === undefined) throw new Error('no such verb')
  const PATH = join(workspace.root, 'path')
  return verb.run({ root: workspace.root, env: { PATH, ...env }, arguments: [], options: {}, rest: [], json: false })
}

describe('interlock ci referees', () => {
  it('is done where each of them is content', async () => {
    expect(await referees()).toMatchObject({
      status: 0,
      prose: expect.stringMatching(
        /^clean {5}zizmor 1\.\S+: 1 file\nclean {5}actionlint .+\nclean {5}check-jsonschema .+\nclean {5}act .+: 1 file$/u,
      ),
      data: {
        clean: true,
        referees: [{ name: 'zizmor', outcome: 'clean', program: join(workspace.root, 'path/zizmor') }, {}, {}, {}],
      },
    })
  })

  it('says what is found where, on the page of the run too, and what is not counted', async () => {
    const known = 'specifying action \\"$/.github/actions/setup\\" in invalid format because ref is missing. x'
    const finding = (message: string): string => `{"message":"${message}","filepath":"${FILE}","line":3,"kind":"expression"}`
    await answer('actionlint', readReleases().actionlint.version, `echo '[${finding('a:b')},${finding(known)}]'; exit 1`)
    const { status, prose, data } = await referees({ GITHUB_ACTIONS: 'true' })
    expect(status).toBe(1)
    expect(prose).toContain(
      `\nfindings  actionlint 1.7.12: 1 in 1 file\n            ${FILE}:3: a:b [expression]\n            1 not counted: "$/" names`,
    )
    expect(prose).toContain(`\n::error title=actionlint::${FILE}:3: a:b [expression]`)
    expect(data).toMatchObject({
      clean: false,
      referees: [{}, { excepted: [{ line: 3, until: expect.any(String) as string }] }, {}, {}],
    })
  })

  it('promise-1: ends with 6 where one is missing or of another version, and says how to install it', async () => {
    await workspace.remove('path/act')
    await answer('zizmor', '1.0.0', '')
    const { status, prose } = await referees()
    expect(status).toBe(6)
    expect(prose).toMatch(/^not run {3}zizmor 1\.32\.0: \S+ is version 1\.0\.0$/mu)
    expect(prose).toMatch(/^not run {3}act 0\.2\.89: it is not installed$/mu)
    expect(prose).toMatch(/\n\nhint: uv tool install zizmor==1\.32\.0\nhint: go install github\.com\/nektos\/act@v0\.2\.89$/u)
  })

  it('promise-1: ends with 6 where one says nothing', async () => {
    await answer('check-jsonschema', readReleases()['check-jsonschema'].version, 'exit 0')
    expect(await referees()).toMatchObject({
      status: 6,
      prose: expect.stringContaining('not run   check-jsonschema 0.39.0: it wrote nothing'),
    })
  })

  it('finds nothing to judge in an empty folder', async () => {
    await workspace.remove('.github')
    await expect(referees()).rejects.toThrow('CONFIG_INVALID: there is no workflow, action or dependabot.yml below .github')
  })
})
