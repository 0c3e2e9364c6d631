import type { Rule } from '../rule.ts'
import { adhocPackages } from './adhoc-packages.ts'
import { anonymousDefinition } from './anonymous-definition.ts'
import { archivedUses } from './archived-uses.ts'
import { artipacked } from './artipacked.ts'
import { botConditions } from './bot-conditions.ts'
import { cachePoisoning } from './cache-poisoning.ts'
import { cancelsProtectedRuns } from './cancels-protected-runs.ts'
import { concurrencyLimits } from './concurrency-limits.ts'
import { constantCondition } from './constant-condition.ts'
import { continueOnError } from './continue-on-error.ts'
import { dangerousTriggers } from './dangerous-triggers.ts'
import { debugEnabled } from './debug-enabled.ts'
import { dependabotActions } from './dependabot-actions.ts'
import { dependabotCooldown } from './dependabot-cooldown.ts'
import { dependabotExecution } from './dependabot-execution.ts'
import { deprecatedCommands } from './deprecated-commands.ts'
import { deprecatedRuntime } from './deprecated-runtime.ts'
import { duplicateMatrixValue } from './duplicate-matrix-value.ts'
import { emptyBase } from './empty-base.ts'
import { excessivePermissions } from './excessive-permissions.ts'
import { filteredGate } from './filtered-gate.ts'
import { floatVersion } from './float-version.ts'
import { gateIgnoresResults } from './gate-ignores-results.ts'
import { gateMissesJobs } from './gate-misses-jobs.ts'
import { gateWithoutAlways } from './gate-without-always.ts'
import { githubApp } from './github-app.ts'
import { githubEnv } from './github-env.ts'
import { hardcodedContainerCredentials } from './hardcoded-container-credentials.ts'
import { idTokenWithoutEnvironment } from './id-token-without-environment.ts'
import { ifAlwaysTrue } from './if-always-true.ts'
import { insecureCommands } from './insecure-commands.ts'
import { insecureUrlScheme } from './insecure-url-scheme.ts'
import { knownVulnerableActions } from './known-vulnerable-actions.ts'
import { leakyArtifact } from './leaky-artifact.ts'
import { localActionBeforeCheckout } from './local-action-before-checkout.ts'
import { lostPipeFailure } from './lost-pipe-failure.ts'
import { matrixSize } from './matrix-size.ts'
import { misfeature } from './misfeature.ts'
import { missingTimeout } from './missing-timeout.ts'
import { movingRunner } from './moving-runner.ts'
import { obfuscation } from './obfuscation.ts'
import { overprovisionedSecrets } from './overprovisioned-secrets.ts'
import { prRunsOnSelfHosted } from './pr-runs-on-self-hosted.ts'
import { refVersionMismatch } from './ref-version-mismatch.ts'
import { scriptInjection } from './script-injection.ts'
import { secretsInherit } from './secrets-inherit.ts'
import { secretsOutsideEnv } from './secrets-outside-env.ts'
import { selfHostedRunner } from './self-hosted-runner.ts'
import { selfRepository } from './self-repository.ts'
import { shallowAffected } from './shallow-affected.ts'
import { superfluousActions } from './superfluous-actions.ts'
import { swallowedFailure } from './swallowed-failure.ts'
import { templateInjection } from './template-injection.ts'
import { undocumentedPermissions } from './undocumented-permissions.ts'
import { unknownRunner } from './unknown-runner.ts'
import { unpinnedImages } from './unpinned-images.ts'
import { unpinnedTools } from './unpinned-tools.ts'
import { unpinnedUses } from './unpinned-uses.ts'
import { unredactedSecrets } from './unredacted-secrets.ts'
import { unreviewedAction } from './unreviewed-action.ts'
import { unsoundCondition } from './unsound-condition.ts'
import { unsoundContains } from './unsound-contains.ts'
import { unsoundTernary } from './unsound-ternary.ts'
import { untrustedCheckout } from './untrusted-checkout.ts'
import { unverifiedScriptExec } from './unverified-script-exec.ts'
import { useTrustedPublishing } from './use-trusted-publishing.ts'
import { versionComment } from './version-comment.ts'

/** Every rule, by id. */
export const RULES: readonly Rule[] = [
  adhocPackages,
  anonymousDefinition,
  archivedUses,
  artipacked,
  botConditions,
  cachePoisoning,
  cancelsProtectedRuns,
  concurrencyLimits,
  constantCondition,
  continueOnError,
  dangerousTriggers,
  debugEnabled,
  dependabotActions,
  dependabotCooldown,
  dependabotExecution,
  deprecatedCommands,
  deprecatedRuntime,
  duplicateMatrixValue,
  emptyBase,
  excessivePermissions,
  filteredGate,
  floatVersion,
  gateIgnoresResults,
  gateMissesJobs,
  gateWithoutAlways,
  githubApp,
  githubEnv,
  hardcodedContainerCredentials,
  idTokenWithoutEnvironment,
  ifAlwaysTrue,
  insecureCommands,
  insecureUrlScheme,
  knownVulnerableActions,
  leakyArtifact,
  localActionBeforeCheckout,
  lostPipeFailure,
  matrixSize,
  misfeature,
  missingTimeout,
  movingRunner,
  obfuscation,
  overprovisionedSecrets,
  prRunsOnSelfHosted,
  refVersionMismatch,
  scriptInjection,
  secretsInherit,
  secretsOutsideEnv,
  selfHostedRunner,
  selfRepository,
  shallowAffected,
  superfluousActions,
  swallowedFailure,
  templateInjection,
  undocumentedPermissions,
  unknownRunner,
  unpinnedImages,
  unpinnedTools,
  unpinnedUses,
  unredactedSecrets,
  unreviewedAction,
  unsoundCondition,
  unsoundContains,
  unsoundTernary,
  untrustedCheckout,
  unverifiedScriptExec,
  useTrustedPublishing,
  versionComment,
]
