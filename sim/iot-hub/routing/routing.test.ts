import { beforeEach, describe, expect, test } from 'vitest';
import { realTimeServices } from '../../kernel/index.js';
import { IotHub } from '../core.js';
import type { TelemetryMessage } from '../messages/telemetry.js';
import { DEAF, sessionOf } from '../session.testing.js';
import type { RoutableMessage } from './message.js';
import { DEFAULT_ROUTING, type Route, type RoutingSettings } from './settings.js';

let hub: IotHub;
let arrived: Record<'events' | 'hot' | 'cold', RoutableMessage[]>;

beforeEach(() => {
  hub = new IotHub(
    { hostName: 'contoso.azure-devices.net', size: { sku: 'S1', units: 1 } },
    realTimeServices(1),
  );
  arrived = { events: [], hot: [], cold: [] };
  for (const name of ['events', 'hot', 'cold'] as const) {
    hub.routing.addEndpoint(name, (message) => arrived[name].push(message));
  }
});

function route(condition: string, settings: Partial<Route> = {}): Route {
  const name = settings.name ?? 'to-hot';
  return { name, source: 'DeviceMessages', condition, endpointNames: ['hot'], isEnabled: true, ...settings };
}

function configure(settings: Partial<RoutingSettings>): void {
  hub.routing.configure({ ...DEFAULT_ROUTING, ...settings });
}

const JSON_BODY = { ct: 'application/json', ce: 'utf-8' };

async function send(message: Partial<TelemetryMessage> = {}, name = 'cam-1'): Promise<void> {
  const session = hub.open(sessionOf(hub.registry.ensure(name)), DEAF);
  const whole = { body: Buffer.from('{}'), properties: {}, system: JSON_BODY, ...message };
  await hub.telemetry.accept(session, whole, name);
}

const counts = () => Object.values(arrived).map((messages) => ofDevices(messages).length);
const ofDevices = (messages: readonly RoutableMessage[]) =>
  messages.filter(({ source }) => source === 'DeviceMessages');

describe('a route', () => {
  const body = Buffer.from(JSON.stringify({ people: 7, place: { section: 'Bakery' }, seen: [{ id: 3 }] }));
  const message = {
    body,
    properties: { severity: '4', Kind: 'count' },
    system: { ...JSON_BODY, mid: 'm-1' },
  };

  test.each([
    ['true', true],
    ["kind = 'count'", true],
    ["severity = '4'", true],
    ['severity = 4', false],
    ['as_number(severity) > 3', true],
    ['$body.people > 5', true],
    ["$body.place.section = 'Bakery' AND $body.seen[0].id = 3", true],
    ['length($BODY.Place.Section) = 6', true],
    ['is_defined($body.nothing)', false],
    ['$body.nothing > 5', false],
    ['$body', false],
    ["$contentType = 'application/json' AND $messageId = 'm-1'", true],
    ["$connectionDeviceId = 'cam-1'", true],
    ["$enqueuedTime > '2020-01-01T00:00:00Z'", true],
    ["$twin.tags.store = 'oslo-1'", true],
    ['$twin.properties.desired.FrameRate = 24', true],
    ['$twin.properties.reported.FrameRate = 24', false],
  ])('with the query %s takes the message: %s', async (condition, isTaken) => {
    hub.registry.ensure('cam-1');
    hub.twins.changeTags('cam-1', { store: 'oslo-1' }, 'merge');
    hub.twins.patchDesired('cam-1', { FrameRate: 24 });
    configure({ routes: [route(condition)] });
    await send(message);
    expect(counts()).toEqual(isTaken ? [0, 1, 0] : [1, 0, 0]);
  });

  test.each([
    ['without a content type', {}, false],
    ['of another content type', { ct: 'text/plain', ce: 'utf-8' }, false],
    ['with the character set in its content type', { ct: 'application/json;charset=utf-8' }, true],
    ['without any encoding', { ct: 'application/json' }, false],
  ])('cannot look into a body %s', async (_what, system, canLook) => {
    configure({ routes: [route('$body.people = 7')] });
    await send({ ...message, system });
    expect(arrived.hot).toHaveLength(canLook ? 1 : 0);
  });

  test('reads bodies in UTF-16 and UTF-32, too', async () => {
    configure({ routes: [route("$body.name = 'Åse'")] });
    const text = '{"name":"Åse"}';
    const utf32 = Buffer.concat(
      [...text].map((char) => Buffer.from(Uint32Array.of(char.charCodeAt(0)).buffer)),
    );
    await send({ body: Buffer.from(text, 'utf16le'), system: { ...JSON_BODY, ce: 'UTF-16' } });
    await send({ body: utf32, system: { ...JSON_BODY, ce: 'utf-32' } });
    expect(arrived.hot).toHaveLength(2);
  });

  test('asks the twin of the module, not of its device', async () => {
    hub.registry.ensure('cam-1');
    hub.registry.ensure('cam-1/eyes');
    hub.twins.changeTags('cam-1', { store: 'oslo-1' }, 'merge');
    configure({ routes: [route("$twin.tags.store = 'oslo-1'")] });
    await send({}, 'cam-1/eyes');
    expect(counts()).toEqual([1, 0, 0]);
  });

  test('gives a message to several endpoints, to each once', async () => {
    configure({
      routes: [route('true', { endpointNames: ['hot', 'cold'] }), route('true', { name: 'again' })],
    });
    await send();
    expect(counts()).toEqual([0, 1, 1]);
  });

  test('that is switched off takes nothing', async () => {
    configure({ routes: [route('true', { isEnabled: false })] });
    await send();
    expect(counts()).toEqual([1, 0, 0]);
  });

  test('that matches nothing leaves the message to the fallback, if that is on', async () => {
    configure({
      routes: [route('false')],
      fallback: { ...DEFAULT_ROUTING.fallback, isEnabled: false },
    });
    await send();
    expect(counts()).toEqual([0, 0, 0]);
    expect(hub.routing.figures.orphaned).toBe(1);
  });
});

describe('what would not be saved', () => {
  test.each<[string, Partial<RoutingSettings>, string]>([
    [
      'a query that cannot be read',
      { routes: [route('severity >')] },
      "route 'to-hot': its condition cannot be read",
    ],
    ['an unknown function', { routes: [route('sqrt(severity) > 1')] }, "there is no function 'sqrt'"],
    [
      'an endpoint that is not there',
      { routes: [route('true', { endpointNames: ['warm'] })] },
      "route 'to-hot': there is no endpoint 'warm'; there are events, hot, cold",
    ],
    ['two routes of a name', { routes: [route('true'), route('true', { name: 'TO-HOT' })] }, 'two routes'],
    [
      'too many enrichments',
      {
        enrichments: Array.from({ length: 11 }, (_, n) => ({
          key: `k${n}`,
          value: '',
          endpointNames: ['hot'],
        })),
      },
      '10 enrichments at most',
    ],
  ])('is %s', (_what, settings, problem) => {
    expect(() => configure(settings)).toThrow(problem);
  });
});

describe('enrichments', () => {
  test('stamp texts, the name of the hub and values of the twin on what goes to their endpoints', async () => {
    hub.registry.ensure('cam-1');
    hub.twins.changeTags('cam-1', { store: 'oslo-1', floor: 2 }, 'merge');
    const endpointNames = ['hot'];
    configure({
      routes: [route('true', { endpointNames: ['hot', 'cold'] })],
      enrichments: [
        { key: 'tenant', value: 'contoso', endpointNames },
        { key: 'hub', value: '$iothubname', endpointNames },
        { key: 'store', value: '$twin.tags.store', endpointNames },
        { key: 'floor', value: '$twin.tags.floor', endpointNames },
        { key: 'missing', value: '$twin.tags.aisle', endpointNames },
      ],
    });
    await send({ properties: { own: 'kept' } });
    expect(arrived.hot[0]?.properties).toEqual({
      own: 'kept',
      tenant: 'contoso',
      hub: 'contoso',
      store: 'oslo-1',
      floor: '2',
      missing: '$twin.tags.aisle',
    });
    expect(arrived.cold[0]?.properties).toEqual({ own: 'kept' });
  });

  test('that make a message too large lose it', async () => {
    configure({
      enrichments: [{ key: 'tenant', value: 'contoso', endpointNames: ['events'] }],
    });
    await send({ body: Buffer.alloc(256 * 1024 - 30), system: {} });
    await send({ body: Buffer.alloc(256 * 1024 - 5), system: {} });
    expect(arrived.events).toHaveLength(1);
    expect(hub.routing.figures.tooLarge).toBe(1);
  });
});

describe('events of the hub', () => {
  const sources = ['TwinChangeEvents', 'DeviceLifecycleEvents', 'DeviceConnectionStateEvents'] as const;
  beforeEach(() => {
    configure({ routes: sources.map((source) => route('true', { name: source, source })) });
  });

  /** What came, without what every event has. */
  const told = () =>
    arrived.hot.map(({ body, properties }) => ({
      what: properties.opType,
      schema: properties['iothub-message-schema'],
      body: JSON.parse(Buffer.from(body).toString()) as Record<string, unknown>,
    }));

  test('tell of devices that come and go', () => {
    hub.registry.ensure('cam-1');
    hub.registry.ensure('cam-1/eyes');
    hub.removeIdentity('cam-1');
    expect(told().map(({ body, what }) => `${what} ${body.deviceId} ${body.moduleId ?? ''}`)).toEqual([
      'createDeviceIdentity cam-1 ',
      'createDeviceIdentity cam-1 eyes',
      'deleteDeviceIdentity cam-1 ',
      'deleteDeviceIdentity cam-1 eyes',
    ]);
    expect(arrived.hot[1]?.properties).toMatchObject({
      hubName: 'contoso',
      deviceId: 'cam-1',
      moduleId: 'eyes',
    });
    expect(arrived.hot[1]?.system).toMatchObject({ ct: 'application/json', ce: 'utf-8', uid: 'contoso' });
  });

  test('tell what changed in a twin, and the whole of one that was replaced', () => {
    hub.registry.ensure('cam-1');
    arrived.hot.length = 0;
    hub.twins.changeTags('cam-1', { store: 'oslo-1' }, 'merge');
    hub.twins.patchReported('cam-1', { FrameRate: 24 });
    hub.twins.replaceDesired('cam-1', { FrameRate: 30 });
    expect(told()).toMatchObject([
      {
        what: 'updateTwin',
        schema: 'twinChangeNotification',
        body: { version: 2, tags: { store: 'oslo-1' } },
      },
      { what: 'updateTwin', body: { properties: { reported: { FrameRate: 24, $version: 2 } } } },
      {
        what: 'replaceTwin',
        body: { deviceId: 'cam-1', tags: { store: 'oslo-1' }, properties: { desired: { FrameRate: 30 } } },
      },
    ]);
  });

  test('tell of connections, with numbers that only grow', () => {
    const record = hub.registry.ensure('cam-1');
    arrived.hot.length = 0;
    hub.close(hub.open(sessionOf(record), DEAF), 'disconnected');
    hub.open(sessionOf(record), DEAF);
    expect(told().map(({ what }) => what)).toEqual([
      'deviceConnected',
      'deviceDisconnected',
      'deviceConnected',
    ]);
    const numbers = told().map(({ body }) => String(body.sequenceNumber));
    expect(numbers).toEqual([...numbers].sort());
    expect(new Set(numbers).size).toBe(3);
    expect(numbers[0]).toMatch(/^[0-9A-F]{64}$/);
  });

  test('are chosen by what they hold', () => {
    configure({
      routes: [route("opType = 'deviceConnected'", { source: 'DeviceConnectionStateEvents' })],
    });
    const record = hub.registry.ensure('cam-1');
    hub.close(hub.open(sessionOf(record), DEAF), 'disconnected');
    expect(told().map(({ what }) => what)).toEqual(['deviceConnected']);
  });

  test('go nowhere without a route of their own', () => {
    configure({});
    hub.registry.ensure('cam-1');
    expect(Object.values(arrived).flat()).toEqual([]);
  });
});
