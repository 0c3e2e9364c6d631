import { z } from 'zod'

/** A full commit id. All zeros is how git writes that there is none. */
export const COMMIT_PATTERN: RegExp = /^(?!0+$)(?:[0-9a-f]{40}|[0-9a-f]{64})$/u

/** A full commit id in an answer or a payload. */
export const COMMIT: z.ZodType<string> = z.string().regex(COMMIT_PATTERN)
