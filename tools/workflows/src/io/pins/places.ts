import { existsSync, readFileSync } from 'node:fs'
import { isAbsolute, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CONFIG_FILE, configText } from '@interlock/kit'
import { isNode, LineCounter, parseDocument } from 'yaml'
import type { Places } from '../../core/pins/check.ts'

const CATALOGUE = fileURLToPath(new URL('../../core/pipeline/pins.ts', import.meta.url))

/** Where the pins of a workspace are written: interlock.yaml, and the catalogue where its source is part of the workspace. */
export function pinPlaces(root: string): Places {
  const own = ownCatalogue(root)
  const lines = own === undefined ? [] : readFileSync(join(root, own), 'utf8').split('\n')
  return {
    ownsCatalogue: own !== undefined,
    ofEntry: ({ repository, source }) => {
      if (source === 'workspace') return overridePlace(root, repository)
      const line = lines.findIndex((text) => text.includes(`'${repository}'`)) + 1
      return { file: own ?? 'the catalogue of @interlock/workflows', ...(line === 0 ? {} : { line }) }
    },
  }
}

function ownCatalogue(root: string): string | undefined {
  const path = relative(root, CATALOGUE)
  const isInside = !path.startsWith('..') && !isAbsolute(path) && !path.split(sep).includes('node_modules')
  return isInside && existsSync(CATALOGUE) ? path.split(sep).join('/') : undefined
}

function overridePlace(root: string, repository: string): { readonly file: string; readonly line?: number } {
  const counter = new LineCounter()
  const document = parseDocument(configText(root) ?? '', { lineCounter: counter, prettyErrors: false })
  const node = document.getIn(['ci', 'pins', repository], true)
  const start = isNode(node) ? node.range?.[0] : undefined
  return { file: CONFIG_FILE, ...(start === undefined ? {} : { line: counter.linePos(start).line }) }
}
