import { InterlockError } from '@interlock/kit'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePolicy } from './parse.ts'

const GOOD = `workspaces:
  acme:
    trusted: { main: main }
    issuers:
      - kind: github
        aud: https://cache.acme.dev
        pin: { repository_id: "123", repository_owner_id: "45" }
        rules:
          - id: main
            match: { event_name: push, ref: refs/heads/main, ref_protected: "true" }
            read: [trusted/main]
            write: trusted/main
`

function refusal(text: string): InterlockError {
  try {
    parsePolicy(text, 'policy.yaml')
  } catch (error) {
    if (error instanceof InterlockError) return error
    throw error
  }
  throw new Error('the policy was taken')
}

describe('a policy file', () => {
  it('is read with every default filled in', () => {
    const { policy } = parsePolicy(GOOD, 'policy.yaml')
    expect(policy.session.minutes).toBe(60)
    expect(policy.workspaces['acme']).toMatchObject({
      visibility: 'private',
      anonymous: 'none',
      issuers: [
        { name: 'github', iss: 'https://token.actions.githubusercontent.com', algorithms: ['RS256'], replay: 'single-use' },
      ],
      tokens: [],
      admins: [],
    })
  })

  it('is refused with every problem in its place', () => {
    const bad = GOOD.replace('"123"', '123').replace('ref_protected: "true"', 'ref_protected: true').replace('write:', 'wrote:')
    expect(refusal(bad).message).toMatchInlineSnapshot(`
      "CACHE_POLICY_INVALID: policy.yaml:7:16: 3 values are not valid:
        policy.yaml:7:16 workspaces.acme.issuers[0].pin.repository_id: is a text in every token: write it between quotes
        policy.yaml:10:62 workspaces.acme.issuers[0].rules[0].match.ref_protected: has to be a text between quotes, or a list of them
        policy.yaml:12:13 workspaces.acme.issuers[0].rules[0].wrote: there is no such option; did you mean \`write\`?"
    `)
  })

  it('names a misspelt key before what is missing because of it, in words of its own', () => {
    const bad = GOOD.replace('trusted:', 'visibility: secret\n    trused:')
      .replace('kind: github', 'kind: gihub')
      .replace('workspaces:', 'session: { minutes: 400 }\nworkspaces:')
    expect(refusal(bad).message).toMatchInlineSnapshot(`
      "CACHE_POLICY_INVALID: policy.yaml:1:12: 5 values are not valid:
        policy.yaml:1:12 session.minutes: is larger than 360
        policy.yaml:4:5 workspaces.acme.visibility: has to be one of private, public
        policy.yaml:5:5 workspaces.acme.trused: there is no such option; did you mean \`trusted\`?
        policy.yaml:3:3 workspaces.acme.trusted: is missing
        policy.yaml:7:9 workspaces.acme.issuers[0].kind: has to be one of github, gitlab, other; did you mean \`github\`?"
    `)
    expect(refusal(GOOD.replace('rules:', 'roles:').replace('aud:', 'name: 7\n        aud:')).message).toMatchInlineSnapshot(`
      "CACHE_POLICY_INVALID: policy.yaml:6:9: 3 values are not valid:
        policy.yaml:6:9 workspaces.acme.issuers[0].name: has to be a text
        policy.yaml:9:9 workspaces.acme.issuers[0].roles: there is no such option; did you mean \`rules\`?
        policy.yaml:5:9 workspaces.acme.issuers[0].rules: is missing"
    `)
  })

  it.each([
    ['', 'the policy is empty'],
    ['# nothing\n', 'the policy is empty'],
    ['workspaces: {}\n', 'is empty: nobody is granted anything'],
    ['workspaces: [\n  a: }\n', 'not valid YAML'],
    ['a: &a [1]\nworkspaces: *b\n', 'not valid YAML'],
    ['- 1\n', 'has to be keys with values'],
    ['workspaces:\n  "$(id)": {}\n', 'is no name'],
    ['workspaces:\n  ../..: { trusted: {} }\n', 'is no name'],
    ['workspaces:\n  a: { trusted: {} }\n  a: { trusted: {} }\n', 'Map keys must be unique'],
    ['session: { minutes: 361 }\nworkspaces:\n  a: { trusted: {} }\n', 'session.minutes'],
    [GOOD.replace('aud: https://cache.acme.dev', 'kid: 1'), 'aud'],
    ['['.repeat(20_000), 'not valid YAML'],
    ['x'.repeat(1024 * 1024 + 1), 'longer than'],
    [
      'a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c]\n',
      'not valid YAML',
    ],
    [
      GOOD.replace('trusted: { main: main }', 'trusted: { main: main }\n    tokens: [{ name: a, hash: secret }]'),
      'is no hash of a token',
    ],
  ])('%#: is refused when it is none', (text, message) => {
    const error = refusal(text)
    expect(error.code).toBe('CACHE_POLICY_INVALID')
    expect(error.message).toContain(message)
    expect(error.exitStatus).toBe(2)
  })

  it('has no two rules, issuers, tokens or branches of one name', () => {
    const rule = '          - { id: main, match: { event_name: merge_group }, read: [trusted/main] }\n'
    expect(refusal(GOOD + rule).message).toContain(
      'policy.yaml:13:15: workspaces.acme.issuers[0].rules[1].id: "main" stands here twice',
    )
    expect(refusal(GOOD.replace('{ main: main }', '{ main: main, next: main }')).message).toContain('trusted.next: "main" stands')
  })

  it('whatever text it is, is read or refused with a place, and never anything else', () => {
    const part = fc.constantFrom(
      'workspaces:',
      '  a:',
      '    issuers: [',
      '*a',
      '&a ',
      '{',
      '}',
      '- ',
      '\n',
      '"',
      ': ',
      '\u0000',
      '!!js',
      '? ',
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(part, { maxLength: 30 }).map((parts) => parts.join('')),
        ),
        (text) => {
          const error = refusal(text)
          expect(error.code).toBe('CACHE_POLICY_INVALID')
          expect(error.file).toMatch(/^policy\.yaml/)
        },
      ),
      { numRuns: 300 },
    )
  })
})
