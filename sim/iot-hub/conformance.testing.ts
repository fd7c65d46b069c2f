/** What Microsoft documents of IoT Hub and DPS, and the test that shows it here; null: absent. */
import type { Behaviour } from '../kernel/conformance-page.testing.js';

const DEVICE = 'device-side.test.ts';
const SERVICE = 'service/service-side.test.ts';
const DPS = 'dps/dps.test.ts';
const DPS_SERVICE = 'dps/service.test.ts';
const AMQP = 'amqp/service-client.test.ts';
const DEVICE_AMQP = 'amqp/device-client.test.ts';
const DEVICE_HTTP = 'service/device-http.test.ts';
const QUEUES = 'messages/service-bound.test.ts';
const ROUTING = 'routing/routing.test.ts';
const LIMITS = 'limits/limits.test.ts';
const MQTT = '../network/mqtt/server-connection.test.ts';
const UP = '../run/up/up.test.ts';
const UP_CLI = '../cli/up.test.ts';
const ROUTING_FILE = '../run/up/routing-file.test.ts';
const STORAGE = '../run/up/storage-endpoint.test.ts';
const REGISTRY_JOBS = 'service/registry-jobs.test.ts';
const LAYERS = 'configurations/layers.test.ts';
const WALK = 'service/sdk-walk.test.ts';

const devices = (what: string, shownBy: Behaviour['shownBy']) =>
  ({ area: 'IoT Hub, devices', what, shownBy }) as const;
const service = (what: string, shownBy: Behaviour['shownBy']) =>
  ({ area: 'IoT Hub, service', what, shownBy }) as const;
const dps = (what: string, shownBy: Behaviour['shownBy']) =>
  ({ area: 'Provisioning', what, shownBy }) as const;

export const BEHAVIOURS: readonly Behaviour[] = [
  devices('MQTT 3.1.1 over TLS, by the device SDK', [UP, 'takes a real device in over MQTT and TLS']),
  devices('MQTT over WebSockets', [UP, 'takes a device in over WebSockets']),
  devices('either of two keys opens; a replaced one does not', [DEVICE, 'both keys open']),
  devices('a second connection drops the first', [DEVICE, 'a second connection with the same id']),
  devices('own topics only', [DEVICE, 'a device may use its own topics alone']),
  devices('a publish of QoS 2 ends the connection', [DEVICE, 'a publish of QoS 2 ends the connection']),
  devices('a subscription of QoS 2 is granted 1', [DEVICE, 'a subscription of QoS 2 is granted QoS 1']),
  devices('five subscriptions at a time', [DEVICE, 'a sixth subscription at a time is refused']),
  devices('connections of one id that drop one another are slowed down', [DEVICE, 'slow one another down']),
  devices('a connection ends with its token', [DEVICE, 'a connection ends with the token']),
  devices('tokens of a policy that grants DeviceConnect', [DEVICE, 'a policy that grants DeviceConnect']),
  devices('messages of 256 KB at most', [DEVICE, 'a message of 256 KB is taken']),
  devices('keep-alive, one and a half times', [MQTT, 'one and a half times its keep-alive']),
  devices('a silence of 29.45 minutes at most', [MQTT, 'suffers no silence beyond the limit']),
  devices('RETAIN becomes the property mqtt-retain', [DEVICE, 'RETAIN becomes a property']),
  devices('wills become device-to-cloud messages', [DEVICE, 'a will becomes a message']),
  devices('cloud-to-device messages, completed by PUBACK', [DEVICE, 'are completed by its PUBACK']),
  devices('delivery counts and dead letters', [DEVICE, 'that are abandoned ten times are given up']),
  devices('complete, reject and abandon over HTTPS', [SERVICE, 'settles its messages all three ways']),
  devices('at most 50 pending messages of 64 KB', [DEVICE, 'are refused beyond fifty']),
  devices('file upload with notification', [SERVICE, 'gets a place for a file']),
  devices('X.509: a fingerprint in a TLS handshake', [UP, 'by the fingerprint of its own certificate']),
  devices('X.509: signed by a certificate authority, in a TLS handshake', [
    UP,
    'by a certificate that its authority signed',
  ]),
  devices('persistent sessions keep subscriptions', [DEVICE, 'receives what came meanwhile']),
  devices('messages at QoS 0 need no PUBACK', [DEVICE, 'at QoS 0 gives messages away']),
  devices('locks of a minute, which do not count as deliveries', [QUEUES, 'runs out after a minute']),
  devices('throttles: traffic is shaped, then refused', [LIMITS, 'above the rate waits its turn']),
  devices('the daily quota, in 4 KB', [LIMITS, 'is metered in 4 KB']),
  devices('AMQP over TLS, by the device SDK: keys, and X.509', [UP, 'takes a real device in over AMQP']),
  devices('AMQP: telemetry with its properties', [
    DEVICE_AMQP,
    'sends telemetry with application and system',
  ]),
  devices('AMQP: messages completed, rejected and abandoned', [
    DEVICE_AMQP,
    'completes, abandons and rejects its messages',
  ]),
  devices('AMQP: direct methods', [DEVICE_AMQP, 'answers direct methods']),
  devices('AMQP: twins', [DEVICE_AMQP, 'reads its twin, reports, and hears of desired properties']),
  devices('AMQP: refusals say why', [DEVICE_AMQP, 'is told why a message is too large']),
  devices('AMQP: batches', [DEVICE_AMQP, 'sends many messages in one batch']),
  devices('AMQP: modules, their outputs and methods', [DEVICE_AMQP, 'a module over AMQP sends to an output']),
  devices('AMQP: many devices on one connection, each by its own token', [
    DEVICE_AMQP,
    'carries the devices of a gateway',
  ]),
  devices('AMQP: links end with the token, and with a second connection', [
    DEVICE_AMQP,
    'ends with the token of its device',
  ]),
  devices('HTTPS, by the device SDK: telemetry, batches, messages', [
    DEVICE_HTTP,
    'sends many messages in one request',
  ]),
  devices('modules over MQTT, with topics, twins and methods of their own', [
    DEVICE,
    'a module over MQTT has topics',
  ]),
  devices('AMQP: malformed frames and requests harm nobody else', [
    DEVICE_AMQP,
    'bytes of any kind on other connections',
  ]),
  devices('malformed packets harm nobody else', [DEVICE, 'of any bytes harms nobody']),
  devices('the built-in endpoint with iothub-* annotations', [UP, 'a consumer of the built-in endpoint']),
  devices('routes by properties, body and twin', [ROUTING, 'with the query %s takes the message']),
  devices('the fallback route', [ROUTING, 'leaves the message to the fallback']),
  devices('enrichments', [ROUTING, 'stamp texts, the name of the hub']),
  devices('events of devices that come and go', [ROUTING, 'tell of devices that come and go']),
  devices('events of twins that change', [ROUTING, 'tell what changed in a twin']),
  devices('events of connections, with sequence numbers', [ROUTING, 'tell of connections']),
  devices('routes to event hubs, read by the official consumer', [UP_CLI, 'leads messages by routes']),
  devices('routes to blob storage, as JSON', [STORAGE, 'writes what came within its batch time']),
  devices('routing as it stands in an ARM template', [ROUTING_FILE, 'are read %s']),
  devices('routes to blob storage, as Avro', [STORAGE, 'writes files as %s, with bodies as they came']),
  devices('routes to Service Bus and Cosmos DB', null),
  devices('events to Event Grid', null),
  service('registry: create, read, update, delete', [
    SERVICE,
    'creates, reads, updates and deletes a device',
  ]),
  service('modules, and ETags that guard updates', [SERVICE, 'keeps modules under their device']),
  service('bulk import', [SERVICE, 'imports many at once']),
  service('policies and their rights', [SERVICE, 'is closed to a policy without the right']),
  service('twins and tags under ETags', [SERVICE, 'takes tags and desired properties under its ETag']),
  service('metadata with $lastUpdated', [SERVICE, 'says when each property changed']),
  service('queries: WHERE and pages', [SERVICE, 'is found by queries, page by page']),
  service('queries: GROUP BY and COUNT', [SERVICE, 'is counted by group']),
  service('direct methods', [SERVICE, 'reaches the device and brings its answer']),
  service('automatic deployments by condition and priority', [
    SERVICE,
    'configure a device that comes later',
  ]),
  service('metrics of deployments', [SERVICE, 'count what they target']),
  service('bulk update and deletion under ETags', [WALK, 'updateDevices, with and without force']),
  service('module twins', [WALK, 'getModuleTwin and updateModuleTwin']),
  service('methods of modules', [WALK, 'invokeDeviceMethod of a module']),
  service('continuation tokens', [WALK, 'next with the continuation token']),
  service('queries for jobs', [WALK, 'createQuery by type and status']),
  service('the queue of messages to a device is purged', [WALK, 'drops the messages that wait']),
  service('throttles of service operations, with 429', [WALK, 'let a minute of operations pass']),
  service('layered deployments', [LAYERS, 'adds modules, routes and properties to the deployment beneath']),
  service('layers need a base of lower priority', [LAYERS, 'does nothing without a base of lower priority']),
  service('metrics of layered deployments', [LAYERS, 'is counted as applied beside its base']),
  service('configurations of devices and of modules', [LAYERS, 'sets places in the twins of its targets']),
  service('jobs: twin updates', [SERVICE, 'changes the twins of all devices of its condition']),
  service('jobs: direct methods', [SERVICE, 'calls a method and tells how many did not answer']),
  service('export of devices to a blob', [REGISTRY_JOBS, 'writes a line a device']),
  service('import of devices from a blob', [REGISTRY_JOBS, 'goes by the mode of each line']),
  service('cloud-to-device messages over AMQP, by the service SDK', [
    AMQP,
    'waits for it with all its properties',
  ]),
  service('delivery to a device over TLS and back', [UP, 'from the service SDK over AMQP']),
  service('unknown devices and full queues are refused', [AMQP, 'to nobody is refused']),
  service('feedback', [AMQP, 'tells what became of messages']),
  service('feedback in batches of 64, or fifteen seconds', [
    QUEUES,
    'in batches fifteen seconds after the last',
  ]),
  service('expired, purged and undeliverable messages are told of', [
    QUEUES,
    'tells of messages that were too old',
  ]),
  service('file notifications', [AMQP, 'reaches the receiver of the SDK once the file is there']),
  service('SASL PLAIN', [AMQP, 'is refused with a password']),
  service('receivers of telemetry are redirected', [AMQP, 'is sent to the built-in endpoint']),
  dps('group enrolment by symmetric key', [DPS, 'under the key of its group']),
  dps('individual enrolment before a group', [DPS, 'gets the device id of its own enrolment']),
  dps('X.509 enrolments', [DPS, 'of an individual is known by its fingerprint']),
  dps('allocation by latency', [DPS, 'by latency takes the nearest hub']),
  dps('allocation by hash', [DPS, 'by hash spreads devices over the hubs']),
  dps('assigning, with the time to ask again', [DPS, 'says assigning and when to ask again']),
  dps('disabled enrolments', [DPS, 'tells a device whose enrolment is disabled so']),
  dps('custom allocation by a webhook', [DPS_SERVICE, 'asks a program which hub a device belongs to']),
  dps('a custom allocation that fails', [DPS_SERVICE, 'of a program that %s fails']),
  dps('re-provisioning with its data', [DPS, 'takes its twin along to another hub']),
  dps('re-provisioning from the initial twin', [DPS, 'or starts again from the initial twin']),
  dps('the service API: enrolments under ETags, and their keys', [
    DPS_SERVICE,
    'are created with keys of the service',
  ]),
  dps('the service API: bulk operations', [DPS_SERVICE, 'are made, changed and deleted in bulk']),
  dps('the service API: queries and pages', [DPS_SERVICE, 'are found by queries, page by page']),
  dps('the service API: groups, and the registrations of their devices', [
    DPS_SERVICE,
    'give their devices keys, an initial twin and a hub',
  ]),
  dps('TPM attestation', null),
];
