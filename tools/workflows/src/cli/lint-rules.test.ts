import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { askParser } from '../io/github-parser.ts'
import type { DocumentKind } from '../core/lint/document.ts'
import { examine, judge } from '../core/lint/examine.ts'
import type { Finding } from '../core/lint/finding.ts'
import { parserFindings } from '../core/lint/github-parser.ts'
import { RULES } from '../core/lint/rules/index.ts'

const FIXTURES = join(import.meta.dirname, '../core/lint/fixtures')
const KINDS: readonly DocumentKind[] = ['workflow', 'action', 'dependabot']

/** The fixture of a rule: `bad.yml`, `bad.action.yml` or `bad.dependabot.yml`. */
function fixture(id: string, quality: 'bad' | 'good') {
  const file = readdirSync(join(FIXTURES, id)).find((name) => name.startsWith(`${quality}.`) && name.endsWith('.yml'))
  if (file === undefined) throw new Error(`${id} has no ${quality} fixture`)
  const kind = KINDS.find((known) => file.includes(`.${known}.`)) ?? 'workflow'
  return { file: `${id}/${file}`, kind, text: readFileSync(join(FIXTURES, id, file), 'utf8') }
}

function findingsIn(id: string, quality: 'bad' | 'good'): readonly Finding[] {
  return judge(examine(fixture(id, quality), RULES), [], RULES)
}

describe.each(RULES)('the rule $id', ({ id }) => {
  it('finds what is bad, in its places, and nothing else finds anything there', async () => {
    const found = findingsIn(id, 'bad')
    expect(found.filter(({ rule }) => rule !== id)).toEqual([])
    expect(found).not.toEqual([])
    const text = found.map(({ line, column, severity, message }) => `${line}:${column} ${severity}: ${message}\n`).join('')
    await expect(text).toMatchFileSnapshot(join(FIXTURES, id, 'bad.findings.txt'))
  })

  it('finds nothing in what is good, and neither does any other', () => {
    expect(findingsIn(id, 'good')).toEqual([])
  })
})

describe('the rules', () => {
  it('are at least 40, sorted, one a file, and each has fixtures', () => {
    const ids = RULES.map(({ id }) => id)
    expect(ids.length).toBeGreaterThanOrEqual(40)
    expect(ids).toEqual([...new Set(ids)].sort())
    const files = readdirSync(join(FIXTURES, '../rules')).filter((file) => file !== 'index.ts')
    expect(files.sort()).toEqual(ids.map((id) => `${id}.ts`))
    expect(readdirSync(FIXTURES).sort()).toEqual(ids)
  })

  it.each(RULES)('$id says why, what to do and who else asks', ({ title, why, remediation, corresponds }) => {
    expect(title).toMatch(/^.{15,}[^.]$/u)
    expect(why).toMatch(/^.{30,}\.$/u)
    expect(remediation.before).not.toBe(remediation.after)
    expect(remediation.after.trim()).not.toBe('')
    expect(corresponds === 'none' ? ['none'] : Object.values(corresponds).filter((audit) => /^[\w-]+$/u.test(audit))).not.toEqual(
      [],
    )
  })

  it("call nothing good that GitHub's own parser refuses", async () => {
    const documents = RULES.flatMap(({ id }) => examine(fixture(id, 'good'), RULES).document ?? []).filter(
      ({ kind }) => kind !== 'dependabot',
    )
    const answers = await askParser(documents)
    expect(documents.flatMap((document, index) => parserFindings(document, answers[index] ?? { diagnostics: [] }))).toEqual([])
  })
})
