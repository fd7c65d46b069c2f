/**
 * IoT Hub: the service and its direct client. The MQTT front is in `mqtt-front.js`, apart, so that a run without a
 * wire does not load a broker.
 */
export {
  type DeviceConnection,
  formatConnectionString,
  HubConnectionStringError,
  parseConnectionString,
} from './connection-string.js';
export {
  type Authentication,
  IotHub,
  type IotHubSettings,
  type ReportReply,
  type TwinReply,
} from './core.js';
export { applyDeployment, DeploymentError } from './deployment.js';
export { DirectHubConnection } from './direct-client.js';
export { type Identity, nameOf, parseName } from './identity.js';
export { moduleConnectionString } from './identity-service.js';
export type { HubSize, Sku } from './limits.js';
export type { MethodOutcome } from './methods.js';
export { type IdentityKeys, type IdentityRecord, RegistryError } from './registry.js';
export type { TelemetryRecord } from './telemetry.js';
