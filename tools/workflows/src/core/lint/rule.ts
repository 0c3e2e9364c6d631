import type { LintDocument } from './document.ts'
import type { Severity } from './finding.ts'

/** Tools whose audits are known by name. */
export type Peer = 'actionlint' | 'octoscan' | 'poutine' | 'scorecard' | 'zizmor'

/** What a rule has found in a document. */
export interface Problem {
  /** Offset in the text. */
  readonly at: number
  /** One sentence without a full stop. */
  readonly message: string
  /** Where this one is worse than the rule says. */
  readonly severity?: Severity
}

/** One rule. Data for the docs and for SARIF, and one pure function. */
export interface Rule {
  /** Where it asks what an audit of zizmor asks, it has that audit's name. */
  readonly id: string
  /** What holds in a file without findings: a sentence without a full stop. */
  readonly title: string
  /** What goes wrong otherwise. */
  readonly why: string
  /** The audits of others that ask the same; `none` where no peer asks it. */
  readonly corresponds: Readonly<Partial<Record<Peer, string>>> | 'none'
  readonly severity: Severity
  readonly remediation: { readonly before: string; readonly after: string }
  readonly check: (document: LintDocument) => readonly Problem[]
}
