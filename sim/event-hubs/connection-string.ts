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
  return `Endpoint=sb://localhost:${port};${credentialsOf(core, rights)};UseDevelopmentEmulator=true`;
}

function credentialsOf(core: EventHubsCore, rights: readonly AccessRight[]): string {
  const policy = core.access.policyWith(...rights);
  return `SharedAccessKeyName=${policy.name};SharedAccessKey=${policy.key}`;
}
