/**
 * IoT Hub: the service and its direct client. The MQTT front is in `mqtt-front.js`, apart, so that a run without a
 * wire does not load a broker.
 */

export { applyDeployment, DeploymentError } from './configurations/deployment.js';
export {
  type Authentication,
  IotHub,
  type IotHubSettings,
  type ReportReply,
  type TwinReply,
} from './core.js';
export { DirectHubConnection } from './direct-client.js';
export {
  type DeviceConnection,
  formatConnectionString,
  HubConnectionStringError,
  parseConnectionString,
} from './identities/connection-string.js';
export { type Identity, nameOf, parseName } from './identities/identity.js';
export { moduleConnectionString } from './identities/identity-service.js';
export { type IdentityKeys, type IdentityRecord, RegistryError } from './identities/registry.js';
export type { HubSize, Sku } from './limits/limits.js';
export type { MethodOutcome } from './messages/methods.js';
export type { TelemetryRecord } from './messages/telemetry.js';
