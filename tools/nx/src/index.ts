export {
  CLOSURES_FILE,
  type ClosureEntry,
  type ClosureTable,
  type CommittedClosures,
  closuresOf,
  readClosures,
  renderClosures,
  type StaleProject,
  staleProjects,
} from './core/closures.ts'
export { describeBase } from './core/base.ts'
export { nxWords } from './core/nx-words.ts'
export { runAffected } from './cli/affected.ts'
export { namesOption } from './cli/options.ts'
export { baseOrAll } from './cli/resolve-base.ts'
export { warnWhenWide } from './cli/warn-when-wide.ts'
export { diskStateIfListed } from './io/disk-state.ts'
export { headCommit } from './io/head-commit.ts'
export { readNxJson } from './io/nx-json.ts'
export { expectKnownTargets } from './core/hook-checks.ts'
export { plannedTasks } from './io/planned-tasks.ts'
export { readDurations } from './io/run-report.ts'
export { pluginOptionsIn } from './io/settings.ts'
export { writeWhole } from './io/write-whole.ts'
export { workspaceFilesOnDisk } from './io/workspace-files.ts'
