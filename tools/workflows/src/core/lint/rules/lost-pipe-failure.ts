import type { Rule } from '../rule.ts'
import { scriptLines, shellOf, unquoted } from '../script.ts'
import { listOf, textAt, valueAt } from '../value.ts'

export const lostPipeFailure: Rule = {
  id: 'lost-pipe-failure',
  title: 'A script with a pipe names its shell, or sets pipefail',
  why: 'A step that names no shell runs `bash -e`, without pipefail: in `test | tee log` the failure of the test is lost, and the step is green. With `shell: bash` GitHub adds `-o pipefail`.',
  corresponds: 'none',
  severity: 'warning',
  remediation: { before: '- run: npm test | tee test.log', after: '- run: npm test | tee test.log\n  shell: bash' },
  check: (document) =>
    document.steps.flatMap((step) => {
      const shell = shellOf(document, step)
      const lines = scriptLines(document, step)
      if (!['', 'sh', 'bash -e {0}'].includes(shell) || lines.some(({ text }) => /pipefail/u.test(text))) return []
      const machines = listOf(valueAt(step.job?.value, 'runs-on'))
        .map(({ text }) => text)
        .join(' ')
      // PowerShell is what GitHub runs there, and an expression may give such a machine.
      if (/windows|\$\{\{/iu.test(machines) || textAt(step.value, 'shell') === 'pwsh') return []
      const piped = lines.find(({ text }) => /(?<![|>&])\|(?![|&])/u.test(withoutCases(unquoted(text))))
      return piped === undefined
        ? []
        : [{ at: piped.at, message: 'Only the last program of this pipe can fail the step: add shell: bash' }]
    }),
}

/** The patterns of `case` and of tests are divided by the same sign. */
function withoutCases(line: string): string {
  return line.replace(/^\s*[^()|\s]+(?:\s*\|\s*[^()|\s]+)+\)/u, '').replace(/\[\[.*?\]\]/gu, '')
}
