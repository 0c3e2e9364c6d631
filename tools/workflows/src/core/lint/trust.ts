import { hasTrigger, type LintDocument } from './document.ts'
import { parseExpression, withinExpression } from './expression.ts'

/** Texts that anybody can choose who opens an issue, a pull request or a discussion, or pushes to a fork. */
const UNTRUSTED: readonly RegExp[] = [
  /^github\.head_ref$/u,
  /^github\.event\.(?:issue|pull_request|discussion)\.(?:title|body)$/u,
  /^github\.event\.(?:comment|review|review_comment)\.body$/u,
  /^github\.event\.pages\.[^.]+\.page_name$/u,
  /^github\.event\.(?:commits\.[^.]+|head_commit)\.(?:message|author\.(?:email|name)|committer\.(?:email|name))$/u,
  /^github\.event\.pull_request\.head\.(?:ref|label|repo\.default_branch|repo\.description|repo\.homepage)$/u,
  /^github\.event\.workflow_run\.(?:head_branch|display_title|head_commit\.(?:message|author\.(?:email|name)))$/u,
  // The whole of them holds the parts.
  /^github(?:\.event(?:\.(?:issue|pull_request|discussion|comment|review|head_commit|commits|workflow_run)(?:\.head)?)?)?$/u,
]

/** The first text in an expression that an attacker can choose. What is only compared or searched never leaves it. */
export function attackerText(source: string): string | undefined {
  const expression = parseExpression(source)
  if (expression === undefined) return undefined
  const consumed = new Set(
    [...withinExpression(expression)].flatMap((inner) => {
      const compares = inner.kind === 'operator' && !['&&', '||'].includes(inner.operator)
      const searches = inner.kind === 'call' && ['contains', 'endswith', 'hashfiles', 'startswith'].includes(inner.name)
      return compares || searches ? inner.of.flatMap((part) => [...withinExpression(part)]) : []
    }),
  )
  for (const inner of withinExpression(expression)) {
    if (inner.kind === 'reference' && !consumed.has(inner) && UNTRUSTED.some((pattern) => pattern.test(inner.path)))
      return inner.path
  }
  return undefined
}

/** Whether the workflow runs with the rights of the repository for what a stranger does. */
export function isPrivileged(document: LintDocument): boolean {
  return hasTrigger(
    document,
    'pull_request_target',
    'workflow_run',
    'issue_comment',
    'issues',
    'discussion',
    'discussion_comment',
  )
}

/** The commit or the branch of a pull request: code of a stranger. */
export function readsPullRequestHead(source: string): boolean {
  return /github\.head_ref|github\.event\.pull_request\.head\.|github\.event\.workflow_run\.head_|refs\/pull\//u.test(source)
}
