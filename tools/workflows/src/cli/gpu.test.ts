import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import type { Outcome } from '@interlock/cli'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { verbs } from './index.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'interlock-gpu-'))
  writeFileSync(join(root, 'nx.json'), '{}')
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(root, { recursive: true })
})

async function gpu(): Promise<Outcome> {
  const verb = verbs.find(({ name }) => name === 'ci gpu')
  if (verb === undefined) throw new Error('no such verb')
  return verb.run({ root, env: {}, arguments: [], options: { targets: ['test-gpu'] }, rest: [], json: true })
}

/** A driver that says these words, in front of the one that the machine may have. */
function driver(overview: string, listing: string): void {
  const bin = join(root, 'bin')
  mkdirSync(bin)
  writeFileSync(join(root, 'overview'), overview)
  writeFileSync(join(root, 'listing'), listing)
  const program = `#!/bin/sh\nif [ $# -eq 0 ]; then cat '${join(root, 'overview')}'; else cat '${join(root, 'listing')}'; fi\n`
  writeFileSync(join(bin, 'nvidia-smi'), program)
  chmodSync(join(bin, 'nvidia-smi'), 0o755)
  vi.stubEnv('PATH', `${bin}${delimiter}${process.env['PATH']}`)
}

describe('interlock ci gpu', () => {
  it('promise-1: runs nothing on a machine that is not fit, and is not green', async () => {
    driver('CUDA Version: 11.8', 'Tesla K80, 470.1, 11441\n')
    expect(await gpu()).toEqual({
      status: 6,
      prose: 'this machine is not fit, so nothing ran. Missing:\n  CUDA 12.0: the driver can run no newer one than 11.8',
      data: {
        machine: {
          gpus: [{ name: 'Tesla K80', driver: '470.1', memory: 11441 }],
          cuda: '11.8',
          missing: ['CUDA 12.0: the driver can run no newer one than 11.8'],
        },
      },
    })
  })

  it('promise-1: says that there is no driver at all', async () => {
    vi.stubEnv('PATH', root)
    await expect(gpu()).rejects.toThrow('TOOL_MISSING: nvidia-smi cannot be started')
  })
})
