import type { LocalAction, PlainStep } from '../model/types.ts'
import type { PipelineFacts } from './facts.ts'
import { PINS } from './pins.ts'

export const SETUP = 'setup' as const

/** What a job that only judges needs. */
export const PACKAGES_ONLY: Readonly<Record<string, string>> = { only: 'packages' }

/** The action keeps packages by itself where package.json names its manager, also beside rights and on own machines. */
const NODE: PlainStep = {
  kind: 'action',
  name: 'Node',
  pin: PINS.setupNode,
  with: { 'node-version': '20', 'package-manager-cache': 'false' },
}

/** The one place where a machine is made ready: languages, packages, environments. */
export function setupAction({ pythonVersions, hasSetupScript }: PipelineFacts): LocalAction {
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
  return {
    id: SETUP,
    description: 'Makes a machine ready for Interlock',
    inputs: { only: { description: '"packages" for a job that runs no task', default: '' } },
    steps: hasSetupScript
      ? [
          NODE,
          pythons,
          { kind: 'command', name: 'Everything', words: ['npm', 'run', 'setup'], if: everything },
          packages({ expr: "inputs.only == 'packages'" }),
        ]
      : [NODE, pythons, packages({ expr: 'always()' })],
  }
}
