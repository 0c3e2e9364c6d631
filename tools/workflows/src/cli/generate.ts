import { join } from 'node:path'
import type { Invocation, Outcome } from '@interlock/cli'
import { EXIT, InterlockError } from '@interlock/kit'
import { writeWhole } from '@interlock/nx'
import { type Drift, remedyOf, sentenceOf } from '../core/drift.ts'
import { planGeneration } from '../core/generation.ts'
import { pipelineFacts } from '../io/facts.ts'
import { presentFiles, removeGenerated } from '../io/generated-files.ts'

/** `interlock ci generate`: writes the workflows, or says with `--check` what `nx sync` would change. */
export async function runGenerate({ root, options }: Invocation): Promise<Outcome> {
  const { drift, writes, removals } = planGeneration(pipelineFacts(root), presentFiles(root))
  const check = options['check'] === true
  if (!check) {
    for (const [path, text] of Object.entries(writes)) change(path, () => writeWhole(join(root, path), text))
    for (const path of removals) change(path, () => removeGenerated(root, path))
  }
  const open = check ? drift : drift.filter(({ kind }) => remedyOf(kind) !== undefined)
  const done = check ? [] : [...Object.keys(writes).map((path) => `wrote ${path}`), ...removals.map((path) => `removed ${path}`)]
  const lines = [...done, ...open.map(sentenceOf)]
  const hints = new Set(open.map(({ kind }) => remedyOf(kind) ?? 'npx interlock ci generate, or npx nx sync'))
  for (const hint of hints) lines.push('', `hint: ${hint}`)
  return {
    status: statusOf(open, check),
    prose: lines.length === 0 ? 'every generated file is what the pipeline says' : lines.join('\n'),
    data: { drift, written: check ? [] : Object.keys(writes), removed: check ? [] : removals },
  }
}

function statusOf(open: readonly Drift[], check: boolean): number {
  if (open.length === 0) return EXIT.done
  return !check && open.some(({ kind }) => kind === 'foreign') ? EXIT.conflict : EXIT.checkFailed
}

function change(path: string, act: () => void): void {
  try {
    act()
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    throw new InterlockError('FOLDER_NOT_WRITABLE', `cannot be written (${code ?? 'unknown reason'})`, {
      file: path,
      hint: 'what was not written yet is as it was: interlock ci generate --check lists it',
      cause,
    })
  }
}
