/** Variables that would change what a referee does, or let it look into the network. */
const FOREIGN = /^(?:ZIZMOR_|GH_|GITHUB_|ACTIONS_|RUNNER_|INPUT_|RUST_|PYTHON|DOCKER_HOST$|CI$|FORCE_COLOR$)/u

/** What is added to this process's environment, so that a referee says the same everywhere. */
export function refereeEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string | undefined>> {
  const foreign = [...Object.keys(env), ...Object.keys(process.env)].filter((name) => FOREIGN.test(name))
  return { ...Object.fromEntries(foreign.map((name) => [name, undefined])), NO_COLOR: '1' }
}
