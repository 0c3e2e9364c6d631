import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runOk } from '@interlock/kit'
import { writeChanges } from '../../testing/write-changes.ts'
import { createTree } from '@nx/devkit/testing'
import { expect, test } from 'vitest'
import crateGenerator from './generator.ts'

const STRICT = `[workspace]
resolver = "2"
members = []

[workspace.lints.rust]
missing_docs = "deny"

[workspace.lints.clippy]
print_stdout = "deny"
`

test('a new library and a new program are formatted, lint-free, tested and locked as cargo wants them', async () => {
  const tree = createTree()
  tree.root = fileURLToPath(new URL('../../../../..', import.meta.url))
  tree.write('Cargo.toml', STRICT)
  tree.write('Cargo.lock', 'version = 4\n')
  await crateGenerator(tree, { name: 'shared-words' })
  await crateGenerator(tree, { name: 'hello', bin: true })
  const folder = await mkdtemp(join(tmpdir(), 'interlock-crate-'))
  try {
    writeChanges(tree, folder)
    const env = { CARGO_TARGET_DIR: join(folder, 'target'), CARGO_NET_OFFLINE: 'true' }
    await runOk(['cargo', 'fmt', '--all', '--check'], { cwd: folder, env })
    await runOk(['cargo', 'clippy', '--locked', '--all-targets', '--', '-D', 'warnings'], { cwd: folder, env })
    const { stdout } = await runOk(['cargo', 'test', '--locked'], { cwd: folder, env })
    expect(stdout).toContain('test tests::it_works ... ok')
    expect(stdout).toContain('test tests::greets_by_name ... ok')
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
