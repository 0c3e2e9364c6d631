import { describe, expect, it } from 'vitest'
import { factsFor, WHOLE_SECTION } from '../../testing/facts.ts'
import { printedFor } from '../../testing/printed.ts'

const { files, workflows } = printedFor(factsFor(WHOLE_SECTION))
const gpu = workflows['gpu-tests.yml']
const docs = workflows['docs.yml']
const bot = workflows['dependabot-auto-merge.yml']

describe('gpu-tests.yml', () => {
  it('is started by a label, by a mirror of a reviewed commit, and by hand: never by a push to a pull request', () => {
    expect(gpu?.on).toEqual({
      pull_request: { types: ['labeled'] },
      push: { branches: ['pull-request/[0-9]+'] },
      workflow_dispatch: {},
    })
  })

  it('runs the recorded commit on machines of the owner, in an environment, to read and no more', () => {
    const job = gpu?.jobs['gpu-performance']
    expect(job).toMatchObject({
      needs: ['authorize'],
      environment: 'gpu',
      'runs-on': { group: 'gpu', labels: ['self-hosted', 'gpu'] },
      permissions: { contents: 'read' },
    })
    expect(job?.steps[0]?.with).toMatchObject({ ref: '${{ needs.authorize.outputs.sha }}' })
    expect(job?.steps.map(({ uses }) => uses?.replace(/@.*/u, ''))).toEqual([
      'actions/checkout',
      '$/.github/actions/setup',
      undefined,
    ])
  })

  it('lets no other label end a run that waits for its approval', () => {
    expect(gpu?.concurrency).toEqual({
      group: 'gpu-${{ github.event.pull_request.number || github.ref }}-${{ github.event.label.name }}',
      'cancel-in-progress': false,
    })
  })

  it('decides with the code of the base which commit that is', () => {
    const { steps, outputs } = gpu?.jobs['authorize'] ?? { steps: [] }
    expect(steps[0]?.with).toMatchObject({ ref: '${{ github.event.pull_request.base.sha || github.sha }}' })
    expect(outputs).toEqual({ sha: '${{ steps.run.outputs.sha }}' })
  })

  it('has nothing to do for another label, and its gate neither', () => {
    const asked = "github.event_name != 'pull_request' || github.event.label.name == 'gpu'"
    expect(gpu?.jobs['authorize']?.if).toBe(asked)
    expect(gpu?.jobs['gate']?.if).toBe(`always() && (${asked})`)
  })
})

describe('docs.yml', () => {
  it('publishes from main, in an environment, without any code of the repository', () => {
    expect(docs?.on).toEqual({ push: { branches: ['main'] }, workflow_dispatch: {} })
    expect(docs?.jobs['deploy']).toMatchObject({ needs: ['build-docs'], environment: 'github-pages' })
    expect(docs?.jobs['deploy']?.steps.map(({ uses }) => uses?.replace(/@.*/u, ''))).toEqual(['actions/deploy-pages'])
  })

  it('uploads what the build of the site wrote', () => {
    const [, , build, upload] = docs?.jobs['build-docs']?.steps ?? []
    expect(build?.run).toBe('npx --no nx run-many -t build -p docs')
    expect(upload?.with).toEqual({ path: 'dist/docs' })
  })
})

describe('dependabot-auto-merge.yml', () => {
  it('does nothing for anybody but Dependabot, told by who opened the pull request', () => {
    expect(bot?.on).toEqual({ pull_request: { branches: ['main'] } })
    const guard =
      "github.event.pull_request.user.login == 'dependabot[bot]' && github.event.pull_request.head.repo.full_name == github.repository"
    expect(Object.entries(bot?.jobs ?? {}).map(([id, job]) => [id, job.if])).toEqual([
      ['plan', guard],
      ['update', `always() && ${guard}`],
    ])
    expect(JSON.stringify(bot)).not.toMatch(/github\.actor|pull_request_target/u)
  })

  it('has its rights only beside code that is on the branch already', () => {
    const { plan, update } = bot?.jobs ?? {}
    expect(plan?.permissions).toEqual({ contents: 'read' })
    expect(update?.steps[0]?.with).toMatchObject({ ref: '${{ github.event.pull_request.base.sha }}' })
  })
})

describe('CODEOWNERS', () => {
  it('gives the files that decide about everything to the second group alone, after the line for all', () => {
    const lines = (files['.github/CODEOWNERS'] ?? '').split('\n').slice(2, -1)
    expect(lines[0]).toBe('* @us/maintainers')
    expect(lines.slice(1)).toEqual(
      ['/.github/', '/interlock.yaml', '/nx.json', '/Cargo.lock'].map((path) => `${path} @us/security`),
    )
  })
})
