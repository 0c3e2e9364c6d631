import type { Finding, RefereeName } from './types.ts'

/** A finding that is the referee's own mistake. */
export interface Exception {
  readonly referee: RefereeName
  readonly message: RegExp
  readonly reason: string
  /** The version of the referee that makes the exception needless. */
  readonly until: string
}

/** One line each. A test fails for one that no generated file needs. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    referee: 'actionlint',
    message: /^specifying action "\$\/[^"]+" in invalid format because ref is missing\./u,
    reason: '"$/" names an action of the same commit (GitHub, July 2026), which actionlint 1.7.12 does not know',
    until: 'the first actionlint that closes rhysd/actionlint#711',
  },
]

/** A finding that does not count, and why. */
export interface Excepted {
  readonly finding: Finding
  readonly exception: Exception
}

/** Divides findings by whether an exception speaks of them. */
export function withoutExceptions(
  findings: readonly Finding[],
  exceptions: readonly Exception[],
): { readonly open: readonly Finding[]; readonly excepted: readonly Excepted[] } {
  const judged = findings.map((finding) => ({
    finding,
    exception: exceptions.find(({ referee, message }) => referee === finding.referee && message.test(finding.message)),
  }))
  return {
    open: judged.flatMap(({ finding, exception }) => (exception === undefined ? [finding] : [])),
    excepted: judged.flatMap(({ finding, exception }) => (exception === undefined ? [] : [{ finding, exception }])),
  }
}
