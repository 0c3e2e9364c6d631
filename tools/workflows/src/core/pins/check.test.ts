import { describe, expect, it } from 'vitest'
import type { Pin, Sha, Version } from '../model/pin.ts'
import { checkPins, type Places, unknownOffline } from './check.ts'
import { entriesOf } from './entries.ts'
import { sentenceOf } from './finding.ts'
import { referenceOf } from './reference.ts'
import { usesIn } from './uses.ts'

const A = 'a'.repeat(40)
const B = 'b'.repeat(40)
const PIN: Pin = {
  repository: 'acme/tool',
  version: 'v1.2.3' as Version,
  sha: A as Sha,
  runtime: 'node24',
  nested: [],
  inputs: { required: [], optional: [] },
  reviewed: 'today',
}
const FOREIGN: Places = { ofEntry: () => ({ file: 'catalogue' }), ownsCatalogue: false }

function findings(text: string, overrides = {}, { pins = [PIN], places = FOREIGN } = {}): string[] {
  return checkPins(usesIn('f.yml', text).uses, entriesOf(pins, overrides), places).map(sentenceOf)
}

describe('a use of an action', () => {
  it('is content with the commit and the version of the catalogue, whatever follows the version', () => {
    expect(findings(`- uses: acme/tool@${A} # v1.2.3\n- uses: "ACME/Tool@${A}" #  v1.2.3 reviewed\n- uses: ./a\n`)).toEqual([])
  })

  it.each([
    [`uses: acme/tool@v1`, 'f.yml:1: acme/tool is used at "v1", which can move'],
    [`uses: acme/tool@main # v1.2.3`, 'is used at "main"'],
    [`uses: acme/tool@${A.toUpperCase()} # v1.2.3`, 'which can move'],
    [`uses: acme/tool@${A.slice(1)} # v1.2.3`, 'which can move'],
    [`uses: acme/tool@${B} # v1.2.3`, `is used at another commit than ${A} # v1.2.3`],
    [`uses: acme/tool@${A}`, 'has no version behind its commit'],
    [`{ uses: acme/tool@${A} } # v1.2.3`, 'has no version behind its commit'],
    [`uses: acme/tool@${A} # v1.2.30`, 'has the comment "v1.2.30" and is v1.2.3'],
    [`uses: acme/tool@${A}# v1.2.3`, 'names no action'],
    [`uses: acme/tool/sub@${A} # v1.2.3`, 'acme/tool/sub is not in the catalogue'],
    [`uses: other/tool@${A} # v1.2.3`, 'other/tool is not in the catalogue'],
    [`uses: other/tool@v1`, 'other/tool is not in the catalogue, and "v1" is no commit'],
    [`uses: docker://alpine:3`, 'docker://alpine:3 is a container image'],
    ['uses: ${{ matrix.action }}', 'names no action'],
    ['uses: acme/tool', 'names no action'],
    ['uses: ./../other', 'names no action'],
    ['uses: ./a/${{ x }}', 'names no action'],
    ['uses: "$(id)@v1"', 'names no action'],
    ['uses: ../../etc/passwd', 'names no action'],
  ])('%s', (text, message) => {
    expect(findings(text)).toEqual([expect.stringContaining(message)])
  })

  it('is found wherever it stands, also behind an anchor, and its line is said', () => {
    const text = `x: &a other/one@v1\njobs:\n  j:\n    uses: *a\n    steps:\n      - "uses": other/two@v1\n`
    expect(findings(text)).toEqual([
      expect.stringMatching(/^f\.yml:4: other\/one/u),
      expect.stringMatching(/^f\.yml:6: other\/two/u),
    ])
  })

  it('promise-1: is a finding where nobody can say what it is', () => {
    expect(usesIn('f.yml', 'a: 1\nuses: [x]\n').findings.map(sentenceOf)).toEqual([
      'f.yml:2: `uses` is no text, so what it uses is not known',
    ])
    expect(usesIn('f.yml', 'uses:\n').findings).toHaveLength(1)
    expect(usesIn('f.yml', 'a: [\n').findings.map(sentenceOf)).toEqual([expect.stringMatching(/^f\.yml:2: is not valid YAML/u)])
    expect(usesIn('f.yml', 'a: 1\n---\nuses: x/y@v1\n').findings).not.toEqual([])
  })
})

describe('an entry', () => {
  it('of the catalogue has to be used only where the catalogue is part of the workspace', () => {
    expect(findings('')).toEqual([])
    expect(findings('', {}, { places: { ofEntry: () => ({ file: 'pins.ts', line: 7 }), ownsCatalogue: true } })).toEqual([
      'pins.ts:7: nothing uses acme/tool: remove it',
    ])
  })

  it('of interlock.yaml has to be used, and has to say something else than the catalogue', () => {
    const mine = {
      'acme/tool': { version: 'v1.2.3', sha: A, reviewed: 'x' },
      'mine/it': { version: 'v1.0.0', sha: B, reviewed: 'x' },
    }
    expect(findings(`uses: acme/tool/any@${A} # v1.2.3`, mine)).toEqual([
      'catalogue: the catalogue has acme/tool v1.2.3 itself: remove it here',
      'catalogue: nothing uses mine/it: remove it',
    ])
  })

  it('of interlock.yaml that the catalogue has overtaken is said', () => {
    const mine = { 'acme/tool': { version: 'v1.2.0', sha: B, reviewed: 'x' } }
    expect(findings(`uses: acme/tool@${B} # v1.2.0`, mine)).toEqual([
      'catalogue: the catalogue has acme/tool v1.2.3 itself: remove it here',
    ])
  })

  it('of interlock.yaml replaces the version, and what nobody has seen of it is said', () => {
    const mine = { 'acme/tool': { version: 'v1.3.0', sha: B, reviewed: 'x' } }
    expect(findings(`uses: acme/tool@${B} # v1.3.0`, mine)).toEqual([])
    expect(findings(`uses: acme/tool@${A} # v1.2.3`, mine)).toEqual([
      expect.stringContaining(`another commit than ${B} # v1.3.0`),
    ])
    expect(unknownOffline(entriesOf([PIN], mine)).map(({ what }) => what)).toEqual([
      'whether each tag still points at its commit',
      'what acme/tool v1.3.0 runs on, and what it uses itself',
    ])
  })

  it('must not run on what is out of date, nor use what can move', () => {
    const bad = { ...PIN, runtime: 'node20' as 'node24', nested: ['a/b@v1', `c/d@${A}`, 'docker://x'] }
    expect(findings('', {}, { pins: [bad] })).toEqual([
      'catalogue: acme/tool runs on "node20", and not on node24 or composite',
      'catalogue: acme/tool itself uses "a/b@v1", which is no commit',
      'catalogue: acme/tool itself uses "docker://x", which is no commit',
    ])
  })

  it('has one version for all actions of a repository', () => {
    expect(findings('', {}, { pins: [PIN, { ...PIN, path: 'sub', sha: B as Sha }] })).toEqual([
      'catalogue: acme/tool/sub is at another version than its repository',
    ])
  })
})

it('a path of this repository is below its root', () => {
  expect(referenceOf('$/.github/actions/setup')).toEqual({ kind: 'local', path: '.github/actions/setup' })
  expect(referenceOf('./')).toEqual({ kind: 'local', path: '.' })
  for (const text of ['./../x', '$/a/../../x', './/etc', String.raw`./a\..\..`]) expect(referenceOf(text).kind).toBe('unclear')
})
