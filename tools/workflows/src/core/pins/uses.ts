import { isAlias, isScalar, LineCounter, parseDocument, visit } from 'yaml'
import type { PinFinding } from './finding.ts'

/** One `uses` of a workflow or an action. */
export interface Use {
  readonly file: string
  readonly line: number
  /** `actions/checkout@…`, as it is written. */
  readonly text: string
  /** The words behind `#` on its line. */
  readonly comment: string | undefined
}

export interface UsesScan {
  readonly uses: readonly Use[]
  /** Places where nobody can say what is used. */
  readonly findings: readonly PinFinding[]
}

/**
 * Every value of a key `uses` in a YAML file, wherever it stands: an input of that name is taken for a use as well, since
 * the other mistake would leave an action unseen. A file that cannot be read is a finding.
 */
export function usesIn(file: string, text: string): UsesScan {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const uses: Use[] = []
  const findings: PinFinding[] = []
  const lineAt = (offset: number): number => lines.linePos(offset).line
  for (const { pos, message } of document.errors) {
    findings.push({ file, line: lineAt(pos[0]), message: `is not valid YAML, so what it uses is not known: ${message}` })
  }
  visit(document, {
    Pair: (_, { key, value }) => {
      if (!isScalar(key) || key.value !== 'uses') return
      const node = isAlias(value) ? value.resolve(document) : value
      const line = lineAt(key.range?.[0] ?? 0)
      if (isScalar(node) && typeof node.value === 'string') {
        uses.push({ file, line, text: node.value, comment: commentBehind(text, node.range?.[1] ?? text.length) })
      } else findings.push({ file, line, message: '`uses` is no text, so what it uses is not known' })
    },
  })
  return { uses, findings }
}

function commentBehind(text: string, end: number): string | undefined {
  const rest = text.slice(end, endOfLine(text, end))
  return /^\s+#\s*(.*?)\s*$/u.exec(rest)?.[1]
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end === -1 ? text.length : end
}
