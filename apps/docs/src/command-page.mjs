/** @typedef {{ name: string, help: string }} Command */

/**
 * The list of commands, each with the first line of what it says about itself.
 *
 * @param {readonly Command[]} verbs
 * @returns {string} Markdown
 */
export function commandList(verbs) {
  const rows = verbs.map((verb) => `| [\`interlock ${verb.name}\`](./commands/${slugOf(verb)}) | ${summaryOf(verb)} |`)
  return `# Commands

Every verb takes \`--json\` and works from any folder of the clone.

| command | what it does |
|---|---|
${rows.join('\n')}
`
}

/**
 * The page of one command: its own help.
 *
 * @param {Command} verb
 * @returns {string} Markdown
 */
export function commandPage({ name, help }) {
  return `# \`interlock ${name}\`\n\n\`\`\`text\n${help.trimEnd()}\n\`\`\`\n`
}

/** `ci-plan`: the name of its file. @param {Command} verb */
export function slugOf({ name }) {
  return name.replaceAll(' ', '-')
}

/** The lines between the usage and the options. @param {Command} verb */
function summaryOf({ name, help }) {
  const [, , ...lines] = help.split('\n')
  const summary = lines.slice(0, lines.indexOf('')).join(' ').trim()
  if (summary === '') throw new Error(`interlock ${name} does not say what it does`)
  return summary.replaceAll('|', '\\|')
}
