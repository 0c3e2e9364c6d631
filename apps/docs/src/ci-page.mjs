import { BEGUN, REQUIREMENTS } from './requirements.mjs'

/** @typedef {{ id: string, purpose: string, command: string, needs: string[], minutes: number, satisfies: string[] }} Job */

/**
 * What CI does, job by job, from the model that the workflows are made of.
 *
 * @param {{ workflows: { file: string, satisfies: string[], jobs: Job[] }[] }} ci what `interlock ci jobs --json` prints
 * @returns {string} Markdown
 */
export function ciPage({ workflows }) {
  const states = requirementStates(
    workflows.flatMap(({ satisfies, jobs }) => [...satisfies, ...jobs.flatMap((job) => job.satisfies)]),
  )
  return `# What CI does

Every job checks the commit out, makes the machine ready and types one command. The same command works on a laptop.

${workflows.map(({ file, jobs }) => `## ${file}\n\n| Job | What for | What it types | After | Minutes at most |\n|---|---|---|---|---|\n${jobs.map(row).join('\n')}\n`).join('\n')}
## Requirements

| Id | Requirement | State |
|---|---|---|
${states.map(({ id, text, state }) => `| ${id} | ${text} | ${state} |`).join('\n')}
`
}

/**
 * The state of every requirement. Throws for an id that nobody knows, and for one that is satisfied and still listed as begun.
 *
 * @param {readonly string[]} satisfied
 */
export function requirementStates(satisfied) {
  const unknown = [...satisfied, ...Object.keys(BEGUN)].find((id) => !Object.hasOwn(REQUIREMENTS, id))
  if (unknown !== undefined) throw new Error(`${unknown} is no requirement`)
  const both = satisfied.find((id) => Object.hasOwn(BEGUN, id))
  if (both !== undefined) throw new Error(`${both} is satisfied: take it out of what is begun`)
  return Object.entries(REQUIREMENTS).map(([id, text]) => ({
    id,
    state: satisfied.includes(id) ? 'satisfied' : (BEGUN[id] ?? 'waits'),
    text,
  }))
}

/** @param {Job} job */
function row({ id, purpose, command, needs, minutes }) {
  return `| \`${id}\` | ${purpose} | \`${command}\` | ${needs.map((need) => `\`${need}\``).join(', ')} | ${minutes} |`
}
