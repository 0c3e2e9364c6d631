import { commentAt } from '../document.ts'
import type { Rule } from '../rule.ts'
import { SHA, versionOf } from '../uses.ts'

/** Advisories about widely used actions, with the first version that is mended. */
const ADVISORIES: Readonly<
  Record<string, { readonly id: string; readonly fixed: readonly number[]; readonly since?: readonly number[] }>
> = {
  'actions/download-artifact': { id: 'GHSA-cxww-7g56-2vh6', since: [4, 0, 0], fixed: [4, 1, 3] },
  'aquasecurity/setup-trivy': { id: 'GHSA-69fq-xp46-6x23', fixed: [0, 2, 6] },
  'aquasecurity/trivy-action': { id: 'GHSA-69fq-xp46-6x23', fixed: [0, 35, 0] },
  'dawidd6/action-download-artifact': { id: 'GHSA-5xr6-xhww-33m4', fixed: [6] },
  'pypa/gh-action-pypi-publish': { id: 'GHSA-vxmw-7h4f-hqxh', fixed: [1, 13, 0] },
  'sonarsource/sonarqube-scan-action': { id: 'GHSA-5xq9-5g24-4g6f', since: [4, 0, 0], fixed: [6, 0, 0] },
  'step-security/harden-runner': { id: 'GHSA-46g3-37rh-v698', fixed: [2, 16, 0] },
  'tj-actions/branch-names': { id: 'GHSA-gq52-6phf-x2r6', fixed: [9, 0, 0] },
  'tj-actions/changed-files': { id: 'GHSA-mrrh-fwg8-r2c3', fixed: [46, 0, 1] },
}

export const knownVulnerableActions: Rule = {
  id: 'known-vulnerable-actions',
  title: 'No action has a version with a known hole',
  why: 'The list is short and needs no network: the best known holes of widely used actions. It does not replace a look into an advisory database.',
  corresponds: {
    zizmor: 'known-vulnerable-actions',
    poutine: 'known_vulnerability_in_build_component',
    octoscan: 'known-vulnerability',
  },
  severity: 'error',
  remediation: { before: '- uses: tj-actions/changed-files@… # v45.0.7', after: '- uses: tj-actions/changed-files@… # v47.0.0' },
  check: (document) =>
    document.uses.flatMap(({ value, uses }) => {
      if (uses.kind !== 'repository') return []
      const advisory = ADVISORIES[uses.repository.toLowerCase()]
      const version = versionOf(SHA.test(uses.ref) ? (commentAt(document, value.from)?.text ?? '') : uses.ref)
      // A major or minor version alone is the newest of its kind.
      if (advisory === undefined || version === undefined || !isBefore(version, advisory.fixed)) return []
      if (advisory.since !== undefined && isBefore(version, advisory.since)) return []
      const [shown, fixed] = [version.join('.'), advisory.fixed.join('.')]
      return [{ at: value.from, message: `${uses.repository} ${shown} has the hole ${advisory.id}, mended in ${fixed}` }]
    }),
}

function isBefore(version: readonly number[], other: readonly number[]): boolean {
  for (const [index, part] of version.entries()) {
    const difference = part - (other[index] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}
