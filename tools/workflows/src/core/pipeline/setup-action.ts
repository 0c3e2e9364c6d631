import type { LocalAction, PlainStep } from '../model/types.ts'
import type { PipelineFacts } from './facts.ts'
import { PINS } from './pins.ts'

export const SETUP = 'setup' as const

/** What a job that only judges needs. */
export const PACKAGES_ONLY: Readonly<Record<string, string>> = { only: 'packages' }

/** What the machine of the monthly targets needs besides. */
export const MONTHLY_SETUP: Readonly<Record<string, string>> = { also: 'monthly' }

/** The action keeps packages by itself where package.json names its manager, also beside rights and on own machines. */
const NODE: PlainStep = {
  kind: 'action',
  name: 'Node',
  pin: PINS.setupNode,
  with: { 'node-version': '20', 'package-manager-cache': 'false' },
}

/** The one place where a machine is made ready: languages, packages, environments. */
export function setupAction({ section, pythonVersions, hasSetupScript }: PipelineFacts): LocalAction {
  const everything = { expr: "inputs.only == ''" }
  const pythons: PlainStep = {
    kind: 'action',
    name: 'Python',
    pin: PINS.setupPython,
    with: { 'python-version': `${pythonVersions.join('\n')}\n` },
    if: everything,
  }
  const packages = (condition: { readonly expr: string }): PlainStep => ({
    kind: 'command',
    name: 'Packages',
    words: ['npm', 'ci', '--no-audit', '--no-fund'],
    if: condition,
  })
  const { monthlySetup } = section
  // It stands there without a script, too: then npm says which one is missing.
  const monthly: readonly PlainStep[] = monthlySetup.map((option) => ({
    kind: 'command',
    name: `Monthly, ${option}`,
    words: ['npm', 'run', 'setup', '--', option],
    if: { expr: "inputs.also == 'monthly'" },
  }))
  const also = { description: '"monthly" for the targets that run once a month', default: '' }
  return {
    id: SETUP,
    description: 'Makes a machine ready for Interlock',
    inputs: {
      only: { description: '"packages" for a job that runs no task', default: '' },
      ...(monthly.length === 0 ? {} : { also }),
    },
    steps: hasSetupScript
      ? [
          NODE,
          pythons,
          { kind: 'command', name: 'Everything', words: ['npm', 'run', 'setup'], if: everything },
          packages({ expr: "inputs.only == 'packages'" }),
          ...monthly,
        ]
      : [NODE, pythons, packages({ expr: 'always()' }), ...monthly],
  }
}
