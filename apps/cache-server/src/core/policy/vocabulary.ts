import type { Issuer } from './schema.ts'

/** An issuer whose tokens are documented. */
type Preset = Exclude<Issuer['kind'], 'other'>

const STANDARD = ['aud', 'exp', 'iat', 'iss', 'jti', 'nbf', 'sub']

/** The claims that tokens of a job have, as each service documents them. */
const CLAIMS: Readonly<Record<Preset, readonly string[]>> = {
  github: [
    ...STANDARD,
    'actor',
    'actor_id',
    'base_ref',
    'check_run_id',
    'enterprise',
    'enterprise_id',
    'environment',
    'environment_node_id',
    'event_name',
    'head_ref',
    'issuer_scope',
    'job_workflow_ref',
    'job_workflow_sha',
    'ref',
    'ref_protected',
    'ref_type',
    'repository',
    'repository_id',
    'repository_owner',
    'repository_owner_id',
    'repository_visibility',
    'run_attempt',
    'run_id',
    'run_number',
    'runner_environment',
    'sha',
    'workflow',
    'workflow_ref',
    'workflow_sha',
  ],
  gitlab: [
    ...STANDARD,
    'ci_config_ref_uri',
    'ci_config_sha',
    'deployment_tier',
    'environment',
    'environment_action',
    'environment_protected',
    'groups_direct',
    'job_config',
    'job_id',
    'job_namespace_id',
    'job_namespace_path',
    'job_policy_ref_sha',
    'job_policy_ref_uri',
    'job_project_id',
    'job_project_path',
    'job_source',
    'namespace_id',
    'namespace_path',
    'pipeline_id',
    'pipeline_source',
    'project_id',
    'project_path',
    'project_visibility',
    'ref',
    'ref_path',
    'ref_protected',
    'ref_type',
    'runner_environment',
    'runner_id',
    'sha',
    'user_access_level',
    'user_email',
    'user_id',
    'user_identities',
    'user_login',
  ],
}

/** What starts jobs. */
const EVENTS: Readonly<Record<Preset, readonly string[]>> = {
  github: [
    'branch_protection_rule',
    'check_run',
    'check_suite',
    'create',
    'delete',
    'deployment',
    'deployment_status',
    'discussion',
    'discussion_comment',
    'dynamic',
    'fork',
    'gollum',
    'image_version',
    'issue_comment',
    'issues',
    'label',
    'merge_group',
    'milestone',
    'page_build',
    'project',
    'project_card',
    'project_column',
    'public',
    'pull_request',
    'pull_request_review',
    'pull_request_review_comment',
    'pull_request_target',
    'push',
    'registry_package',
    'release',
    'repository_dispatch',
    'schedule',
    'status',
    'watch',
    'workflow_dispatch',
    'workflow_run',
  ],
  gitlab: [
    'api',
    'chat',
    'container_registry_push',
    'duo_workflow',
    'external',
    'external_pull_request_event',
    'merge_request_event',
    'ondemand_dast_scan',
    'ondemand_dast_validation',
    'parent_pipeline',
    'pipeline',
    'pipeline_execution_policy_schedule',
    'push',
    'schedule',
    'security_orchestration_policy',
    'trigger',
    'unknown',
    'web',
    'webide',
  ],
}

/** What organisations add to the tokens of GitHub: properties of a repository, under names of their own. */
const OWN_NAMES = /^repo_property_/u

/** The claims that a token may have; `undefined` where nobody knows, or where this one is as good as known. */
export function claimsOf(kind: Issuer['kind'], claim: string): readonly string[] | undefined {
  return kind === 'other' || (kind === 'github' && OWN_NAMES.test(claim)) ? undefined : CLAIMS[kind]
}

/** What may start a job; `undefined` where nobody knows. */
export function eventsOf(kind: Issuer['kind']): readonly string[] | undefined {
  return kind === 'other' ? undefined : EVENTS[kind]
}
