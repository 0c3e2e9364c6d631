/** Module hooks of a clone: packages resolve to their TypeScript source, which Node strips itself from 22.18 and swc strips before. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const CONDITION = '@interlock/source'
const nodeStripsTypes = Boolean(process.features.typescript)

export function resolve(specifier, context, nextResolve) {
  return nextResolve(specifier, { ...context, conditions: [CONDITION, ...context.conditions] })
}

export async function load(url, context, nextLoad) {
  if (nodeStripsTypes || !url.startsWith('file:') || !url.endsWith('.ts')) return nextLoad(url, context)
  const { transform } = await import('@swc/core')
  const filename = fileURLToPath(url)
  const { code } = await transform(await readFile(filename, 'utf8'), {
    filename,
    configFile: false,
    swcrc: false,
    sourceMaps: 'inline',
    module: { type: 'es6' },
    jsc: { parser: { syntax: 'typescript' }, target: 'es2023', transform: { verbatimModuleSyntax: true } },
  })
  return { format: 'module', source: code, shortCircuit: true }
}
