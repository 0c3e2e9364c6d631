import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ReaderResult } from '@interlock/kit'
import { describe, expect, it } from 'vitest'
import { bundle, projectAt, readTexts } from '../testing/bundle.ts'

const hasUv = spawnSync('uv', ['--version']).status === 0
const MEMBERS = { 'libs/api': 'api-server', 'libs/core': 'core', 'tools/cli': 'cli' }

function packages(result: ReaderResult, root: string): string[] {
  const lines = projectAt(result, root).lock?.packages ?? []
  return [...new Set(lines.flatMap((line) => /^([^[=]+)(?:\[[^\]]*\])?==(\S+)/.exec(line)?.slice(1, 3).join('==') ?? []))].sort()
}

describe('uv as the oracle', () => {
  const files = bundle('uv-workspace')

  it.runIf(hasUv).each(Object.entries(MEMBERS))(
    'reaches from %s what uv itself would install, and the root groups',
    (root, name) => {
      const folder = mkdtempSync(join(tmpdir(), 'interlock-python-'))
      try {
        for (const [path, text] of Object.entries(files)) {
          mkdirSync(dirname(join(folder, path)), { recursive: true })
          writeFileSync(join(folder, path), text)
        }
        const uv = (...words: string[]): string[] => {
          const text = execFileSync(
            'uv',
            ['export', '-q', '--offline', '--frozen', '--no-hashes', '--no-annotate', '--no-emit-workspace', ...words],
            { cwd: folder, encoding: 'utf8' },
          )
          return text.split('\n').flatMap((line) => /^[a-z0-9][^ ;]*==[^ ;]+/.exec(line)?.[0] ?? [])
        }
        const own = uv('--package', name, '--all-extras', '--all-groups')
        const shared = uv('--all-groups')
        const found = packages(readTexts(files), root)
        expect(found).toEqual([...new Set([...own, ...shared])].sort())
      } finally {
        rmSync(folder, { recursive: true })
      }
    },
  )
})
