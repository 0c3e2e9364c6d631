import { join } from 'node:path'
import { type GeneratorCallback, logger, type Tree } from '@nx/devkit'
import type { z } from 'zod'
import { addClosure } from '../../io/init-closure.ts'
import { lockMember } from './lock.ts'
import { planPythonPackage } from './plan.ts'
import { schema } from './schema.ts'

/** Creates a typed Python package with a test, as a member of its uv workspace where there is one. */
export default async function pythonPackageGenerator(tree: Tree, options: z.input<typeof schema>): Promise<GeneratorCallback> {
  const { name, directory } = schema.parse(options)
  const plan = planPythonPackage({ name, directory }, (path) => tree.read(path, 'utf8') ?? undefined)
  for (const [path, text] of plan.files) tree.write(path, text)
  return async () => {
    const toType = plan.workspace === undefined ? undefined : await lockMember(join(tree.root, plan.workspace))
    if (toType === undefined) addClosure(tree.root, plan.root)
    else logger.warn(`uv.lock does not know ${name} yet. Type: ${toType} && npx nx sync`)
    logger.info(`\nCreated ${name} in ${plan.root}. Try: npx nx test ${name}\n`)
  }
}
