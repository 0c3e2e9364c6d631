import { globMatcher } from '@interlock/kit'
import { describe, expect, it } from 'vitest'
import { compactGlobs } from './compact-globs.ts'
import type { ComposedProject, Input } from './model.ts'

const LEFT_OUT = [
  '**/*.md',
  '**/Cargo.lock',
  '**/uv.lock',
  '.github/**/*',
  'Cargo.lock',
  'closures.json',
  'libs/a/uv.lock',
  'libs/*/uv.lock',
]

describe('compactGlobs', () => {
  it('merges the names that are meant in any directory, and drops the paths that they cover', () => {
    expect(compacted(LEFT_OUT)).toEqual(['**/*.md', '**/{Cargo.lock,uv.lock}', '.github/**/*', 'closures.json', 'libs/*/uv.lock'])
  })

  it('leaves out the same files as before', () => {
    const paths = [
      'Cargo.lock',
      'a/b/Cargo.lock',
      'uv.lock',
      'Cargo.lock.bak',
      'aCargo.lock',
      'libs/a/uv.lock',
      'closures.json',
      'a/closures.json',
      'README.md',
      '.github/a/b.yml',
      'src/lib.rs',
    ]
    const isLeftOut = (globs: readonly string[]): string[] =>
      paths.filter((path) => globs.some((glob) => globMatcher(glob)(path)))

    expect(isLeftOut(compacted(LEFT_OUT))).toEqual(isLeftOut(LEFT_OUT))
  })

  it('keeps a single name and what is no file pattern of the workspace', () => {
    const inputs: Input[] = [
      'default',
      '{workspaceRoot}/**/*',
      '!{projectRoot}/Cargo.lock',
      '!{workspaceRoot}/**/uv.lock',
      { env: 'A' },
    ]

    expect(compactGlobs(projectOf(inputs)).namedInputs['files']).toEqual([
      'default',
      '{workspaceRoot}/**/*',
      '!{projectRoot}/Cargo.lock',
      { env: 'A' },
      '!{workspaceRoot}/**/uv.lock',
    ])
  })
})

function compacted(globs: readonly string[]): string[] {
  const project = projectOf(globs.map((glob) => `!{workspaceRoot}/${glob}`))
  const inputs = (compactGlobs(project).namedInputs['files'] ?? []) as readonly string[]
  return inputs.map((input) => input.replace('!{workspaceRoot}/', ''))
}

function projectOf(files: readonly Input[]): ComposedProject {
  return { root: 'a', name: 'a', manifest: 'a/Cargo.toml', projectType: 'library', tags: [], namedInputs: { files }, targets: {} }
}
