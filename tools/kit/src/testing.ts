export { createTestWorkspace, type TestWorkspace, type TestWorkspaceOptions } from './testing/workspace.ts'
export { linkNodeModules, nx } from './testing/nx.ts'
