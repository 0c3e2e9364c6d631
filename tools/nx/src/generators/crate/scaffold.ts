import { createRequire } from 'node:module'
import { join, posix } from 'node:path'
import { InterlockError } from '@interlock/kit'
import { type Tree, visitNotIgnoredFiles } from '@nx/devkit'
import { createTree } from '@nx/devkit/testing'

type Generator = (tree: Tree, options: { readonly name: string }) => Promise<unknown>

/**
 * The files that @monodon/rust scaffolds for a crate, by path inside the crate.
 *
 * It runs on a tree of its own: on the workspace's it would rewrite the root manifest without its comments, register its
 * plugin and add targets whose executors have no inputs. Throws `TOOL_MISSING` when the package is not installed.
 */
export async function scaffoldCrate(
  workspaceRoot: string,
  request: { name: string; bin: boolean },
): Promise<Map<string, string>> {
  const generate = loadGenerator(workspaceRoot, request.bin ? 'binary' : 'library')
  const tree = createTree()
  // It asks for a formatter that is not there.
  tree.delete('.prettierrc')
  tree.write('nx.json', '{}')
  tree.write('package.json', '{}')
  tree.write('Cargo.toml', '[workspace]\nmembers = []\n')
  await generate(tree, { name: request.name })
  const manifest = tree.listChanges().find(({ path }) => /.\/Cargo\.toml$/.test(path))?.path
  if (manifest === undefined) throw new Error('@monodon/rust has written no crate')
  const root = posix.dirname(manifest)
  const files = new Map<string, string>()
  visitNotIgnoredFiles(tree, root, (path) => files.set(posix.relative(root, path), tree.read(path, 'utf8') ?? ''))
  files.delete('Cargo.toml')
  files.delete('project.json')
  return files
}

function loadGenerator(workspaceRoot: string, kind: 'library' | 'binary'): Generator {
  const require = createRequire(join(workspaceRoot, 'package.json'))
  try {
    const manifest = require.resolve('@monodon/rust/package.json')
    const module = require(join(manifest, '..', 'src', 'generators', kind, 'generator.js')) as { readonly default: Generator }
    return module.default
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw cause
    throw new InterlockError('TOOL_MISSING', '@monodon/rust is not installed, and it scaffolds crates', {
      hint: 'npm install --save-dev @monodon/rust',
      cause,
    })
  }
}
