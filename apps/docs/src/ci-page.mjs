import { BEGUN, REQUIREMENTS, WAITING } from './requirements.mjs'

/** @typedef {{ id: string, check: string, purpose: string, commands: string[], needs: string[], minutes: number, satisfies: string[] }} Job */

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

Every job checks a commit out, makes the machine ready and types one command, which works on a laptop as well. What is no command is an action of the host.

${workflows.map(({ file, jobs }) => `## ${file}\n\n| Job | What for | What it runs | After | Minutes at most |\n|---|---|---|---|---|\n${jobs.map(row).join('\n')}\n`).join('\n')}
## Requirements

| Id | Requirement | State |
|---|---|---|
${states.map(({ id, text, state }) => `| ${id} | ${text} | ${state} |`).join('\n')}
`
}

/**
 * The state of every requirement. Throws for an id that nobody knows, that has two states, or that has none: a requirement
 * that nothing satisfies is named with what it waits for.
 *
 * @param {readonly string[]} satisfied
 */
export function requirementStates(satisfied) {
  const unknown = [...satisfied, ...Object.keys(BEGUN), ...Object.keys(WAITING)].find((id) => !Object.hasOwn(REQUIREMENTS, id))
  if (unknown !== undefined) throw new Error(`${unknown} is no requirement`)
  return Object.entries(REQUIREMENTS).map(([id, text]) => {
    const states = [
      ...(satisfied.includes(id) ? ['satisfied'] : []),
      ...(Object.hasOwn(BEGUN, id) ? [`begun: ${BEGUN[id]}`] : []),
      ...(Object.hasOwn(WAITING, id) ? [`waits for ${WAITING[id]}`] : []),
    ]
    const [state] = states
    if (state === undefined) throw new Error(`nothing satisfies ${id}, and nothing says what it waits for`)
    if (states.length > 1) throw new Error(`${id} is ${states.join(', and ')}`)
    return { id, state, text }
  })
}

/** @param {Job} job */
function row({ id, check, purpose, commands, needs, minutes }) {
  const name = check === id ? code(id) : `${code(id)}, as the check ${code(check)}`
  return `| ${name} | ${purpose} | ${commands.map(code).join('<br>')} | ${needs.map(code).join(', ')} | ${minutes} |`
}

/** @param {string} text */
function code(text) {
  return `\`${text}\``
}
