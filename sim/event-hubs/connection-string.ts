import type { AccessRight } from './core/configuration.js';
import type { EventHubsCore } from './core/core.js';

/** The connection string of the namespace in a world, where a WebSocket class leads to it. */
export function connectionString(core: EventHubsCore, ...rights: readonly AccessRight[]): string {
  return `Endpoint=sb://${core.configuration.name}.servicebus.windows.net/;${credentialsOf(core, rights)}`;
}

/** The connection string for plain AMQP on a loopback port, as for Microsoft's emulator. */
export function loopbackConnectionString(
  core: EventHubsCore,
  port: number,
  ...rights: readonly AccessRight[]
): string {
  return onLoopback(port, credentialsOf(core, rights));
}

/** The same with a key of one policy, which may be its secondary one. */
export function loopbackConnectionStringOf(port: number, policyName: string, key: string): string {
  return onLoopback(port, credentials(policyName, key));
}

function onLoopback(port: number, shown: string): string {
  return `Endpoint=sb://localhost:${port};${shown};UseDevelopmentEmulator=true`;
}

function credentialsOf(core: EventHubsCore, rights: readonly AccessRight[]): string {
  const policy = core.access.policyWith(...rights);
  return credentials(policy.name, policy.key);
}

function credentials(policyName: string, key: string): string {
  return `SharedAccessKeyName=${policyName};SharedAccessKey=${key}`;
}
