import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { expectWritable } from './writable.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'interlock-writable-'))
})
afterEach(() => rmSync(root, { recursive: true }))

it('leaves nothing behind in a folder that can be written', () => {
  expectWritable(root, {})
  expect(readdirSync(join(root, '.nx/workspace-data'))).toEqual([])
})

it('names the folder and the reason where something is in the way', () => {
  writeFileSync(join(root, '.nx'), 'a file')
  expect(() => expectWritable(root, {})).toThrow(/^FOLDER_NOT_WRITABLE: \.nx\/workspace-data: cannot be written: \w+\n\nhint: /)
})

it('takes the folder of NX_WORKSPACE_DATA_DIRECTORY from the workspace, not from where the command was typed', () => {
  mkdirSync(join(root, 'sub'))
  expectWritable(root, { NX_WORKSPACE_DATA_DIRECTORY: 'state' })
  expect(existsSync(join(root, 'state'))).toBe(true)
})
