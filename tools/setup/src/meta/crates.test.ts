import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { CATALOGUES, programOf, readReferees } from '../referees.mjs'
import { ROOT } from './repository.ts'

const [referee] = readReferees(ROOT, CATALOGUES.proxy).filter(({ name }) => name === 'cargo-deny')
const program = referee && programOf(referee, { env: process.env, platform: process.platform, root: ROOT })
const without = program === undefined
const title = without ? ' (not run: npm run setup installs cargo-deny)' : ''

/** What cargo-deny says with these rules. It asks nobody: advisories would come over the network. */
function deny(rules: string) {
  const words = ['--offline', '--locked', '--config', rules, 'check', 'licenses', 'bans', 'sources']
  const ended = spawnSync(program ?? '', words, { cwd: ROOT, encoding: 'utf8' })
  return { said: ended.stdout + ended.stderr, status: ended.status }
}

it.skipIf(without)(`cargo-deny is the version that judges, wherever it was found${title}`, () => {
  const ended = spawnSync(program ?? '', ['--version'], { encoding: 'utf8' })
  expect(ended.stdout.trim()).toBe(`cargo-deny ${referee?.version}`)
})

describe('every crate in Cargo.lock, for any platform and with every feature,', () => {
  it.skipIf(without)(`is under a licence and from a source that deny.toml allows${title}`, () => {
    const { said, status } = deny(join(ROOT, 'deny.toml'))
    expect(said).toContain('bans ok, licenses ok, sources ok')
    expect(status).toBe(0)
  })

  it.skipIf(without)(`is refused under a licence that deny.toml does not name${title}`, () => {
    const rules = join(tmpdir(), `deny-${process.pid}.toml`)
    writeFileSync(rules, readFileSync(join(ROOT, 'deny.toml'), 'utf8').replace('  "Zlib",\n', ''))
    const { said, status } = deny(rules)
    rmSync(rules)
    expect(said).toContain('licenses FAILED')
    expect(status).not.toBe(0)
  })
})
