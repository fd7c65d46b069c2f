/** Every route of the management of keys and who may take it. What is not listed here reaches nothing. */
import type { Role } from '../../../power-bi/index.js';

export type OperationName =
  | 'listStorageKeys'
  | 'regenerateStorageKey'
  | 'listPolicyKeys'
  | 'regeneratePolicyKeys';

export interface ManagementRoute {
  readonly method: 'POST';
  /** `{name}` stands for one part of the path. */
  readonly path: string;
  readonly operation: OperationName;
  readonly roles: readonly Role[];
}

export interface TakenRoute {
  readonly route: ManagementRoute;
  /** What stands for the `{name}`s. */
  readonly names: Readonly<Record<string, string>>;
}

/** Where resources of `footfall up` are, as Azure Resource Manager names places. */
export const RESOURCE_GROUP =
  '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/footfall/providers';

const OPERATORS: readonly Role[] = ['operator'];
const ACCOUNT = `${RESOURCE_GROUP}/Microsoft.Storage/storageAccounts/{account}`;
const NAMESPACE = `${RESOURCE_GROUP}/Microsoft.EventHub/namespaces/{namespace}`;
const RULE = `${NAMESPACE}/authorizationRules/{policy}`;
const HUB_RULE = `${NAMESPACE}/eventhubs/{hub}/authorizationRules/{policy}`;

const post = (path: string, operation: OperationName): ManagementRoute => ({
  method: 'POST',
  path,
  operation,
  roles: OPERATORS,
});

export const MANAGEMENT_ROUTES: readonly ManagementRoute[] = [
  post(`${ACCOUNT}/listKeys`, 'listStorageKeys'),
  post(`${ACCOUNT}/regenerateKey`, 'regenerateStorageKey'),
  post(`${RULE}/listKeys`, 'listPolicyKeys'),
  post(`${RULE}/regenerateKeys`, 'regeneratePolicyKeys'),
  post(`${HUB_RULE}/listKeys`, 'listPolicyKeys'),
  post(`${HUB_RULE}/regenerateKeys`, 'regeneratePolicyKeys'),
];

const PATTERNS = MANAGEMENT_ROUTES.map((route) => ({ route, pattern: patternOf(route.path) }));

/** `other`: the path is there, but not for that method. Paths are case-insensitive, as in Azure. */
export function managementRouteOf(method: string, path: string): TakenRoute | 'other' | null {
  for (const { pattern, route } of PATTERNS) {
    const match = pattern.exec(path);
    if (match) return method === route.method ? { route, names: match.groups ?? {} } : 'other';
  }
  return null;
}

export function accountPath(account: string): string {
  return ACCOUNT.replace('{account}', account);
}

export function policyPath(namespace: string, policy: string): string {
  return RULE.replace('{namespace}', namespace).replace('{policy}', policy);
}

function patternOf(path: string): RegExp {
  const literal = path.replace(/[.]/g, '\\.').replace(/\{(\w+)\}/g, '(?<$1>[\\w.-]+)');
  return new RegExp(`^${literal}$`, 'i');
}
