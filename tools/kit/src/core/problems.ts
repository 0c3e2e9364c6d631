import type { z } from 'zod'

/** One thing that is wrong with a value, as a schema found it. */
export interface Problem {
  /** Keys and indexes that lead to the value. */
  readonly path: readonly (string | number)[]
  readonly message: string
  /** Whether the last key of the path is one that nobody knows. */
  readonly unknownKey?: true
}

/** Every problem of a failed parse; an unknown key is a problem of that key, not of the object around it. */
export function problemsOf(error: z.ZodError): readonly Problem[] {
  return error.issues.flatMap((issue): readonly Problem[] => {
    const path = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part))
    if (issue.code === 'invalid_key') return [{ path, message: issue.issues[0]?.message ?? issue.message }]
    if (issue.code !== 'unrecognized_keys') return [{ path, message: issue.message }]
    return issue.keys.map((key) => ({ path: [...path, key], message: 'there is no such option', unknownKey: true }))
  })
}

/** `projects[2].name`, `["two words"]`; the empty path is `(all)`. */
export function pathText(path: readonly (string | number)[]): string {
  const text = path
    .map((part) => (typeof part === 'number' || /["\s\p{Cc}]/u.test(part) ? `[${JSON.stringify(part)}]` : `.${part}`))
    .join('')
  return text === '' ? '(all)' : text.replace(/^\./, '')
}
