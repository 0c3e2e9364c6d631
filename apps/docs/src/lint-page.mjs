/**
 * @typedef {{ id: string, shortDescription: { text: string }, fullDescription: { text: string }, help: { markdown: string },
 *   defaultConfiguration: { level: string }, properties?: { corresponds: Record<string, string> } }} Rule
 */

/**
 * One section for every rule of `interlock ci lint`, from what the rules say about themselves.
 *
 * @param {{ runs: { tool: { driver: { rules: Rule[] } } }[] }} sarif what `interlock ci lint --sarif -` prints
 * @returns {string} Markdown
 */
export function lintPage({ runs }) {
  const described = runs[0]?.tool.driver.rules ?? []
  const rules = described.filter(({ properties }) => properties !== undefined)
  const others = described.filter(({ properties }) => properties === undefined)
  if (rules.length === 0) throw new Error('no rule was found')
  return `# Rules of ci lint

\`interlock ci lint\` asks ${rules.length} rules and GitHub's own parser about the files below \`.github\`. What it does with a finding, and how one is suppressed: [CI](../concepts/ci#what-is-wrong-with-a-workflow).

A rule that asks what an audit of zizmor asks has its name. poutine, octoscan, pinact and Scorecard were **not run**: they cannot be installed where this is tested. That a rule corresponds to one of their checks is taken from the name and the description of the check. What zizmor says of the same files: [Lint beside zizmor](../benchmarks/lint).

| Finds besides the rules | |
|---|---|
${others.map(({ id, shortDescription }) => `| \`${id}\` | ${shortDescription.text} |`).join('\n')}

${rules.map(section).join('\n')}`
}

/** @param {Rule} rule */
function section({ id, shortDescription, defaultConfiguration, help, properties }) {
  const peers = Object.entries(properties?.corresponds ?? {}).map(([tool, audit]) => `${tool} \`${audit}\``)
  return `## ${id}

::: v-pre
${shortDescription.text}. (${defaultConfiguration.level})

${help.markdown}

Corresponds to: ${peers.length === 0 ? 'nothing that a peer asks' : peers.join(', ')}.
:::
`
}
