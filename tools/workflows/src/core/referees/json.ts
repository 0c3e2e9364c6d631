import type { z } from 'zod'

/** A referee's JSON, or why it is none of the form that is known. */
export function refereeJson<Value>(
  text: string,
  schema: z.ZodType<Value>,
): { readonly value: Value } | { readonly reason: string } {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return { reason: text.trim() === '' ? 'it wrote nothing' : 'it wrote something that is not JSON' }
  }
  const checked = schema.safeParse(parsed)
  if (checked.success) return { value: checked.data }
  const [issue] = checked.error.issues
  return { reason: `its JSON has a form that is not known (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''})` }
}
