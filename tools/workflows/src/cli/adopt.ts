import type { Invocation, Outcome } from '@interlock/cli'
import { byText, EXIT } from '@interlock/kit'
import { fileReport } from '../core/adopt/file.ts'
import { proseOf, totalsOf } from '../core/adopt/prose.ts'
import type { FileReport } from '../core/adopt/report.ts'
import { generatedFor } from '../io/adopt.ts'
import { presentFiles, unreadFiles } from '../io/generated-files.ts'

/** `interlock ci adopt`: what of the hand-written workflows the generated ones would replace, and what they would not. */
export async function runAdopt({ root }: Invocation): Promise<Outcome> {
  const generated = generatedFor(root)
  const files = [
    ...Object.entries(presentFiles(root)).map(([file, text]) => fileReport(file, text, generated)),
    ...unreadFiles(root).map((file): FileReport => ({ kind: 'unreadable', file, reason: 'it is no regular file' })),
  ].sort((left, right) => byText(left.file, right.file))
  const isWhole = files.every(({ kind }) => kind !== 'unreadable')
  return {
    status: isWhole ? EXIT.done : EXIT.inconclusive,
    prose: proseOf(files),
    data: { generated: generated.files, files, totals: totalsOf(files) },
  }
}
