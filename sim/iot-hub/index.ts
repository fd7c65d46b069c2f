export {
  type Authentication,
  IotHub,
  type IotHubSettings,
  type ReportReply,
  type TwinReply,
} from './core.js';
export { applyDeployment, DeploymentError } from './deployment.js';
export { type DirectCredentials, DirectHubConnection } from './direct-client.js';
export { type Identity, nameOf, parseName } from './identity.js';
export { moduleConnectionString } from './identity-service.js';
export type { HubSize, Sku } from './limits.js';
export type { MethodOutcome } from './methods.js';
export { type MqttFront, openMqttFront } from './mqtt-front.js';
export { type IdentityKeys, type IdentityRecord, RegistryError } from './registry.js';
export type { TelemetryRecord } from './telemetry.js';
