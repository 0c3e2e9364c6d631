/** Module hooks of a clone: packages resolve to their TypeScript source, which Node strips itself from 22.18 and swc strips before. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const CONDITION = '@interlock/source'
const nodeStripsTypes = Boolean(process.features.typescript)
const OPTIONS = {
  configFile: false,
  swcrc: false,
  sourceMaps: 'inline',
  module: { type: 'es6' },
  jsc: { parser: { syntax: 'typescript' }, target: 'es2023', transform: { verbatimModuleSyntax: true } },
}
/** Where the results are kept, in files named by all that they depend on: a process that finds them all loads no compiler. */
const KEPT = new URL('../../../node_modules/.cache/interlock-source/', import.meta.url)

export function resolve(specifier, context, nextResolve) {
  return nextResolve(specifier, { ...context, conditions: [CONDITION, ...context.conditions] })
}

export async function load(url, context, nextLoad) {
  if (nodeStripsTypes || !url.startsWith('file:') || !url.endsWith('.ts')) return nextLoad(url, context)
  const filename = fileURLToPath(url)
  const source = await readFile(filename, 'utf8')
  const kept = fileURLToPath(new URL(`${identityOf(filename, source)}.mjs`, KEPT))
  const known = await readFile(kept, 'utf8').catch(() => undefined)
  return { format: 'module', source: known ?? (await compile(filename, source, kept)), shortCircuit: true }
}

let base
function identityOf(filename, source) {
  base ??= JSON.stringify(OPTIONS) + readFileSync(createRequire(import.meta.url).resolve('@swc/core/package.json'), 'utf8')
  return createHash('sha256')
    .update(JSON.stringify([base, filename, source]))
    .digest('hex')
}

async function compile(filename, source, kept) {
  const { transform } = await import('@swc/core')
  const { code } = await transform(source, { ...OPTIONS, filename })
  await keep(kept, code).catch(() => undefined)
  return code
}

/** Under another name first, so that no process reads half of it. What cannot be kept is compiled again. */
async function keep(kept, code) {
  await mkdir(KEPT, { recursive: true })
  await writeFile(`${kept}.${process.pid}`, code)
  await rename(`${kept}.${process.pid}`, kept)
}
