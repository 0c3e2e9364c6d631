import { parseConfig } from '@interlock/kit'
import { describe, expect, it } from 'vitest'
import { ciSection } from './section.ts'

const parse = (text: string): unknown => parseConfig(text, { ci: ciSection }).ci

describe('the section ci', () => {
  it('has a default for everything that has to be there', () => {
    expect(parse('')).toEqual({
      schedule: '0 2 * * *',
      targets: ['format', 'lint', 'typecheck', 'build', 'test'],
      monthly: [],
      monthlySetup: [],
      image: 'ubuntu-24.04',
      environments: [],
      secrets: [],
      engines: [],
      remoteCache: false,
      pins: {},
      handwritten: [],
    })
  })

  it.each([
    [
      'ci:\n  python:\n    - "3.9"\n    - 3.10\n',
      "interlock.yaml:4:7: ci.python[1]: is a number, and YAML reads 3.10 as 3.1: write the version in quotes, as '3.10'",
    ],
    ['ci:\n  python: ["2.7"]\n', 'interlock.yaml:2:12: ci.python[0]: is no version of Python such as "3.12"'],
    ['ci:\n  shedule: "0 2 * * *"\n', 'interlock.yaml:2:12: ci.shedule: there is no such option; did you mean `schedule`?'],
    ['ci:\n  schedule: daily\n', 'interlock.yaml:2:13: ci.schedule: is no schedule of five fields such as "0 2 * * *"'],
    ['ci:\n  schedule: 99 2 * * *\n', 'ci.schedule: has a number that no minute, hour, day, month or weekday is'],
    ['ci:\n  schedule: 0 2 * 1-13 *\n', 'ci.schedule: has a number that no minute'],
    ['ci:\n  python: ["3.9", "3.9"]\n', 'interlock.yaml:2:11: ci.python: names a version twice'],
    ['ci:\n  image: ubuntu-latest\n', 'interlock.yaml:2:10: ci.image: Invalid option: expected one of "ubuntu-24.04"'],
    ['ci:\n  targets: [test, $(id)]\n', 'interlock.yaml:2:19: ci.targets[1]: may only have letters, digits and . _ : -'],
    ['ci:\n  monthly: [-x]\n', 'ci.monthly[0]: may only have letters, digits and . _ : -'],
    ['ci:\n  monthlySetup: [$(id)]\n', 'ci.monthlySetup[0]: is no option such as --coverage'],
    ['ci:\n  targets: []\n', 'interlock.yaml:2:12: ci.targets: Too small'],
    ['ci:\n  main: $(id)\n', 'interlock.yaml:2:9: ci.main: may only have letters, digits and . _ - /'],
    ['ci:\n  main: a/../b\n', 'ci.main: may only have letters'],
    ['ci:\n  main: a/\n', 'ci.main: may only have letters'],
    [
      'ci:\n  docs: { project: docs, output: ../../etc }\n  environments: [{ name: github-pages }]\n',
      'interlock.yaml:2:34: ci.docs.output: is no folder below the workspace',
    ],
    [
      'ci:\n  docs: { project: docs, output: dist }\n',
      'ci.docs.environment: the environment github-pages is not among ci.environments',
    ],
    [
      'ci:\n  secrets: [{ name: TOKEN, environment: crates, owner: "@a", maxAgeDays: 90 }]\n',
      'ci.secrets[0].environment: the environment crates is not among ci.environments',
    ],
    [
      'ci:\n  secrets: [{ name: token, environment: crates, owner: "@a", maxAgeDays: 0 }]\n',
      'ci.secrets[0].name: is no name of a secret such as PYPI_API_TOKEN',
    ],
    [
      'ci:\n  environments: [{ name: gpu }]\n  gpu: { group: gpu, labels: [gpu], environment: gpu, targets: [test] }\n',
      "ci.gpu.environment: the environment gpu has no reviewers: anybody's commit would run on a machine of yours",
    ],
    ['ci:\n  environments: [{ name: a }, { name: a }]\n', 'interlock.yaml:2:39: ci.environments[1].name: a is there twice'],
    [
      'ci:\n  owners: { everything: [team], security: ["@a/b"] }\n',
      'ci.owners.everything[0]: is no @person or @organisation/team',
    ],
  ])('refuses %j', (text, message) => {
    expect(() => parse(text)).toThrow(message)
  })

  it('takes a branch with a slash', () => {
    expect(parse('ci:\n  main: release/2.x\n')).toMatchObject({ main: 'release/2.x' })
  })

  it('keeps a version that is written in quotes', () => {
    expect(parse("ci:\n  python: ['3.9', '3.10']\n")).toMatchObject({ python: ['3.9', '3.10'] })
  })
})
