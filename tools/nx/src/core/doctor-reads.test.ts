import { describe, expect, it } from 'vitest'
import type { DoctorFacts, ProjectFacts } from './doctor.ts'
import { readRules, sourceReads } from './doctor-reads.ts'

const NONE = { reads: [], ignoredTracked: [], trackedFiles: [], projects: [] }

function evidence(facts: Partial<DoctorFacts>): string[] {
  return readRules
    .flatMap((rule) => rule({ ...NONE, ...facts } as unknown as DoctorFacts))
    .flatMap((finding) => [...finding.evidence])
}

function project(name: string, given: Partial<ProjectFacts> = {}): ProjectFacts {
  const inputs = ['default', 'shared']
  const namedInputs = { shared: ['{workspaceRoot}/**/*', '!{workspaceRoot}/**/*.md'] }
  return { name, root: `c/${name}`, tags: ['lang:rust'], targets: { test: { inputs } }, namedInputs, dependencies: [], ...given }
}

describe('what Rust sources read', () => {
  it('is found in macros and module paths, relative to the source', () => {
    const text = `#![doc = include_str!("../../../README.md")]\nconst B: &[u8] = include_bytes!( "x.bin" );\n#[path = "../../b/src/lib.rs"]\nmod b;\n`
    expect(sourceReads('c/a/src/lib.rs', text).map(({ path }) => path)).toEqual(['README.md', 'c/a/src/x.bin', 'c/b/src/lib.rs'])
  })

  it('is reported where no input of the project holds it: another project, or a file that is called harmless', () => {
    const reads = sourceReads(
      'c/a/src/lib.rs',
      'include_str!("../../../README.md") include_str!("../../b/data") include_str!("x")',
    )
    const found = ['c/a/src/lib.rs reads README.md', 'c/a/src/lib.rs reads c/b/data']
    expect(evidence({ reads, projects: [project('a'), project('b')] })).toEqual(found)
  })

  it('is no finding where the project depends on the other one, names it, or shares the file', () => {
    const reads = sourceReads('c/a/src/lib.rs', 'include_str!("../../b/data") include_str!("../../../data.json")')
    const through = [project('a', { dependencies: ['m'] }), project('m', { dependencies: ['b'] }), project('b')]
    expect(evidence({ reads, projects: through })).toEqual([])
    const named = project('a', { targets: { test: { inputs: ['shared', { input: 'default', projects: ['b'] }] } } })
    expect(evidence({ reads, projects: [named, project('b')] })).toEqual([])
  })
})

it('tests of Python that no target runs are reported, and those that one runs are not', () => {
  const trackedFiles = ['c/p/tests/test_x.py', 'c/p/src/p.py', 'c/q/x_test.py']
  const python = { tags: ['lang:python'], targets: {} }
  expect(
    evidence({ trackedFiles, projects: [project('p', python), project('q', { ...python, targets: { test: {} } })] }),
  ).toEqual(['c/p/tests/test_x.py'])
})

it('a tracked file that git is told to ignore is reported', () => {
  expect(evidence({ ignoredTracked: ['dist/f.json'] })).toEqual(['dist/f.json'])
})
