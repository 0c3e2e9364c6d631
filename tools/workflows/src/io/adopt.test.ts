import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { fileReport } from '../core/adopt/file.ts'
import { generatedSet } from '../core/adopt/generated.ts'
import { proseOf } from '../core/adopt/prose.ts'

const FIXTURES = fileURLToPath(new URL('../../fixtures/adopt/', import.meta.url))
const fixtures = readdirSync(FIXTURES).filter((name) => name.endsWith('.yml'))

/** Generated files in small: what is said of fixtures does not change with each job that is generated some day. */
const CI = `
on: { push: { branches: [main] }, pull_request: {}, merge_group: {}, schedule: [] }
jobs:
  plan: { runs-on: ubuntu-24.04, steps: [{ uses: actions/checkout@v1 }, { uses: actions/cache@v1 }] }
  rust-tests: { runs-on: ubuntu-24.04, steps: [{ uses: actions/checkout@v1 }, { uses: $/.github/actions/setup }] }
  python-tests: { runs-on: ubuntu-24.04, steps: [{ uses: actions/checkout@v1 }] }
  typescript-tests: { runs-on: ubuntu-24.04, steps: [{ uses: actions/checkout@v1 }] }
  gate: { runs-on: ubuntu-24.04, steps: [{ uses: Actions/Checkout@v1 }, { uses: acme/scan/init@v1 }] }
`
const SETUP =
  'runs: { using: composite, steps: [{ uses: actions/setup-node@v1 }, { uses: actions/setup-python@v1 }, { run: npm ci }] }'
const GENERATED = generatedSet(
  { '.github/workflows/ci.yml': CI, '.github/actions/setup/action.yml': SETUP, '.github/CODEOWNERS': '* @a' },
  {
    targets: ['format', 'lint', 'typecheck', 'build', 'test', 'test-py3.9', 'test-py3.11', 'test-py3.12'],
    pythonVersions: ['3.9', '3.10', '3.11', '3.12'],
    mainBranch: 'main',
  },
)

it('what is generated is read from the generated files', () => {
  expect(GENERATED).toMatchObject({
    files: ['.github/workflows/ci.yml', '.github/actions/setup/action.yml', '.github/CODEOWNERS'],
    events: ['push', 'pull_request', 'merge_group', 'schedule'],
    runsForTags: false,
    jobs: ['plan', 'rust-tests', 'python-tests', 'typescript-tests', 'gate'],
    images: ['ubuntu-24.04'],
  })
  expect(Object.fromEntries(GENERATED.actions)).toEqual({
    'actions/checkout': 'setup',
    'actions/setup-node': 'setup',
    'actions/setup-python': 'setup',
    'actions/cache': 'plan',
    'acme/scan': 'gate',
  })
})

it('there are fixtures', () => {
  expect(fixtures.length).toBeGreaterThan(4)
})

it.each(fixtures)('%s has the report that lies beside it', async (name) => {
  const report = fileReport(`.github/workflows/${name}`, readFileSync(`${FIXTURES}${name}`, 'utf8'), GENERATED)
  expect(report.kind).toBe('read')
  await expect(`${proseOf([report])}\n`).toMatchFileSnapshot(`${FIXTURES}${name.replace('.yml', '.txt')}`)
})
