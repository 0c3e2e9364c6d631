import { InterlockError, type ErrorCode, type WorkspaceFiles } from '@interlock/kit'

export interface Problem {
  readonly code: ErrorCode
  readonly message: string
  readonly file: string
  /** Text whose first occurrence in the file is the place of the problem. */
  readonly at?: string
  readonly hint: string
}

/** The error of a problem that was found after parsing: the line is looked up only now, so that values hold no positions. */
export function problem(files: WorkspaceFiles, { code, message, file, at, hint }: Problem): InterlockError {
  return new InterlockError(code, message, { file: `${file}${at === undefined ? '' : placeIn(files.read(file), at)}`, hint })
}

function placeIn(text: string, needle: string): string {
  const index = text.indexOf(needle)
  if (index < 0) return ''
  const before = text.slice(0, index).split('\n')
  return `:${before.length}:${(before.at(-1) ?? '').length + 1}`
}
