import type { Rule } from '../rule.ts'
import { scriptLines } from '../script.ts'
import { isAction } from '../uses.ts'
import { textAt } from '../value.ts'

const ASKS_FOR_A_BASE =
  /\bnx\s+(?:affected\b|show\s+projects\b.*--affected)|\binterlock\s+(?:affected|base|why|ci\s+plan)\b|\bturbo\s+run\b.*--(?:affected|filter=\S*\[)|\blerna\b.*--since\b/u

export const shallowAffected: Rule = {
  id: 'shallow-affected',
  title: 'A job that asks what a change affects has the history to ask',
  why: 'A checkout has one commit unless it is told otherwise. The base is then missing: the command fails, or it is compared with nothing and runs less than it has to.',
  corresponds: 'none',
  severity: 'error',
  remediation: {
    before: '- uses: actions/checkout@…\n- run: npx nx affected -t test',
    after: '- uses: actions/checkout@…\n  with: { fetch-depth: 0 }\n- run: npx nx affected -t test',
  },
  check: (document) =>
    document.jobs.flatMap(({ steps }) => {
      const shallow = steps.find(
        ({ uses, value }) => isAction(uses, 'actions/checkout') && (textAt(value, 'with', 'fetch-depth') || '1') !== '0',
      )
      const lines = steps.flatMap((step) => scriptLines(document, step))
      const asks = lines.find(({ text }) => ASKS_FOR_A_BASE.test(text))
      const fetches = lines.some(({ text }) => /\bgit\s+fetch\b.*(?:--unshallow|--deepen|--depth)/u.test(text))
      if (shallow === undefined || asks === undefined || fetches) return []
      return [
        {
          at: shallow.value.from,
          message: 'The checkout has one commit, and a later step asks what a change affects: set fetch-depth to 0',
        },
      ]
    }),
}
