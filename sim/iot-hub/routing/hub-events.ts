/** Telemetry, and events of the hub itself ("Azure IoT Hub non-telemetry event schemas"), on their way to the routes. */
import type { Properties } from '../../../pipeline/camera-module/hub-connection.js';
import type { IotHub } from '../core.js';
import { type Identity, nameOf, parseName } from '../identities/identity.js';
import { seenByService } from '../twins/twin-document.js';
import { etagOf } from '../twins/twin-view.js';
import type { TwinChange } from '../twins/twins.js';
import type { MessageSource } from './message.js';

type EventSource = Exclude<MessageSource, 'DeviceMessages'>;

interface HubEvent {
  readonly source: EventSource;
  readonly identity: Identity;
  readonly generationId: string;
  readonly opType: string;
  readonly body: Properties;
}

const SCHEMA: Readonly<Record<EventSource, string>> = {
  TwinChangeEvents: 'twinChangeNotification',
  DeviceLifecycleEvents: 'deviceLifecycleNotification',
  DeviceConnectionStateEvents: 'deviceConnectionStateNotification',
};

/** From now on everything that `hub` has to tell goes through its routes. */
export function reportHubEvents(hub: IotHub): void {
  hub.telemetry.onRecord((record) => {
    const { body, enqueuedAtMs, identity, method, properties, system } = record;
    const generationId = generationOf(hub, identity);
    const source = 'DeviceMessages';
    hub.routing.route({ source, identity, generationId, method, body, properties, system, enqueuedAtMs });
  });
  let events = 0;
  const tell = (event: () => HubEvent) => {
    if (!hub.routing.hasEndpoints) return;
    routeEvent(hub, event(), ++events);
  };
  hub.registry.onChanged(({ generationId, identity }, what) => {
    if (what === 'updated') return;
    const opType = what === 'created' ? 'createDeviceIdentity' : 'deleteDeviceIdentity';
    const source = 'DeviceLifecycleEvents';
    tell(() => ({ source, identity, generationId, opType, body: wholeTwin(hub, identity) }));
  });
  hub.twins.onChanged((name, change) => {
    const identity = parseName(name);
    if (identity === null) return;
    const generationId = generationOf(hub, identity);
    const source = 'TwinChangeEvents';
    const body = () =>
      change.how === 'replaceTwin' ? wholeTwin(hub, identity) : changedTwin(hub, name, change);
    tell(() => ({ source, identity, generationId, opType: change.how, body: body() }));
  });
  let connectionChanges = 0;
  hub.connections.onChanged(({ record }, opType) => {
    const { generationId, identity } = record;
    tell(() => {
      const body = { sequenceNumber: sequenceText(hub.services.clock.now(), ++connectionChanges) };
      return { source: 'DeviceConnectionStateEvents', identity, generationId, opType, body };
    });
  });
}

function routeEvent(hub: IotHub, event: HubEvent, count: number): void {
  const { body, generationId, identity, opType, source } = event;
  const enqueuedAtMs = hub.services.clock.now();
  hub.routing.route({
    source,
    identity,
    generationId,
    method: null,
    body: Buffer.from(JSON.stringify(body)),
    system: { ct: 'application/json', ce: 'utf-8', cid: count.toString(16), uid: hub.name },
    properties: {
      hubName: hub.name,
      deviceId: identity.deviceId,
      ...(identity.moduleId === null ? {} : { moduleId: identity.moduleId }),
      operationTimestamp: new Date(enqueuedAtMs).toISOString(),
      'iothub-message-schema': SCHEMA[source],
      opType,
    },
    enqueuedAtMs,
  });
}

function generationOf(hub: IotHub, identity: Identity): string {
  return hub.registry.find(nameOf(identity))?.generationId ?? '';
}

function wholeTwin(hub: IotHub, identity: Identity): Properties {
  const twin = hub.twins.get(nameOf(identity));
  return {
    deviceId: identity.deviceId,
    ...(identity.moduleId === null ? {} : { moduleId: identity.moduleId }),
    etag: etagOf(twin),
    version: twin.revision,
    ...(Object.keys(twin.tags).length === 0 ? {} : { tags: twin.tags }),
    properties: { desired: seenByService(twin.desired), reported: seenByService(twin.reported) },
  };
}

/** "On an update, the body contains the updated tags and properties and their associated metadata." */
function changedTwin(hub: IotHub, name: string, { part, patch }: TwinChange): Properties {
  const twin = hub.twins.get(name);
  if (part === 'tags') return { version: twin.revision, tags: patch };
  const { metadata, version } = twin[part];
  return {
    version: twin.revision,
    properties: { [part]: { ...patch, $metadata: metadata, $version: version } },
  };
}

const SEQUENCE_HEX_DIGITS = 64;
const COUNT_HEX_DIGITS = 24;

/** "A string representation of a hexadecimal number … 256 bit … strictly increasing": the time, then a count. */
function sequenceText(nowMs: number, count: number): string {
  const counted = count.toString(16).padStart(COUNT_HEX_DIGITS, '0');
  return `${nowMs.toString(16)}${counted}`.toUpperCase().padStart(SEQUENCE_HEX_DIGITS, '0');
}
