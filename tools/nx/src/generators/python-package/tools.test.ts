import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runOk } from '@interlock/kit'
import { createTree } from '@nx/devkit/testing'
import { expect, test } from 'vitest'
import { writeChanges } from '../../testing/write-changes.ts'
import pythonPackageGenerator from './generator.ts'

test('the tests of a new package pass under pytest', async () => {
  const tree = createTree()
  await pythonPackageGenerator(tree, { name: 'my-words' })
  const folder = await mkdtemp(join(tmpdir(), 'interlock-python-'))
  try {
    writeChanges(tree, folder)
    const { stdout } = await runOk(['uv', 'run', '--no-project', '--with', 'pytest', 'python', '-m', 'pytest', '-q'], {
      cwd: join(folder, 'libs', 'my-words'),
    })
    expect(stdout).toContain('1 passed')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
