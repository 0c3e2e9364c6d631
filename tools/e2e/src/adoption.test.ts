import { expect, test } from 'vitest'
import { adopt } from './adoption.ts'

const TIMEOUT_MS = 600_000

test.concurrent(
  'a Rust workspace without package.json adopts Interlock without a hand-written line',
  async () => {
    await expect(
      adopt({
        fixture: 'rust-only',
        locks: [
          ['cargo', 'generate-lockfile'],
          ['cargo', 'update', '-p', 'itoa', '--precise', '1.0.14'],
          ['cargo', 'update', '-p', 'cfg-if', '--precise', '1.0.3'],
        ],
        tests: ['alone:test', 'text:test', 'tool:test'],
        proof: ['test tests::writes_digits ... ok', 'test tests::prints_a_line ... ok', 'test tests::knows_its_width ... ok'],
        breakage: { file: 'crates/alone/src/lib.rs', from: '>= 32', to: '< 32', task: 'alone:test' },
        bumps: [
          { command: ['cargo', 'update', '-p', 'itoa', '--precise', '1.0.15'], tasks: ['text:test', 'tool:test'] },
          { command: ['cargo', 'update', '-p', 'cfg-if', '--precise', '1.0.4'], tasks: ['alone:test'] },
        ],
      }),
    ).resolves.toBeUndefined()
  },
  TIMEOUT_MS,
)

test.concurrent(
  'a uv workspace adopts Interlock without a hand-written line',
  async () => {
    await expect(
      adopt({
        fixture: 'uv-workspace',
        locks: [['uv', 'lock', '-P', 'six==1.16.0', '-P', 'toolz==1.0.0']],
        tests: ['a:test', 'b:test', 'c:test'],
        proof: ['1 passed'],
        breakage: { file: 'packages/c/tests/test_c.py', from: '== "c uses', to: '!= "c uses', task: 'c:test' },
        bumps: [
          { command: ['uv', 'lock', '-P', 'six==1.17.0'], tasks: ['a:test', 'b:test'] },
          { command: ['uv', 'lock', '-P', 'toolz==1.1.0'], tasks: ['c:test'] },
        ],
      }),
    ).resolves.toBeUndefined()
  },
  TIMEOUT_MS,
)

test.concurrent(
  'a crate with a maturin wheel and its client adopts Interlock without a hand-written line',
  async () => {
    await expect(
      adopt({
        fixture: 'maturin-mixed',
        locks: [
          ['cargo', 'generate-lockfile'],
          ['uv', 'lock', '-P', 'pygments==2.19.1'],
        ],
        tests: ['fixture-bindings:test', 'fixture-client:test', 'fixture-core:test'],
        proof: ['test tests::doubles ... ok', '1 passed'],
        breakage: { file: 'client/tests/test_client.py', from: '== 42', to: '== 43', task: 'fixture-client:test' },
        bumps: [],
      }),
    ).resolves.toBeUndefined()
  },
  TIMEOUT_MS,
)

test.concurrent(
  'a repository with everything and an nx.json of its own adopts Interlock without a hand-written line',
  async () => {
    await expect(
      adopt({
        fixture: 'everything',
        locks: [
          ['cargo', 'generate-lockfile'],
          ['cargo', 'update', '-p', 'itoa', '--precise', '1.0.14'],
          ['uv', 'lock', '-P', 'six==1.16.0'],
        ],
        tests: ['a:test', 'text:test', 'tool:test', 'web:test'],
        proof: ['test tests::writes_digits ... ok', '1 passed', 'pass 1'],
        breakage: { file: 'web/sum.js', from: '+', to: '-', task: 'web:test' },
        bumps: [
          { command: ['cargo', 'update', '-p', 'itoa', '--precise', '1.0.15'], tasks: ['text:test', 'tool:test'] },
          { command: ['uv', 'lock', '-P', 'six==1.17.0'], tasks: ['a:test'] },
        ],
      }),
    ).resolves.toBeUndefined()
  },
  TIMEOUT_MS,
)
