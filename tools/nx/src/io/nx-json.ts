import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { InterlockError } from '@interlock/kit'
import { parse, type ParseError } from 'jsonc-parser'

/** What is read of nx.json here. */
export interface NxJson {
  readonly plugins?: readonly unknown[]
  readonly cacheDirectory?: string
  readonly defaultBase?: string
}

/** nx.json of a workspace, with the comments and trailing commas that Nx allows; empty when there is none. */
export function readNxJson(root: string): NxJson {
  const path = join(root, 'nx.json')
  return existsSync(path) ? parseNxJson(readFileSync(path, 'utf8')) : {}
}

/** Throws `CONFIG_INVALID` for what Nx could not read either. */
export function parseNxJson(text: string): NxJson {
  const errors: ParseError[] = []
  const value: unknown = parse(text, errors, { allowTrailingComma: true })
  if (errors.length > 0 || typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InterlockError('CONFIG_INVALID', 'not valid JSON', { file: 'nx.json' })
  }
  return value
}
