import { expect, it } from 'vitest'
import { commandList, commandPage, slugOf } from './command-page.mjs'

const plan = {
  name: 'ci plan',
  help: 'Usage: interlock ci plan [options]\n\nwhat a run has to do,\ndivided | planned\n\nOptions:\n  --json\n',
}

it('lists each command with what it says first, and links to its page', () => {
  expect(commandList([plan])).toContain(
    '| [`interlock ci plan`](./commands/ci-plan) | what a run has to do, divided \\| planned |',
  )
  expect(slugOf(plan)).toBe('ci-plan')
})

it('shows the whole help on the page of a command', () => {
  expect(commandPage(plan)).toBe(`# \`interlock ci plan\`\n\n\`\`\`text\n${plan.help}\`\`\`\n`)
})

it('refuses a command that says nothing about itself', () => {
  expect(() => commandList([{ name: 'x', help: 'Usage: x\n\n\nOptions:\n' }])).toThrow('interlock x does not say what it does')
})
