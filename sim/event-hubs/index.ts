/** Event Hubs: the core, its AMQP front, and the ports of both fidelities. */
export { AmqpFront, type TlsIdentity } from './amqp/front.js';
export { jsonEvent } from './codec/event-message.js';
export { connectionString, loopbackConnectionString } from './connection-string.js';
export {
  type AccessRight,
  type HubConfiguration,
  type NamespaceConfiguration,
  type NamespaceSettings,
  namespaceConfiguration,
  type SharedAccessPolicy,
} from './core/configuration.js';
export { EventHubsCore } from './core/core.js';
export { emulatorSettings } from './core/emulator-configuration.js';
export { EventHubsError } from './core/errors.js';
export { partitionOfKey } from './core/partition-key.js';
export { directProducer, directSource } from './direct-client.js';
export { DiskJournal } from './journal/journal.js';
export {
  type EventHandler,
  type EventProducer,
  EventSendError,
  type EventSource,
  type EventSubscription,
  type ReceivedEvent,
  type SendFailure,
} from './ports.js';
