import { InterlockError } from '@interlock/kit'
import { describe, expect, test } from 'vitest'
import {
  type BaseFacts,
  baseRequest,
  decideBase,
  describeBase,
  widenWhenStale,
  widenWhenUnreadable,
  widenWhenWorkflowChanged,
} from './base.ts'

const A = 'a'.repeat(40)
const B = 'b'.repeat(40)
const C = 'c'.repeat(40)

const onBranch: BaseFacts = {
  repository: true,
  shallow: false,
  head: B,
  clean: true,
  base: undefined,
  mergeBase: A,
  defaultBranch: 'origin/main',
}
const nothingAsked = baseRequest({}, {})

describe('what is asked for', () => {
  test('an option wins over the environment, and each says where it came from', () => {
    expect(baseRequest({ base: 'one' }, { NX_BASE: 'two', NX_HEAD: 'three' })).toEqual({
      base: 'one',
      head: 'three',
      baseFrom: '--base',
      headFrom: 'NX_HEAD',
    })
  })

  test.each([
    ['--base', { base: '' }, {}],
    ['--base', { base: '  ' }, {}],
    ['NX_BASE', {}, { NX_BASE: '' }],
    ['--head', { head: '' }, {}],
    ['NX_HEAD', {}, { NX_HEAD: ' ' }],
  ])('promise-1: an empty %s is an error, never a silent default', (from, options, env) => {
    expect(() => baseRequest(options, env)).toThrow(
      expect.objectContaining({ code: 'BASE_EMPTY', message: expect.stringContaining(`${from} is set but empty`) }),
    )
  })

  test('an empty NX_BASE does not matter when --base names a commit', () => {
    expect(baseRequest({ base: 'main' }, { NX_BASE: '' }).base).toBe('main')
  })
})

describe('the decision', () => {
  test('a branch is compared with its merge base with the default branch', () => {
    expect(decideBase(nothingAsked, onBranch)).toEqual({
      kind: 'commit',
      commit: A,
      head: undefined,
      reason: 'merge base with origin/main',
    })
  })

  test('an explicit base that is an ancestor is taken as it is', () => {
    const request = baseRequest({ base: 'v1' }, {})
    expect(decideBase(request, { ...onBranch, base: A })).toMatchObject({ commit: A, reason: '--base v1' })
  })

  test('an explicit base on another line of history gives the merge base', () => {
    const request = baseRequest({ base: 'main' }, {})
    expect(decideBase(request, { ...onBranch, base: C })).toMatchObject({
      commit: A,
      reason: `merge base with --base main (${C.slice(0, 12)})`,
    })
  })

  test('promise-1: an explicit base that is ahead of a clean HEAD means everything, and with changes HEAD', () => {
    const request = baseRequest({ base: 'main' }, {})
    const ahead = { ...onBranch, base: C, mergeBase: B }
    expect(decideBase(request, ahead)).toMatchObject({ kind: 'everything', cause: 'ahead' })
    expect(decideBase(request, { ...ahead, clean: false })).toMatchObject({ kind: 'commit', commit: B })
    expect(decideBase(request, { ...ahead, base: B })).toMatchObject({ kind: 'commit', commit: B })
  })

  test('an explicit head is passed on by id', () => {
    const request = baseRequest({ base: 'main', head: 'feature' }, {})
    expect(decideBase(request, { ...onBranch, base: A })).toMatchObject({ commit: A, head: B })
  })

  test('an explicit base in a shallow clone that lacks the ancestor is compared directly', () => {
    const request = baseRequest({ base: 'main' }, {})
    expect(decideBase(request, { ...onBranch, base: C, mergeBase: undefined, shallow: true })).toMatchObject({
      kind: 'commit',
      commit: C,
    })
  })

  test('an unknown base is an error, with another hint in a shallow clone', () => {
    const request = baseRequest({}, { NX_BASE: 'gone' })
    const decide = (shallow: boolean) => {
      try {
        decideBase(request, { ...onBranch, shallow })
      } catch (error) {
        return error as InterlockError
      }
      throw new Error('nothing was thrown')
    }
    expect(decide(false)).toMatchObject({
      code: 'BASE_UNREACHABLE',
      exitStatus: 2,
      hint: expect.stringContaining('git fetch origin gone'),
    })
    expect(decide(true).hint).toContain('fetch-depth: 0')
  })

  test('an unknown head is an error too', () => {
    expect(() => decideBase(baseRequest({ head: 'gone' }, {}), { ...onBranch, head: undefined })).toThrow(
      '--head "gone" is not a commit',
    )
  })

  test.each([
    ['no-repository', { repository: false, head: undefined }],
    ['no-commit', { head: undefined }],
    ['no-default-branch', { defaultBranch: undefined }],
    ['unrelated', { mergeBase: undefined }],
    ['shallow', { mergeBase: undefined, shallow: true }],
    ['nothing-since', { mergeBase: B }],
  ])('promise-2: %s means everything', (cause, facts) => {
    expect(decideBase(nothingAsked, { ...onBranch, ...facts })).toMatchObject({ kind: 'everything', cause })
  })

  test('promise-2: an explicit base of an unrelated history means everything', () => {
    const request = baseRequest({ base: 'other' }, {})
    expect(decideBase(request, { ...onBranch, base: C, mergeBase: undefined })).toMatchObject({
      kind: 'everything',
      cause: 'unrelated',
    })
  })

  test('on the default branch files that are not committed are compared with HEAD', () => {
    expect(decideBase(nothingAsked, { ...onBranch, mergeBase: B, clean: false })).toMatchObject({ kind: 'commit', commit: B })
  })
})

describe('a base that cannot be trusted', () => {
  const base = decideBase(nothingAsked, onBranch)

  test('promise-2: a closure that was stale at the base means everything and names the projects', () => {
    expect(describeBase(widenWhenStale(base, ['libs/he', 'apps/proxy']))).toBe(
      `everything\nclosures.json was stale at the base ${A.slice(0, 12)} (libs/he and 1 more)`,
    )
    expect(widenWhenStale(base, [])).toBe(base)
  })

  test('a base whose manifests are broken means everything and says why', () => {
    expect(widenWhenUnreadable(base, 'Cargo.toml is broken')).toMatchObject({
      cause: 'unreadable-at-base',
      reason: expect.stringContaining('Cargo.toml is broken'),
    })
  })

  test('promise-1: a workflow that was another one means everything, and so does one that nobody knows about', () => {
    expect(widenWhenWorkflowChanged(base, [])).toBe(base)
    expect(widenWhenWorkflowChanged(base, ['.github/workflows/ci.yml'])).toMatchObject({ cause: 'workflow-changed' })
    expect(widenWhenWorkflowChanged(base, undefined)).toMatchObject({
      cause: 'workflow-changed',
      reason: expect.stringContaining('it is not known whether the workflow is the same'),
    })
  })

  test('everything stays everything, with its first reason', () => {
    const all = decideBase(nothingAsked, { ...onBranch, repository: false })
    expect(widenWhenStale(all, ['x'])).toBe(all)
    expect(widenWhenUnreadable(all, 'x')).toBe(all)
    expect(widenWhenWorkflowChanged(all, undefined)).toBe(all)
  })

  test('a commit is described by its whole id', () => {
    expect(describeBase(base)).toBe(`commit ${A}\nmerge base with origin/main`)
  })
})
