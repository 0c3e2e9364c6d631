import { describe, expect, it } from 'vitest'
import { fixtureEvent, FIXTURES } from './fixtures.ts'
import { parseWorkflow } from './parse-workflow.ts'
import type { SimulatedEvent } from './event.ts'
import { startOf } from './trigger.ts'

const FACTS = { repository: 'o/r', mainBranch: 'main', head: 'a'.repeat(40), before: 'b'.repeat(40), base: 'c'.repeat(40) }

function event(name: string, changedFiles?: readonly string[]): SimulatedEvent {
  const fixture = FIXTURES.find((each) => each.name === name)
  if (fixture === undefined) throw new Error(`no fixture ${name}`)
  return fixtureEvent(fixture, FACTS, changedFiles)
}

function start(on: string, name: string, changedFiles?: readonly string[]): ReturnType<typeof startOf> {
  const text = `on: ${on}\njobs: { a: { runs-on: x, steps: [{ run: x }] } }\n`
  return startOf(parseWorkflow({ file: 'ci.yml', text }), event(name, changedFiles))
}

describe('an event starts a workflow', () => {
  it.each<[string, string]>([
    ['push', 'push'],
    ['push', 'push-tag'],
    ['{ push: { branches: [main] } }', 'push'],
    ['{ push: { branches-ignore: [next] } }', 'push'],
    ['{ push: { tags: ["v*"] } }', 'push-tag'],
    ['{ push: { branches: ["pull-request/[0-9]+"] } }', 'push-pull-request-branch'],
    ['pull_request', 'pull-request-opened'],
    ['pull_request', 'pull-request-synchronize'],
    ['pull_request', 'pull-request-reopened'],
    ['{ pull_request: { branches: [main] } }', 'pull-request-fork'],
    ['{ pull_request: { types: [labeled] } }', 'pull-request-labeled'],
    ['merge_group', 'merge-group'],
    ['{ schedule: [{ cron: "0 2 * * *" }] }', 'schedule'],
    ['workflow_dispatch', 'workflow-dispatch'],
  ])('with on: %s, %s', (on, name) => {
    expect(start(on, name)).toEqual({ starts: true })
  })

  it.each<[string, string, string]>([
    ['push', 'pull-request-opened', 'it does not start on pull_request'],
    ['{ push: { branches: [main] } }', 'push-branch', 'the branch change is none of main'],
    ['{ push: { branches: [main] } }', 'push-tag', 'it starts on pushes of branches alone'],
    ['{ push: { tags: ["v*"] } }', 'push', 'it starts on pushes of tags alone'],
    ['{ push: { tags: ["w*"] } }', 'push-tag', 'the tag v1.2.3 is none of w*'],
    ['{ push: { branches-ignore: [main] } }', 'push', 'the branch main is one of those that are ignored'],
    ['{ pull_request: { branches: [next] } }', 'pull-request-opened', 'the branch main is none of next'],
    ['pull_request', 'pull-request-labeled', 'the activity "labeled" is none of opened, synchronize, reopened'],
    ['{ pull_request: { types: [labeled] } }', 'pull-request-unlabeled', 'the activity "unlabeled" is none of labeled'],
    ['{ pull_request: { types: [labeled] } }', 'pull-request-synchronize', 'the activity "synchronize" is none of labeled'],
    ['{ merge_group: { branches: [next] } }', 'merge-group', 'the branch main is none of next'],
  ])('and not with on: %s, %s: %s', (on, name, reason) => {
    expect(start(on, name)).toEqual({ starts: false, reason })
  })

  it('by the files that it changes, and says where they are not known', () => {
    const on = '{ push: { paths: ["docs/**", "!docs/x.md"] } }'
    expect(start(on, 'push', ['src/a.ts', 'docs/a.md'])).toEqual({ starts: true })
    expect(start(on, 'push', ['docs/x.md'])).toMatchObject({ starts: false })
    expect(start(on, 'push')).toEqual({ starts: false, reason: 'it filters by path, and what the event changes is not known' })
    expect(start(on, 'push-tag', [])).toEqual({ starts: true })
    const ignoring = '{ pull_request: { paths-ignore: ["docs/**"] } }'
    expect(start(ignoring, 'pull-request-opened', ['docs/a.md', 'src/a.ts'])).toEqual({ starts: true })
    expect(start(ignoring, 'pull-request-opened', ['docs/a.md'])).toMatchObject({ starts: false })
  })

  it('only where it can be judged: not after another workflow, nor by a payload without an activity', () => {
    const text = 'on: { workflow_run: { workflows: [ci] }, pull_request: }\njobs: { a: { runs-on: x, steps: [{ run: x }] } }\n'
    const workflow = parseWorkflow({ file: 'ci.yml', text })
    expect(startOf(workflow, { ...event('push'), name: 'workflow_run' })).toEqual({
      starts: false,
      reason: 'runs after another workflow are not simulated',
    })
    expect(startOf(workflow, { ...event('pull-request-opened'), payload: {} })).toEqual({
      starts: false,
      reason: 'its payload names no activity, and so none of opened, synchronize, reopened',
    })
  })

  it('only on the schedule that its payload names', () => {
    const on = {
      file: 'ci.yml',
      text: 'on: { schedule: [{ cron: 0 2 * * * }] }\njobs: { a: { runs-on: x, steps: [{ run: x }] } }\n',
    }
    const cron = { ...event('schedule'), payload: { schedule: '5 5 * * *' } }
    expect(startOf(parseWorkflow(on), cron)).toEqual({ starts: false, reason: 'the schedule 5 5 * * * is none of 0 2 * * *' })
  })
})
