/** A job of CI that runs the tasks of projects of one kind. */
export interface JobRule {
  readonly id: string
  /** The first rule of which a project has the tag takes it. */
  readonly tag: string
}

/** The jobs, in the order in which a project of two languages is given to one: a wheel is tested by Python. */
export const JOB_RULES: readonly JobRule[] = [
  { id: 'python-tests', tag: 'lang:python' },
  { id: 'rust-tests', tag: 'lang:rust' },
  { id: 'build-docs', tag: 'lang:docs' },
  { id: 'typescript-tests', tag: 'lang:typescript' },
]

/** Where a project goes that no rule takes. */
export const OTHER_JOB = 'other-tests'

/** Every job that a plan speaks of. */
export const JOB_IDS: readonly string[] = [...JOB_RULES.map(({ id }) => id), OTHER_JOB]

/** The job of a project with these tags. */
export function jobOf(tags: readonly string[]): string {
  return JOB_RULES.find(({ tag }) => tags.includes(tag))?.id ?? OTHER_JOB
}
