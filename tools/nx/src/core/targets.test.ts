import { describe, expect, it } from 'vitest'
import { readerProject, readerResult, targetPlan } from '../testing/readers.ts'
import { workspaceFacts } from '../testing/selection.ts'
import { composeGraph } from './compose.ts'
import type { Target } from './model.ts'

const REPORTS = 'dist/{projectName}/coverage{language}'
const report = `${REPORTS}/lcov.info`
const outputs = [`{workspaceRoot}/${REPORTS}`]

const rust = {
  test: targetPlan({ tests: { runner: 'cargo', allowNoTests: false } }),
  coverage: targetPlan({
    command: ['cargo', 'llvm-cov', '--output-path', report],
    tests: { runner: 'cargo', allowNoTests: false, report, llvmTools: true, minimumCoverage: 85 },
    outputs,
  }),
}
const python = {
  test: targetPlan({ command: ['pytest'], tests: { runner: 'pytest', allowNoTests: false, measuredBy: 'measured' } }),
  measured: targetPlan({
    command: ['pytest', `--cov-report=lcov:${report}`],
    tests: { runner: 'pytest', allowNoTests: false, report },
    outputs,
  }),
}

function targetsAt(root: string): Readonly<Record<string, Target>> {
  const results = [
    readerResult('cargo', [readerProject('alone', { targets: rust }), readerProject('both', { targets: rust })]),
    readerResult('python', [
      readerProject('snake', { ecosystem: 'python', targets: python }),
      readerProject('both', { ecosystem: 'python', targets: python }),
    ]),
  ]
  return composeGraph({ results, facts: workspaceFacts() }).projects.find((project) => project.root === root)?.targets ?? {}
}

describe('measured tests', () => {
  it('write their report where the reports of every language are, and must write it', () => {
    const { coverage } = targetsAt('alone')
    expect(coverage?.executor).toBe('@interlock/nx:cargo-coverage')
    expect(coverage?.options).toMatchObject({
      command: ['cargo', 'llvm-cov', '--output-path', 'dist/alone/coverage/lcov.info'],
      report: 'dist/alone/coverage/lcov.info',
      minimumCoverage: 85,
    })
    expect(coverage?.outputs).toEqual(['{workspaceRoot}/dist/{projectName}/coverage'])
  })

  it('are a configuration of the test where they are the same tests, and the report is an output only then', () => {
    const { test, measured } = targetsAt('snake')
    expect(test?.options).not.toHaveProperty('report')
    expect(test?.configurations).toEqual({
      coverage: { command: measured?.options?.['command'], report: 'dist/snake/coverage/lcov.info' },
    })
    expect(test?.outputs).toEqual(['{options.report}'])
    expect(targetsAt('alone')['test']).not.toHaveProperty('configurations')
    expect(targetsAt('alone')['test']?.outputs).toEqual([])
  })

  it('of two languages in one directory keep their reports apart', () => {
    const { coverage, measured, 'test-python': test } = targetsAt('both')
    expect(coverage?.options?.['report']).toBe('dist/both/coverage-rust/lcov.info')
    expect(coverage?.outputs).toEqual(['{workspaceRoot}/dist/{projectName}/coverage-rust'])
    expect(measured?.options?.['report']).toBe('dist/both/coverage-python/lcov.info')
    expect(test?.configurations?.['coverage']?.['report']).toBe('dist/both/coverage-python/lcov.info')
  })
})

describe('an image', () => {
  it('is built by an executor, which is told the name of the project wherever it stands', () => {
    const image = targetPlan({
      command: [],
      cache: false,
      executor: {
        name: 'cargo-image',
        options: { program: 'dist/{projectName}/x', ports: [8080], arguments: ['{projectName}'] },
      },
    })
    const results = [readerResult('cargo', [readerProject('alone', { targets: { image } })])]
    const project = composeGraph({ results, facts: workspaceFacts() }).projects.find(({ root }) => root === 'alone')
    expect(project?.targets['image']).toMatchObject({
      executor: '@interlock/nx:cargo-image',
      options: { program: 'dist/alone/x', ports: [8080], arguments: ['{projectName}'] },
      cache: false,
    })
  })
})
