import { describe, expect, it } from 'vitest'
import type { ReaderResult } from '@interlock/kit'
import { askCargo, memoryFiles, OPTIONS, readLayout } from '../testing/layout.ts'
import { randomRepository } from '../testing/random.ts'
import { readCargo } from './read-cargo.ts'

const LAYOUTS = [
  'awkward-directories',
  'kinds-and-renames',
  'nested-workspace',
  'patched',
  'root-package',
  'several-workspaces',
  'virtual-workspace',
]

/** The reader's answer in the words of the oracle. */
function summary(result: ReaderResult): unknown {
  return result.projects.map(({ root, dependencies, lock }) => [
    root,
    {
      edges: dependencies.map((edge) => `${edge.root} ${edge.kind}`),
      slice: (lock?.packages ?? []).map((line) => line.split(' ', 2).join(' ')),
    },
  ])
}

function sorted(projects: ReadonlyMap<string, unknown>): unknown {
  return [...projects].sort(([left], [right]) => (left < right ? -1 : 1))
}

describe.each(LAYOUTS)('the layout %s', (name) => {
  it('has the projects, edges and slices that cargo metadata reports, and only plain words in commands', async () => {
    const { files, projects } = askCargo(readLayout(name))
    const result = readCargo(memoryFiles(files), OPTIONS)
    expect(summary(result)).toEqual(sorted(projects))
    const golden = result.projects.map(({ targets, ...rest }) => ({
      ...rest,
      targets: Object.fromEntries(
        Object.entries(targets).map(([target, plan]) => [target, `${plan.cwd}$ ${plan.command.join(' ')}`]),
      ),
    }))
    for (const { targets } of result.projects) {
      for (const plan of Object.values(targets))
        for (const word of plan.command) {
          expect(word.replace(/\{(?:projectName|language)\}/g, '')).toMatch(/^[A-Za-z0-9_@%+=:,./-]+$/)
        }
    }
    await expect(`${JSON.stringify(golden, null, 2)}\n`).toMatchFileSnapshot(`../../fixtures/${name}.golden.json`)
  })
})

describe('random repositories', () => {
  it.each(Array.from({ length: 24 }, (_, index) => index + 1))('seed %i agrees with cargo metadata', (seed) => {
    const { files, projects } = askCargo(randomRepository(seed))
    expect(summary(readCargo(memoryFiles(files), OPTIONS))).toEqual(sorted(projects))
  })
})
