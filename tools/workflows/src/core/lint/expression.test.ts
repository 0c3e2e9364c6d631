import { describe, expect, it } from 'vitest'
import { parseExpression, referencesOf } from './expression.ts'
import { attackerText } from './trust.ts'

describe('an expression', () => {
  it.each([
    ["github.event['pull_request'].Title", ['github.event.pull_request.title']],
    ['github.event.commits[0].message', ['github.event.commits.0.message']],
    ['github.event.commits.*.message', ['github.event.commits.*.message']],
    ['secrets[inputs.name]', ['secrets.*', 'inputs.name']],
    ["format('{0}', a.b)", []],
    ['fromJSON(needs.a.outputs.b).c[matrix.d]', ['needs.a.outputs.b', 'matrix.d']],
    ['case(github.ref == env.X, 1, 2)', ['github.ref', 'env.x']],
    ['foo(', []],
  ])('%s reads %j', (source, references) => {
    expect(referencesOf(source)).toEqual(references)
  })

  it('that GitHub refuses has no tree', () => {
    expect(parseExpression('a ||')).toBeUndefined()
  })
})

describe('a text that a stranger chooses', () => {
  it.each([
    ['github.head_ref', 'github.head_ref'],
    ["github.event['issue'].title", 'github.event.issue.title'],
    ['github.event.commits[3].author.name', 'github.event.commits.3.author.name'],
    ['toJSON(github.event)', 'github.event'],
    ["github.event.comment.body || 'none'", 'github.event.comment.body'],
    ["format('{0}', github.event.pull_request.head.label)", 'github.event.pull_request.head.label'],
  ])('is in %s', (source, path) => {
    expect(attackerText(source)).toBe(path)
  })

  it.each([
    "contains(github.event.comment.body, '/run')",
    "github.head_ref == 'main'",
    'github.event.pull_request.number',
    'github.event.pull_request.head.sha',
    'github.sha',
  ])('is not in what %s gives', (source) => {
    expect(attackerText(source)).toBeUndefined()
  })
})
