import { type GeneratorCallback, logger, type Tree } from '@nx/devkit'
import type { z } from 'zod'
import { planInit } from '../../core/init-plan.ts'
import { initFacts } from '../../io/init-facts.ts'
import { addRun } from '../../io/init-record.ts'
import { diffText, nextSteps } from './messages.ts'
import { schema } from './schema.ts'
import { undoInit } from './undo.ts'

/** Adds what Interlock needs to a repository and nothing else, shows it as a diff, and remembers it for `--undo`. */
export default async function initGenerator(tree: Tree, options: z.input<typeof schema>): Promise<GeneratorCallback> {
  if (schema.parse(options).undo) return undoInit(tree)
  const facts = await initFacts(tree)
  const files = planInit(facts)
  logger.info(files.length === 0 ? 'Everything is in place: no file changes.' : diffText(files))
  for (const { path, after } of files) tree.write(path, after)
  if (files.length > 0) addRun(tree, files)
  return () => logger.info(nextSteps(facts.projects))
}
