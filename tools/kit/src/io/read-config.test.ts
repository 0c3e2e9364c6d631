import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { readConfig } from './read-config.ts'

const sections = { graph: z.strictObject({ depth: z.int().default(3) }) }
let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'interlock-config-'))
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

test('a file is read, and one that does not exist gives the defaults', () => {
  expect(readConfig(root, sections)).toEqual({ exists: false, config: { graph: { depth: 3 } } })
  writeFileSync(join(root, 'interlock.yaml'), 'graph:\n  depth: 4\n')
  expect(readConfig(root, sections)).toEqual({ exists: true, config: { graph: { depth: 4 } } })
})

test('what is there and is no file is an error, never the defaults', () => {
  mkdirSync(join(root, 'interlock.yaml'))
  expect(() => readConfig(root, sections)).toThrow('FILE_UNREADABLE: interlock.yaml: cannot be read (EISDIR)')
})
