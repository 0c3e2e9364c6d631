import { verbs as ofNx } from '@interlock/nx/cli'
import { describe, expect, it } from 'vitest'
import { verbs as ofWorkflows } from '../../cli/index.ts'
import { factsFor, WHOLE_SECTION } from '../../testing/facts.ts'
import { printedFor } from '../../testing/printed.ts'

const VERBS = [...ofNx, ...ofWorkflows]
const { steps } = printedFor(factsFor(WHOLE_SECTION))
const commands = [...new Set(steps.flatMap(({ run }) => (run?.startsWith('npx --no interlock ') === true ? [run] : [])))]

describe('a workflow', () => {
  it.each(commands)('types a command that is there, with options that it takes: %s', (command) => {
    const words = command.split(' ').slice(3)
    const verb = VERBS.find(({ name }) => name === words.slice(0, name.split(' ').length).join(' '))
    expect(verb).toBeDefined()
    const flags = words.filter((word) => word.startsWith('-'))
    const known = (verb?.options ?? []).flatMap(({ flags: declared }) => declared.split(/[ ,]+/u))
    expect(flags.filter((flag) => !known.includes(flag))).toEqual([])
    const required = (verb?.options ?? []).filter(({ required: must }) => must === true)
    const given = required.filter(({ flags: declared }) => declared.split(/[ ,]+/u).some((flag) => words.includes(flag)))
    expect(given).toEqual(required)
  })

  it('types more than one command', () => {
    expect(commands.length).toBeGreaterThan(6)
  })
})
