import { posix } from 'node:path'
import { type GeneratorCallback, logger, type Tree } from '@nx/devkit'
import type { z } from 'zod'
import { addClosure } from '../../io/init-closure.ts'
import { planCrate } from './plan.ts'
import { scaffoldCrate } from './scaffold.ts'
import { schema } from './schema.ts'

/** Creates a crate that is ready to test, lint and build, as a member of its Cargo workspace. */
export default async function crateGenerator(tree: Tree, options: z.input<typeof schema>): Promise<GeneratorCallback> {
  const { name, directory, bin } = schema.parse(options)
  const plan = planCrate({ name, directory, bin }, (path) => tree.read(path, 'utf8') ?? undefined)
  const scaffold = await scaffoldCrate(tree.root, { name, bin })
  for (const [path, text] of plan.files) tree.write(path, text)
  for (const [path, text] of scaffold) tree.write(posix.join(plan.root, path), plan.source(path, text))
  return () => {
    addClosure(tree.root, plan.root)
    logger.info(`\nCreated ${name} in ${plan.root}. Try: npx nx test ${name}\n`)
  }
}
