import { by } from '@interlock/kit'
import type { CommittedClosures } from './closures.ts'
import { readRules, type SourceRead } from './doctor-reads.ts'
import { targetRules } from './doctor-targets.ts'
import { workspaceRules } from './doctor-workspace.ts'

/** `error`: a green signal can be wrong. `warning`: it can become so, or work is done in vain. `note`: worth knowing. */
export type Severity = 'error' | 'warning' | 'note'

/** One thing that a rule found. */
export interface Finding {
  readonly rule: string
  readonly severity: Severity
  readonly message: string
  /** Files, targets or versions that show it. */
  readonly evidence: readonly string[]
  readonly fix: string
}

/** A target as Nx's graph has it. */
export interface TargetFacts {
  readonly executor?: string | undefined
  readonly cache?: boolean | undefined
  readonly inputs?: readonly unknown[] | undefined
  readonly outputs?: readonly string[] | undefined
  readonly options?: Readonly<Record<string, unknown>> | undefined
  readonly syncGenerators?: readonly string[] | undefined
}

export interface ProjectFacts {
  readonly name: string
  readonly root: string
  readonly tags: readonly string[]
  readonly targets: Readonly<Record<string, TargetFacts>>
  readonly namedInputs: Readonly<Record<string, readonly unknown[]>>
  /** Names of the projects that it depends on. */
  readonly dependencies: readonly string[]
}

/** Everything that the rules look at; collected once, plain data. */
export interface DoctorFacts {
  readonly nxVersion: string
  readonly nxJson: Readonly<Record<string, unknown>>
  readonly env: Readonly<Record<string, string | undefined>>
  /** `undefined` when Nx cannot build its graph; `graphProblem` then says why. */
  readonly projects: readonly ProjectFacts[] | undefined
  readonly graphProblem: string | undefined
  readonly closures: CommittedClosures
  /** `undefined` when a manifest or lock cannot be read; `slicesProblem` then says why. */
  readonly stale: readonly { readonly root: string }[] | undefined
  readonly slicesProblem: string | undefined
  /** Whether any project has a lock file, so that closures.json has something to say. */
  readonly hasLocks: boolean
  /** Whether git or Nx is told to ignore closures.json, and by what line. */
  readonly closuresIgnoredBy: string | undefined
  /** `graph.irrelevant` of interlock.yaml. */
  readonly irrelevant: readonly string[]
  readonly trackedFiles: readonly string[]
  /** Tracked files that git is told to ignore. */
  readonly ignoredTracked: readonly string[]
  /** What Rust sources name to be compiled in. */
  readonly reads: readonly SourceRead[]
  /** Tracked manifests that the plugin does not see: nx.json or `.nxignore` leaves them out. */
  readonly hiddenManifests: readonly string[]
  /** Programs that targets start and that cannot be found, with those targets. */
  readonly missingPrograms: Readonly<Record<string, readonly string[]>>
  /** The platform packages of the installed Nx, and those of them that the npm lock names; `undefined` without a lock. */
  readonly platformPackages: readonly string[]
  readonly lockedPlatformPackages: readonly string[] | undefined
  readonly shallow: boolean
  readonly submodules: readonly string[]
}

/** A rule looks at the facts and says what it finds. It collects everything and throws nothing. */
export type Rule = (facts: DoctorFacts) => readonly Finding[]

const RULES: readonly Rule[] = [...workspaceRules, ...targetRules, ...readRules]

const ORDER: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 }

/** The findings of every rule, the worst first. */
export function diagnose(facts: DoctorFacts): Finding[] {
  return RULES.flatMap((rule) => rule(facts)).sort(
    by((finding) => `${ORDER[finding.severity]} ${finding.rule} ${finding.message}`),
  )
}

/** How many lines of evidence are printed for one finding; `--json` has them all. */
const SHOWN_EVIDENCE = 8

/** The findings in prose, and their number on the last line. */
export function renderFindings(findings: readonly Finding[]): string {
  const blocks = findings.map(({ severity, rule, message, evidence, fix }) => {
    const shown = evidence.slice(0, SHOWN_EVIDENCE).map((line) => `  ${line}`)
    const more = evidence.length > SHOWN_EVIDENCE ? [`  … and ${evidence.length - SHOWN_EVIDENCE} more`] : []
    return [`${severity}: ${message} [${rule}]`, ...shown, ...more, `  fix: ${fix}`].join('\n')
  })
  const count = (severity: Severity): number => findings.filter((finding) => finding.severity === severity).length
  const summary = `${count('error')} errors, ${count('warning')} warnings, ${count('note')} notes`
  return [...blocks, findings.length === 0 ? `nothing found: ${summary}` : summary].join('\n\n')
}
