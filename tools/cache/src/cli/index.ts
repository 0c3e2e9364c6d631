import type { LoadSections, Verb } from '@interlock/cli'

/** What this package reads from interlock.yaml. */
export const sections: LoadSections = async () => ({ cache: (await import('../core/section.ts')).cacheSection })

/** The verbs of this package. Each loads its work when it runs, so that none slows the others down. */
export const verbs: readonly Verb[] = []
