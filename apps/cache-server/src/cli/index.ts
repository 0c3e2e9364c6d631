import type { Verb } from '@interlock/cli'

/** The verbs of this package. Each loads its work when it runs, so that none slows the others down. */
export const verbs: readonly Verb[] = []
