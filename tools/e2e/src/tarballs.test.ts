import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runOk, runProcess } from '@interlock/kit'
import { expect, inject, test } from 'vitest'
import { PUBLISHED } from './io/pack.ts'
import { REPOSITORY } from './io/packed-once.ts'

const installed = inject('installed')

test.each(PUBLISHED)('publint and attw find nothing wrong with the tarball of %s', async (name) => {
  const packed = installed.packed.find((other) => other.name === `@interlock/${name}`)
  expect(packed).toBeDefined()
  const bin = (tool: string): string => join(REPOSITORY, 'node_modules', '.bin', tool)
  await runOk([bin('publint'), 'run', '--strict', packed?.tarball ?? ''])
  await runOk([bin('attw'), packed?.tarball ?? '', '--profile', 'esm-only'])
})

test.each(PUBLISHED)('the tarball of %s holds neither tests nor a path into its source', async (name) => {
  const packed = installed.packed.find((other) => other.name === `@interlock/${name}`)
  const { stdout } = await runOk(['tar', '-tf', packed?.tarball ?? ''])
  expect(stdout.split('\n').filter((path) => /\.test\.|tsbuildinfo|\/fixtures\//.test(path))).toEqual([])
  const manifest = readFileSync(join(installed.folder, 'node_modules', '@interlock', name, 'package.json'), 'utf8')
  expect(manifest).not.toContain('@interlock/source')
  expect(manifest).not.toMatch(/src\/[^"]*\.ts/)
})

test.each(PUBLISHED)('the tarball of %s holds every file that its manifest names', async (name) => {
  const packed = installed.packed.find((other) => other.name === `@interlock/${name}`)
  const { stdout } = await runOk(['tar', '-tf', packed?.tarball ?? ''])
  const folder = join(REPOSITORY, 'tools', name)
  const { files } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { readonly files: readonly string[] }
  const named = files.filter((file) => /^[\w.-]+$/.test(file) && file !== 'dist' && existsSync(join(folder, file)))
  expect(named).toContain('README.md')
  const inside = new Set(stdout.split('\n').map((path) => path.split('/')[1]))
  expect(named.filter((file) => !inside.has(file))).toEqual([])
})

test('every executor and generator of the installed plugin exists and loads', async () => {
  const root = join(installed.folder, 'node_modules', '@interlock', 'nx')
  for (const file of ['executors.json', 'generators.json'] as const) {
    const collection = JSON.parse(readFileSync(join(root, file), 'utf8')) as Record<
      string,
      Record<string, Record<string, string>>
    >
    const entries = Object.values(collection[file.replace('.json', '')] ?? {})
    expect(entries.length).toBeGreaterThan(0)
    for (const entry of entries) {
      expect(() => JSON.parse(readFileSync(join(root, entry['schema'] ?? ''), 'utf8')) as unknown).not.toThrow()
      const path = join(root, entry['implementation'] ?? entry['factory'] ?? '')
      const loaded = await runProcess(['node', '--input-type=module', '-e', `await import(${JSON.stringify(path)})`], {
        cwd: installed.folder,
      })
      expect(loaded).toMatchObject({ kind: 'exited', status: 0 })
    }
  }
})

test('the installed plugin can say which toolchains there are', async () => {
  const script = join('node_modules', '@interlock', 'nx', 'bin', 'identity.mjs')
  const { stdout } = await runOk(['node', script, 'rust'], { cwd: installed.folder })
  expect(stdout).toContain('rustc')
})

test("the installed lint asks GitHub's parser, which needs a loader hook on Node", async () => {
  const workflow = 'name: a\non: push\njobs:\n  b:\n    needs: [nowhere]\n    runs-on: ubuntu-24.04\n    steps: [{ run: x }]\n'
  const folder = mkdtempSync(join(installed.folder, 'lint-'))
  writeFileSync(join(folder, 'ci.yml'), workflow)
  const lint = `const { verbs } = await import('@interlock/workflows/cli')
const verb = verbs.find(({ name }) => name === 'ci lint')
const { prose } = await verb.run({ root: process.argv[1], env: {}, arguments: ['ci.yml'], options: {}, rest: [], json: false })
console.log(prose)`
  const { stdout } = await runOk(['node', '--input-type=module', '-e', lint, folder], { cwd: installed.folder })
  rmSync(folder, { recursive: true })
  expect(stdout).toContain("error: Value 'nowhere' is not valid [github-parser]")
  expect(stdout).toContain('[missing-timeout]')
})

test('peers stay peers, so that a workspace has one copy of nx and of devkit', () => {
  const lock = JSON.parse(readFileSync(join(installed.folder, 'package-lock.json'), 'utf8')) as { readonly packages: object }
  const copies = Object.keys(lock.packages).filter((path) => /(^|\/)node_modules\/(nx|@nx\/devkit)$/.test(path))
  expect(copies.toSorted()).toEqual(['node_modules/@nx/devkit', 'node_modules/nx'])
})
