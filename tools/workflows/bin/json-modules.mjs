import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const OF_ACTIONS = /\/@actions\/(?:languageservice|workflow-parser)\/[^?#]+\.json$/

/**
 * Loads the `.json` files of GitHub's packages as modules: they are imported without the attribute that Node asks for.
 * See https://github.com/actions/languageservices/issues/387: open at 0.3.61.
 */
export async function load(url, context, next) {
  if (!OF_ACTIONS.test(url)) return next(url, context)
  const text = await readFile(fileURLToPath(url), 'utf8')
  return { format: 'module', shortCircuit: true, source: `export default ${text}` }
}
