import { expect, it } from 'vitest'
import type { GraphView } from './why.ts'
import { bystanders, renderBystanders } from './why-not.ts'

const graph: GraphView = {
  nodes: {
    he: { name: 'he', data: { root: 'libs/he' } },
    proxy: { name: 'proxy', data: { root: 'apps/proxy' } },
    lone: { name: 'lone', data: { root: 'libs/lone' } },
  },
  dependencies: { proxy: [{ target: 'he' }] },
}

it('each changed file is named with what it has to do with the project', () => {
  const files = ['README.md', 'apps/proxy/README.md', 'libs/he/README.md', 'libs/lone/src/lib.rs']
  const changed = bystanders('proxy', files, graph)
  expect(renderBystanders({ project: 'proxy', targets: ['test'] }, changed)).toMatchInlineSnapshot(`
    "4 files changed:
      README.md is of no project, and is no input of proxy:test
      apps/proxy/README.md is of proxy itself, and is no input of proxy:test
      libs/he/README.md is of he, which proxy depends on (proxy → he), and is no input of proxy:test
      libs/lone/src/lib.rs is of lone, which proxy does not depend on, and is no input of proxy:test"
  `)
})

it('many files are counted, and none is said', () => {
  const many = bystanders(
    'lone',
    Array.from({ length: 23 }, (_, index) => `docs/${index}.md`),
    graph,
  )
  const text = renderBystanders({ project: 'lone', targets: ['lint', 'test'] }, many)
  expect(text.split('\n')).toHaveLength(22)
  expect(text).toContain('docs/0.md is of no project, and is no input of lone:{lint,test}\n')
  expect(text).toMatch(/\n {2}and 3 more$/u)
  expect(renderBystanders({ project: 'lone', targets: ['test'] }, [])).toBe('no file changed')
  const odd = bystanders('lone', ['a\n::error::x'], graph)
  expect(renderBystanders({ project: 'lone', targets: ['test'] }, odd).split('\n')).toHaveLength(2)
})
