import { type Finding, OTHER_FINDERS, type OtherFinder } from './finding.ts'
import type { Rule } from './rule.ts'

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json'
/** Keeps these results apart from those of other tools in the same repository. */
const CATEGORY = 'interlock-ci-lint/'

/** The findings as SARIF 2.1.0, for code scanning. Files are named relative to the root of the repository. */
export function sarifOf(findings: readonly Finding[], rules: readonly Rule[]): unknown {
  const described = [
    ...rules.map(describe),
    ...Object.entries(OTHER_FINDERS).map(([id, title]) => describeOther(id as OtherFinder, title)),
  ]
  const index = new Map(described.map(({ id }, position) => [id, position]))
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'interlock-ci-lint', rules: described } },
        automationDetails: { id: CATEGORY },
        columnKind: 'utf16CodeUnits',
        results: findings.map(({ file, line, column, rule, severity, message }) => ({
          ruleId: rule,
          ruleIndex: index.get(rule),
          level: severity,
          message: { text: message },
          locations: [
            {
              physicalLocation: {
                artifactLocation: addressOf(file),
                region: { startLine: line, startColumn: column },
              },
            },
          ],
        })),
      },
    ],
  }
}

function describe({ id, title, why, corresponds, severity, remediation: { before, after } }: Rule) {
  const markdown = `${why}\n\nBefore:\n\n\`\`\`yaml\n${before}\n\`\`\`\n\nAfter:\n\n\`\`\`yaml\n${after}\n\`\`\``
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: why },
    help: { text: why, markdown },
    defaultConfiguration: { level: severity },
    properties: { tags: ['ci'], corresponds: corresponds === 'none' ? {} : corresponds },
  }
}

function describeOther(id: OtherFinder, title: string) {
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: title },
    help: { text: title, markdown: title },
    defaultConfiguration: { level: 'error' },
  }
}

function addressOf(file: string): object {
  const uri = file.split('/').map(encodeURIComponent).join('/')
  return file.startsWith('/') ? { uri: `file://${uri}` } : { uri, uriBaseId: '%SRCROOT%' }
}
