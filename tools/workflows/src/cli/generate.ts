import { join } from 'node:path'
import type { Invocation, Outcome } from '@interlock/cli'
import { EXIT, InterlockError } from '@interlock/kit'
import { writeWhole } from '@interlock/nx'
import { sentenceOf } from '../core/drift.ts'
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
  const open = check ? drift : drift.filter(({ kind }) => kind === 'foreign')
  const done = check ? [] : [...Object.keys(writes).map((path) => `wrote ${path}`), ...removals.map((path) => `removed ${path}`)]
  const lines = [...done, ...open.map(sentenceOf)]
  if (open.length > 0) lines.push('', `hint: ${hintOf(open.some(({ kind }) => kind === 'foreign'))}`)
  return {
    status: open.length === 0 ? EXIT.done : check ? EXIT.checkFailed : EXIT.conflict,
    prose: lines.length === 0 ? 'every generated file is what the pipeline says' : lines.join('\n'),
    data: { drift, written: check ? [] : Object.keys(writes), removed: check ? [] : removals },
  }
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

function hintOf(foreign: boolean): string {
  return foreign
    ? 'rename what is written by hand, or remove it: it is never overwritten'
    : 'npx interlock ci generate, or npx nx sync'
}
