/**
 * The keys of the storage account and of Event Hubs' policies, listed and regenerated while everything runs.
 * Requests and answers are those of "Storage Accounts - Regenerate Key", "Namespaces - Regenerate Keys" and their
 * "List Keys".
 */
import { z } from 'zod';
import type { BlobStorage } from '../../../blob-storage/index.js';
import { loopbackConnectionStringOf } from '../../../event-hubs/connection-string.js';
import { type EventHubsCore, EventHubsError } from '../../../event-hubs/index.js';
import { isOwnPolicy } from '../own-access.js';
import type { KeptPolicyKeys } from './kept-policy-keys.js';
import { ManagementError } from './management-error.js';
import { newKey } from './new-key.js';
import type { OperationName } from './routes.js';

export interface ManagedServices {
  readonly storage: BlobStorage;
  readonly eventHubs: EventHubsCore;
  readonly eventHubsPort: number;
  /** Null: changed keys live as long as the process. */
  readonly kept: KeptPolicyKeys | null;
}

export interface ManagementRequest {
  readonly names: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Operation = (services: ManagedServices, request: ManagementRequest) => object;

/** Each throws `ManagementError`. */
export const OPERATIONS: Readonly<Record<OperationName, Operation>> = {
  listStorageKeys,
  regenerateStorageKey,
  listPolicyKeys,
  regeneratePolicyKeys,
};

const STORAGE_KEY_BYTES = 64;
const POLICY_KEY_BYTES = 32;

const storageBody = z.object({ keyName: z.enum(['key1', 'key2']) });
const policyBody = z.object({
  keyType: z.enum(['PrimaryKey', 'SecondaryKey']),
  /** "If the key value provided, is set for KeyType". */
  key: z.base64().min(1).optional(),
});

function listStorageKeys({ storage }: ManagedServices, { names }: ManagementRequest): object {
  const { account: name = '' } = names;
  const account = storage.account(name);
  if (account === undefined) throw notFound(`the storage account '${name}'`);
  const keys = account.keys.map((value, index) => ({
    keyName: `key${index + 1}`,
    value,
    permissions: 'FULL',
  }));
  return { keys };
}

function regenerateStorageKey(services: ManagedServices, request: ManagementRequest): object {
  listStorageKeys(services, request);
  const { keyName } = read(storageBody, request.body);
  services.storage.regenerateKey(request.names.account ?? '', keyName, newKey(STORAGE_KEY_BYTES));
  return listStorageKeys(services, request);
}

function listPolicyKeys(services: ManagedServices, { names }: ManagementRequest): object {
  const { hub, policy: policyName = '' } = names;
  const policy = policyOf(services, names);
  const connectionString = (key: string) =>
    loopbackConnectionStringOf(services.eventHubsPort, policyName, key) +
    (hub === undefined ? '' : `;EntityPath=${hub}`);
  const { key, secondaryKey } = policy;
  return {
    keyName: policy.name,
    primaryKey: key,
    primaryConnectionString: connectionString(key),
    ...(secondaryKey === undefined
      ? {}
      : { secondaryKey, secondaryConnectionString: connectionString(secondaryKey) }),
  };
}

function regeneratePolicyKeys(services: ManagedServices, request: ManagementRequest): object {
  const { names } = request;
  const { name } = policyOf(services, names);
  const { key = newKey(POLICY_KEY_BYTES), keyType } = read(policyBody, request.body);
  const which = keyType === 'PrimaryKey' ? 'primary' : 'secondary';
  const hub = names.hub ?? null;
  services.eventHubs.access.rotateKey(name, which, key, hub);
  services.kept?.keep({ policy: name, which, key, hub });
  return listPolicyKeys(services, request);
}

function policyOf({ eventHubs }: ManagedServices, names: ManagementRequest['names']) {
  const { hub, namespace = '', policy = '' } = names;
  const missing = notFound(`the authorization rule '${policy}' of '${hub ?? namespace}'`);
  if (namespace.toLowerCase() !== eventHubs.configuration.name || isOwnPolicy(policy)) throw missing;
  try {
    return eventHubs.access.policyNamed(policy, hub ?? null);
  } catch (error) {
    throw error instanceof EventHubsError ? missing : error;
  }
}

function read<Schema extends z.ZodType>(schema: Schema, body: string): z.infer<Schema> {
  const parsed = schema.safeParse(json(body));
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  throw badRequest(`${first?.path.join('.') || 'the body'}: ${first?.message ?? 'invalid'}`);
}

function json(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw badRequest('the body is not JSON');
  }
}

function notFound(what: string): ManagementError {
  return new ManagementError(404, 'ResourceNotFound', `${what} was not found`);
}

function badRequest(why: string): ManagementError {
  return new ManagementError(400, 'BadRequest', why);
}
