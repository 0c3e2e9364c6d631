import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { unifiedDiff } from '../core/init-diff.ts'

test('git apply accepts the diff and makes the new text of it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'interlock-diff-'))
  try {
    const text = fc
      .tuple(fc.array(fc.constantFrom('one', 'two', 'three', '', '\r'), { minLength: 1, maxLength: 30 }), fc.boolean())
      .map(([body, ended]) => `${body.join('\n')}${ended ? '\n' : 'end'}`)
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after)
        writeFileSync(join(folder, 'file'), before)
        execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: folder, input: unifiedDiff('file', before, after) })
        expect(readFileSync(join(folder, 'file'), 'utf8')).toBe(after)
      }),
      { numRuns: 25 },
    )
  } finally {
    rmSync(folder, { recursive: true })
  }
})
