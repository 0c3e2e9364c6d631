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
export { workspaceFilesOnDisk } from './io/workspace-files.ts'
