/** The provisioning service, judged by the official provisioning SDK. */
import { MqttBase } from 'azure-iot-mqtt-base';
import provisioning from 'azure-iot-provisioning-device';
import { Mqtt } from 'azure-iot-provisioning-device-mqtt';
import security from 'azure-iot-security-symmetric-key';
import { type IClientOptions, MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { realTimeServices } from '../../kernel/index.js';
import { duplexPair } from '../../network/index.js';
import { IotHub } from '../core.js';
import type { ClientCertificate } from '../identities/client-certificate.js';
import { signSasToken } from '../identities/sas-token.js';
import {
  DEFAULT_SETTINGS,
  deriveDeviceKey,
  type Enrollment,
  type GroupEnrollment,
  type IndividualEnrollment,
} from './enrollment.js';
import { type DpsFront, openDpsFront } from './mqtt-front.js';
import { ProvisioningService } from './provisioning.js';

const SCOPE = '0ne00FOOTFA';
const KEYS = {
  primary: Buffer.alloc(32, 1).toString('base64'),
  secondary: Buffer.alloc(32, 2).toString('base64'),
};

let hubs: readonly IotHub[];
let service: ProvisioningService;
let front: DpsFront;

beforeEach(async () => {
  const services = realTimeServices(1);
  hubs = ['north', 'south'].map(
    (name) => new IotHub({ hostName: `${name}.test`, size: { sku: 'S1', units: 1 } }, services),
  );
  const linked = hubs.map((hub, index) => ({ hub, latencyMs: 50 - 10 * index }));
  service = new ProvisioningService(SCOPE, linked, services);
  front = openDpsFront(service);
});
afterEach(() => front.close());

function group(settings: Partial<GroupEnrollment> = {}): GroupEnrollment {
  const attestation = { kind: 'symmetricKey', keys: KEYS } as const;
  return { ...DEFAULT_SETTINGS, kind: 'group', groupId: 'cameras', attestation, ...settings };
}

function individual(settings: Partial<IndividualEnrollment> = {}): IndividualEnrollment {
  const attestation = { kind: 'symmetricKey', keys: KEYS } as const;
  return {
    ...DEFAULT_SETTINGS,
    kind: 'individual',
    registrationId: 'cam-1',
    deviceId: 'entrance',
    attestation,
    ...settings,
  };
}

/** What the SDK makes of a registration. */
async function register(registrationId: string, key: string) {
  const dial = () => {
    const [client, far] = duplexPair();
    front.handle(far);
    return client;
  };
  const base = new MqttBase({
    connect: (_uri: string, options: IClientOptions) =>
      new MqttClient(dial, { ...options, reconnectPeriod: 0 }),
  });
  const client = provisioning.ProvisioningDeviceClient.create(
    'dps.test',
    SCOPE,
    // The packages' types disagree with one another about the same classes.
    new Mqtt(base as never),
    new security.SymmetricKeySecurityClient(registrationId, key) as never,
  );
  return (await client.register()) as Exclude<Awaited<ReturnType<typeof client.register>>, void>;
}

describe('a camera that knows its id scope and key', () => {
  test('is registered with a hub under the key of its group, and configured by its initial twin', async () => {
    const initialTwin = { tags: { store: 'oslo-1' }, desired: { FrameRate: 24 } };
    service.enroll(group({ initialTwin, allocation: { kind: 'static', hubName: 'south.test' } }));
    const key = deriveDeviceKey(KEYS.primary, 'cam-7');
    const result = await register('cam-7', key);
    expect(result).toMatchObject({ assignedHub: 'south.test', deviceId: 'cam-7', status: 'assigned' });
    const south = hubs[1];
    const later = Math.floor((south?.services.clock.now() ?? 0) / 1000) + 60;
    expect(south?.authenticate('cam-7', signSasToken('south.test/devices/cam-7', key, later)).ok).toBe(true);
    expect(south?.twins.get('cam-7')).toMatchObject({
      tags: { store: 'oslo-1' },
      desired: { properties: { FrameRate: 24 } },
    });
  });

  test('gets the device id of its own enrolment, which stands before its group', async () => {
    service.enroll(group());
    service.enroll(individual());
    expect(await register('cam-1', KEYS.secondary)).toMatchObject({ deviceId: 'entrance' });
    await expect(register('cam-1', deriveDeviceKey(KEYS.primary, 'cam-1'))).rejects.toThrow();
  });

  test('is refused with another key', async () => {
    service.enroll(group());
    await expect(register('cam-7', deriveDeviceKey(KEYS.primary, 'cam-8'))).rejects.toThrow();
    expect(hubs.flatMap((hub) => hub.registry.devices)).toEqual([]);
  });

  test('configures itself by the automatic deployment for its tags', async () => {
    const [north] = hubs;
    north?.configurations.put({
      id: 'oslo',
      labels: {},
      content: { modulesContent: { eyes: { 'properties.desired': { FrameRate: 30 } } } },
      targetCondition: "tags.store = 'oslo-1'",
      priority: 1,
      metricQueries: {},
    });
    const initialTwin = { tags: { store: 'oslo-1' }, desired: {} };
    service.enroll(
      group({ initialTwin, isEdge: true, allocation: { kind: 'static', hubName: 'north.test' } }),
    );
    await register('cam-7', deriveDeviceKey(KEYS.primary, 'cam-7'));
    expect(north?.twins.get('cam-7/eyes').desired.properties).toEqual({ FrameRate: 30 });
  });
});

describe('the protocol', () => {
  /** A device that speaks MQTT by hand; what comes back, topic by topic. */
  async function byHand(registrationId: string, key: string) {
    const dial = () => {
      const [client, far] = duplexPair();
      front.handle(far);
      return client;
    };
    const resource = `${SCOPE}/registrations/${registrationId}`;
    const client = new MqttClient(dial, {
      clientId: registrationId,
      username: `${resource}/api-version=2019-03-31`,
      password: signSasToken(resource, key, 4_000_000_000, 'registration'),
      protocolVersion: 4,
      reconnectPeriod: 0,
    });
    const answers: { readonly topic: string; readonly body: Record<string, unknown> }[] = [];
    client.on('message', (topic, body) => {
      answers.push({ topic, body: JSON.parse(body.toString()) as Record<string, unknown> });
    });
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => resolve());
      client.once('close', () => reject(new Error('refused')));
    });
    await client.subscribeAsync('$dps/registrations/res/#');
    const ask = async (topic: string) => {
      const before = answers.length;
      await client.publishAsync(topic, '');
      await expect.poll(() => answers.length).toBe(before + 1);
      return answers.at(-1);
    };
    return { client, ask };
  }

  test('says assigning and when to ask again, then where the device belongs', async () => {
    service.enroll(individual());
    const { ask, client } = await byHand('cam-1', KEYS.primary);
    const first = await ask('$dps/registrations/PUT/iotdps-register/?$rid=7');
    expect(first?.topic).toBe('$dps/registrations/res/202/?$rid=7&retry-after=1');
    const operationId = String(first?.body.operationId);
    expect(first?.body).toEqual({ operationId, status: 'assigning' });
    const status = `$dps/registrations/GET/iotdps-get-operationstatus/?$rid=8&operationId=${operationId}`;
    expect((await ask(status))?.body.status).toBe('assigning');
    await expect
      .poll(async () => (await ask(status))?.body)
      .toMatchObject({
        status: 'assigned',
        registrationState: { deviceId: 'entrance', status: 'assigned', substatus: 'initialAssignment' },
      });
    client.end(true);
  });

  test('knows no operation of another device, and closes on what is no request', async () => {
    service.enroll(individual());
    const { ask, client } = await byHand('cam-1', KEYS.primary);
    const unknown = await ask('$dps/registrations/GET/iotdps-get-operationstatus/?$rid=1&operationId=none');
    expect(unknown?.topic).toContain('/res/404/');
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    client.publish('devices/cam-1/messages/events/', 'x');
    await closed;
  });

  test('tells a device whose enrolment is disabled so', async () => {
    service.enroll(individual({ isEnabled: false }));
    const { ask, client } = await byHand('cam-1', KEYS.primary);
    const first = await ask('$dps/registrations/PUT/iotdps-register/?$rid=1');
    const status = `$dps/registrations/GET/iotdps-get-operationstatus/?$rid=2&operationId=${first?.body.operationId}`;
    await expect.poll(async () => (await ask(status))?.body.status).toBe('disabled');
    expect(hubs.flatMap((hub) => hub.registry.devices)).toEqual([]);
    client.end(true);
  });
});

describe('allocation', () => {
  const assignedHub = async (registrationId: string, settings: Partial<GroupEnrollment>) => {
    service.enroll(group(settings));
    const { assignedHub: hub } = await register(
      registrationId,
      deriveDeviceKey(KEYS.primary, registrationId),
    );
    return hub;
  };

  test('by latency takes the nearest hub', async () => {
    expect(await assignedHub('cam-7', { allocation: { kind: 'geoLatency' } })).toBe('south.test');
  });

  test('by hash spreads devices over the hubs, each always to the same', async () => {
    const first = await Promise.all(
      ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((id) => assignedHub(id, {})),
    );
    expect(new Set(first)).toEqual(new Set(['north.test', 'south.test']));
    expect(await assignedHub('a', {})).toBe(first[0]);
  });

  test('to a hub that is not linked is refused at enrolment', () => {
    expect(() => service.enroll(group({ allocation: { kind: 'static', hubName: 'west.test' } }))).toThrow(
      "no hub 'west.test' is linked",
    );
  });
});

describe('a device that registers again', () => {
  const moveSouth = async (reprovision: Enrollment['reprovision']) => {
    const initialTwin = { tags: { store: 'oslo-1' }, desired: {} };
    const key = deriveDeviceKey(KEYS.primary, 'cam-7');
    service.enroll(group({ initialTwin, allocation: { kind: 'static', hubName: 'north.test' } }));
    await register('cam-7', key);
    hubs[0]?.twins.changeTags('cam-7', { shelf: 3 }, 'merge');
    service.enroll(
      group({ initialTwin, reprovision, allocation: { kind: 'static', hubName: 'south.test' } }),
    );
    return register('cam-7', key);
  };

  test('takes its twin along to another hub', async () => {
    expect(await moveSouth('migrate')).toMatchObject({
      assignedHub: 'south.test',
      substatus: 'deviceDataMigrated',
    });
    expect(hubs[1]?.twins.get('cam-7').tags).toEqual({ store: 'oslo-1', shelf: 3 });
    expect(hubs[0]?.registry.find('cam-7')).toBeUndefined();
  });

  test('or starts again from the initial twin', async () => {
    await moveSouth('reset');
    expect(hubs[1]?.twins.get('cam-7').tags).toEqual({ store: 'oslo-1' });
  });

  test('or stays where it was', async () => {
    expect(await moveSouth('never')).toMatchObject({ assignedHub: 'north.test' });
  });
});

describe('a certificate', () => {
  const certificate = (settings: Partial<ClientCertificate> = {}): ClientCertificate => ({
    commonName: 'cam-1',
    sha1: 'AB',
    sha256: 'CD',
    isTrusted: false,
    ...settings,
  });
  const isAttested = (shown: ClientCertificate) =>
    service.authenticate('cam-1', { password: '', certificate: shown }) !== null;

  test('of an individual is known by its fingerprint and its common name', () => {
    service.enroll(individual({ attestation: { kind: 'x509', thumbprints: ['c:d'] } }));
    expect(isAttested(certificate())).toBe(true);
    expect(isAttested(certificate({ sha256: 'EF' }))).toBe(false);
    expect(isAttested(certificate({ commonName: 'cam-2' }))).toBe(false);
  });

  test('of a group is known by the authority that signed it', () => {
    service.enroll(group({ attestation: { kind: 'x509', thumbprints: null } }));
    expect(isAttested(certificate({ isTrusted: true }))).toBe(true);
    expect(isAttested(certificate())).toBe(false);
  });
});
