import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ROOT } from './meta/repository.ts'

const SCRIPT = 'tools/setup/referees-identity.mjs'
let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'setup-identity-'))
  for (const file of [SCRIPT, 'tools/setup/src/referees.mjs', 'tools/workflows/referees.json', 'apps/proxy/referees.json'])
    cpSync(join(ROOT, file), join(root, file))
})
afterEach(() => rmSync(root, { force: true, recursive: true }))

function identity(...words: readonly string[]): string {
  const ended = spawnSync(process.execPath, [join(root, SCRIPT), ...words], {
    encoding: 'utf8',
    env: { PATH: join(root, 'path') },
  })
  expect(ended).toMatchObject({ status: 0, stderr: '' })
  return ended.stdout
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

it('promise-1: a result with a referee is never replayed as one without it, or with another', () => {
  const none = identity()
  expect(none.match(/not installed/g)).toHaveLength(4)
  write('path/act', 'of somebody')
  const onPath = identity()
  expect(onPath).toMatch(/^act 0\.2\.89: [0-9a-f]{64}$/m)
  write('.tools/referees/bin/act', 'our own')
  const own = identity()
  write('.tools/referees/bin/act', 'rebuilt')
  expect(new Set([none, onPath, own, identity()]).size).toBe(4)
  expect(identity()).toBe(identity())
})

it('a script is the same in every clone', () => {
  write('.tools/referees/python/bin/zizmor', '#!/a/python\nrun()\n')
  const one = identity()
  write('.tools/referees/python/bin/zizmor', '#!/another/python\nrun()\n')
  expect(identity()).toBe(one)
})

it('a failure never looks like another failure', () => {
  write('tools/workflows/referees.json', '{')
  expect(identity()).toMatch(/^not known: /)
  expect(identity()).not.toBe(identity())
})

it('is told of the proxy’s own by their name', () => {
  expect(identity('proxy').match(/^(?:schemathesis|cargo-deny|crane) [\d.]+: not installed$/gm)).toHaveLength(3)
  write('.tools/referees/proxy/bin/schemathesis', '#!/a/python\nrun()\n')
  expect(identity('proxy')).toMatch(/^schemathesis [\d.]+: [0-9a-f]{64}$/m)
})
