import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const OPTIONS = { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } }
const CACHE = fileURLToPath(new URL('../../../../node_modules/.cache/interlock-typescript', import.meta.url))

/** Takes the types out of `.ts` files, and keeps the result by the hash of the source: most processes never load a compiler. */
export async function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context)
  const source = await readFile(new URL(url), 'utf8')
  const kept = join(CACHE, `${createHash('sha256').update(JSON.stringify(OPTIONS)).update(source).digest('hex')}.mjs`)
  const known = await readFile(kept, 'utf8').catch(() => undefined)
  return { format: 'module', shortCircuit: true, source: known ?? (await compile(source, kept)) }
}

async function compile(source, kept) {
  const { transform } = await import('@swc/core')
  const { code } = await transform(source, OPTIONS)
  await mkdir(CACHE, { recursive: true })
  await writeFile(`${kept}.${process.pid}`, code)
  await rename(`${kept}.${process.pid}`, kept)
  return code
}
