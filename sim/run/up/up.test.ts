/** `footfall up` as a device team meets it: the official SDKs over TLS on loopback. */
import { webcrypto, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventHubConsumerClient, earliestEventPosition, type ReceivedEventData } from '@azure/event-hubs';
import { BlobSASPermissions, BlobServiceClient } from '@azure/storage-blob';
import { BasicConstraintsExtension, PemConverter, X509CertificateGenerator } from '@peculiar/x509';
import { Message, NoRetry } from 'azure-iot-common';
import iotDevice from 'azure-iot-device';
import { Amqp as DeviceAmqp } from 'azure-iot-device-amqp';
import { Mqtt } from 'azure-iot-device-mqtt';
import { ProvisioningServiceClient } from 'azure-iot-provisioning-service';
import iothub from 'azure-iothub';
import { Amqp } from 'azure-iothub/dist/amqp.js';
import { Amqp as AmqpBase } from 'azure-iothub/dist/common-amqp/amqp.js';
import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { deriveDeviceKey } from '../../iot-hub/dps/enrollment.js';
import { signSasToken } from '../../iot-hub/identities/sas-token.js';
import { parseConnectionString } from '../../iot-hub/index.js';
import type { StorePlan } from '../../power-bi/index.js';
import { NO_REAL_ENDPOINTS } from './at/real-endpoints.js';
import type { UpDescription } from './description.js';
import { openUp, type Up } from './up.js';

let folder: string;
let up: Up;
let told: UpDescription;
let ca: string;
const CAMERA = 'cam-entrance';

const open = (portBase = 0) =>
  openUp({
    storeFile: null,
    portBase,
    dataFolder: folder,
    keepsData: true,
    routing: null,
    at: NO_REAL_ENDPOINTS,
    deviceCaPem: authority.pem,
    realCameras: [CAMERA],
    streams: new Map(),
    face: { fixture: null, matching: 'strict', era: '2019' },
    warn: () => {},
  });

/** A certificate authority that is none of footfall's. */
interface Authority {
  readonly pem: string;
  issue(commonName: string): Promise<{ readonly cert: string; readonly key: string }>;
}

let authority: Authority;

beforeAll(async () => {
  authority = await newAuthority();
  folder = mkdtempSync(join(tmpdir(), 'footfall-up-test-'));
  up = await open();
  told = up.description;
  ca = readFileSync(told.caPath, 'utf8');
});
afterAll(async () => {
  await up.close();
  rmSync(folder, { recursive: true });
});

/** An agent for SDKs whose REST goes to port 443 unless it dials elsewhere. */
function agentToHttps(): https.Agent {
  const agent = new https.Agent({ ca, port: told.iotHub.httpsPort });
  const dial = agent.createConnection.bind(agent) as (options: object, done: () => void) => net.Socket;
  agent.createConnection = ((options: object, done: () => void) =>
    dial({ ...options, port: told.iotHub.httpsPort }, done)) as typeof agent.createConnection;
  return agent;
}

/** `client` of an official service SDK, whose REST is led to where it is served. */
function led<Client>(client: Client): Client {
  const { _restApiClient: rest } = client as unknown as {
    readonly _restApiClient: { setOptions(options: object): void };
  };
  rest.setOptions({ http: { agent: agentToHttps() } });
  return client;
}

function registry(): iothub.Registry {
  return led(iothub.Registry.fromConnectionString(told.iotHub.serviceConnectionString));
}

/** The official service SDK over AMQP, whose container trusts the CA and knows the port. */
async function serviceClient(): Promise<iothub.Client> {
  const base = new AmqpBase(true);
  const { _rheaContainer: container } = base as unknown as {
    readonly _rheaContainer: { connect(options: object): unknown };
  };
  const connect = container.connect.bind(container);
  container.connect = (options) => connect({ ...options, ca, port: told.iotHub.amqpPort });
  class OverTls extends Amqp {
    constructor(config: ConstructorParameters<typeof Amqp>[0]) {
      super(config, base);
    }
  }
  return iothub.Client.fromConnectionString(told.iotHub.serviceConnectionString, OverTls);
}

function connectionStringOf(deviceId: string): string {
  const described = told.iotHub.devices.find((each) => each.deviceId === deviceId);
  if (described === undefined) throw new Error(`${deviceId} is not described`);
  return described.connectionString;
}

async function device(connectionString: string) {
  const client = iotDevice.Client.fromConnectionString(connectionString, Mqtt);
  await client.setOptions({ ca });
  await client.open();
  return client;
}

const VALIDITY = { notBefore: new Date('2020-01-01'), notAfter: new Date('2090-01-01') };
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

async function newAuthority(): Promise<Authority> {
  const newKeys = () => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const keys = await newKeys();
  const name = 'CN=store authority';
  const certificate = await X509CertificateGenerator.createSelfSigned({
    ...VALIDITY,
    name,
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [new BasicConstraintsExtension(true, 1, true)],
  });
  return {
    pem: certificate.toString('pem'),
    async issue(commonName) {
      const own = await newKeys();
      const leaf = await X509CertificateGenerator.create({
        ...VALIDITY,
        subject: `CN=${commonName}`,
        issuer: name,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: ALGORITHM,
      });
      const key = await webcrypto.subtle.exportKey('pkcs8', own.privateKey);
      return { cert: leaf.toString('pem'), key: PemConverter.encode(key, 'PRIVATE KEY') };
    },
  };
}

/** A certificate that a device made for itself, PEM. */
async function selfSigned(commonName: string): Promise<{ readonly cert: string; readonly key: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${commonName}`,
    notBefore: new Date('2020-01-01'),
    notAfter: new Date('2090-01-01'),
    signingAlgorithm: algorithm,
    keys,
  });
  const key = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return { cert: certificate.toString('pem'), key: PemConverter.encode(key, 'PRIVATE KEY') };
}

describe('footfall up', () => {
  test('takes a real device in over MQTT and TLS, with its twin, for the camera that is left to hardware', async () => {
    const client = await device(connectionStringOf(CAMERA));
    await client.sendEvent(new iotDevice.Message('hello'));
    const twin = await client.getTwin();
    await new Promise<void>((resolve, reject) =>
      twin.properties.reported.update({ firmware: '1.2' }, (error: Error | undefined) =>
        error ? reject(error) : resolve(),
      ),
    );
    const { responseBody } = await registry().getTwin(CAMERA);
    expect(responseBody.properties.reported.firmware).toBe('1.2');
    await client.close();
  });

  test('gives its messages to a consumer of the built-in endpoint, with where they came from', async () => {
    const { connectionString, hub } = told.iotHub.builtInEndpoint;
    const consumer = new EventHubConsumerClient('$Default', connectionString, hub);
    const came: ReceivedEventData[] = [];
    const subscription = consumer.subscribe(
      {
        processEvents: async (events) => void came.push(...events),
        processError: async () => {},
      },
      { startPosition: earliestEventPosition },
    );
    const client = await device(connectionStringOf(CAMERA));
    const message = new iotDevice.Message('{"people":3}');
    message.messageId = 'm-7';
    message.properties.add('kind', 'count');
    await client.sendEvent(message);
    await expect
      .poll(() => came.find(({ messageId }) => messageId === 'm-7'), { timeout: 10_000 })
      .toMatchObject({
        properties: { kind: 'count' },
        systemProperties: { 'iothub-connection-device-id': CAMERA, 'iothub-message-source': 'Telemetry' },
      });
    await client.close();
    await subscription.close();
    await consumer.close();
  });

  test('carries a message from the service SDK over AMQP to the device SDK, and its feedback back', async () => {
    const service = await serviceClient();
    const heard: unknown[] = [];
    const feedback = await service.getFeedbackReceiver();
    feedback?.result.on('message', (batch: { data: Buffer }) =>
      heard.push(...(JSON.parse(batch.data.toString()) as unknown[])),
    );
    const client = await device(connectionStringOf(CAMERA));
    const came: string[] = [];
    client.on('message', (message: iotDevice.Message) => {
      came.push(`${message.messageId} ${message.data}`);
      void client.complete(message);
    });
    const message = new Message('look left');
    message.messageId = 'm-1';
    message.ack = 'full';
    await service.send(CAMERA, message);
    await expect.poll(() => came, { timeout: 10_000 }).toEqual(['m-1 look left']);
    await expect
      .poll(() => heard, { timeout: 10_000 })
      .toMatchObject([{ originalMessageId: 'm-1', statusCode: 'Success', deviceId: CAMERA }]);
    await client.close();
    await service.close();
  });

  test('takes a device in over WebSockets', async () => {
    const { hostName, wsPort } = told.iotHub;
    const { identity, key } = parseConnectionString(connectionStringOf(CAMERA));
    // The device SDK knows no port but 443 for WebSockets; so the same protocol by hand.
    const client = await mqtt.connectAsync(`wss://${hostName}:${wsPort}/$iothub/websocket`, {
      clientId: identity.deviceId,
      username: `${hostName}/${identity.deviceId}/?api-version=2021-04-12`,
      password: signSasToken(`${hostName}/devices/${identity.deviceId}`, key, 4_000_000_000),
      ca,
      reconnectPeriod: 0,
    });
    await client.subscribeAsync('$iothub/twin/res/#');
    const answer = new Promise<string>((resolve) => client.once('message', (topic) => resolve(topic)));
    await client.publishAsync('$iothub/twin/GET/?$rid=7', '');
    expect(await answer).toBe('$iothub/twin/res/200/?$rid=7');
    await client.endAsync();
  });

  test('lets a device in by the fingerprint of its own certificate, and no other', async () => {
    const { hostName, mqttPort } = told.iotHub;
    const deviceId = 'certified';
    const own = await selfSigned(deviceId);
    const { fingerprint256 } = new X509Certificate(own.cert);
    await registry().create({
      deviceId,
      authentication: {
        type: 'selfSigned',
        x509Thumbprint: { primaryThumbprint: fingerprint256, secondaryThumbprint: null },
      },
    } as never);
    const connect = (identity: { readonly cert: string; readonly key: string }) =>
      mqtt.connectAsync(`mqtts://${hostName}:${mqttPort}`, {
        ...identity,
        clientId: deviceId,
        username: `${hostName}/${deviceId}/?api-version=2021-04-12`,
        ca,
        reconnectPeriod: 0,
      });
    const client = await connect(own);
    await client.publishAsync(`devices/${deviceId}/messages/events/`, 'hello', { qos: 1 });
    await client.endAsync();
    await expect(connect(await selfSigned(deviceId))).rejects.toThrow('Not authorized');
  });

  test('lets a device in by a certificate that its authority signed, by its common name alone', async () => {
    const { hostName, mqttPort } = told.iotHub;
    await registry().create({
      deviceId: 'signed',
      authentication: { type: 'certificateAuthority' },
    } as never);
    const connect = (identity: { readonly cert: string; readonly key: string }) =>
      mqtt.connectAsync(`mqtts://${hostName}:${mqttPort}`, {
        ...identity,
        clientId: 'signed',
        username: `${hostName}/signed/?api-version=2021-04-12`,
        ca,
        reconnectPeriod: 0,
      });
    const client = await connect(await authority.issue('signed'));
    await client.publishAsync('devices/signed/messages/events/', 'hello', { qos: 1 });
    await client.endAsync();
    await expect(connect(await authority.issue('another'))).rejects.toThrow('Not authorized');
    await expect(connect(await selfSigned('signed'))).rejects.toThrow('Not authorized');
  });

  test('takes a real device in over AMQP, by its key and by a certificate that an authority signed', async () => {
    const host = `${told.iotHub.hostName}:${told.iotHub.amqpPort}`;
    const { responseBody } = await registry().create({ deviceId: 'over-amqp' });
    const { primaryKey } = responseBody.authentication?.symmetricKey ?? {};
    const byKey = iotDevice.Client.fromConnectionString(
      `HostName=${host};DeviceId=over-amqp;SharedAccessKey=${primaryKey}`,
      DeviceAmqp,
    );
    await byKey.setOptions({ ca });
    expect((await byKey.sendEvent(new Message('hello'))).constructor.name).toBe('MessageEnqueued');
    expect((await byKey.getTwin()).properties.desired.$version).toBe(1);
    await byKey.close();

    const authentication = { type: 'certificateAuthority' };
    await registry().create({ deviceId: 'amqp-signed', authentication } as never);
    const connect = async (commonName: string) => {
      const client = iotDevice.Client.fromConnectionString(
        `HostName=${host};DeviceId=amqp-signed;x509=true`,
        DeviceAmqp,
      );
      client.setRetryPolicy(new NoRetry());
      await client.setOptions({ ...(await authority.issue(commonName)), ca });
      return client;
    };
    const signed = await connect('amqp-signed');
    await signed.sendEvent(new Message('hello'));
    await signed.close();
    await expect((await connect('another')).sendEvent(new Message('x'))).rejects.toThrow();
  });

  test('serves enrolments to the official client, with the group that any camera may join', async () => {
    const client = led(ProvisioningServiceClient.fromConnectionString(told.dps.serviceConnectionString));
    const { responseBody } = await client.getEnrollmentGroupAttestationMechanism('cameras');
    expect(responseBody.symmetricKey?.primaryKey).toBe(told.dps.enrollmentGroupKey);
  });

  test('provisions a camera that knows its id scope and the key of its group', async () => {
    const { enrollmentGroupKey, host, idScope, port } = told.dps;
    const registrationId = 'new-camera';
    const key = deriveDeviceKey(enrollmentGroupKey, registrationId);
    const client = await mqtt.connectAsync(`mqtts://${host}:${port}`, {
      clientId: registrationId,
      username: `${idScope}/registrations/${registrationId}/api-version=2019-03-31`,
      password: signSasToken(
        `${idScope}/registrations/${registrationId}`,
        key,
        4_000_000_000,
        'registration',
      ),
      ca,
      reconnectPeriod: 0,
    });
    const answers: Record<string, unknown>[] = [];
    client.on('message', (_topic, body) => answers.push(JSON.parse(body.toString())));
    await client.subscribeAsync('$dps/registrations/res/#');
    await client.publishAsync(
      '$dps/registrations/PUT/iotdps-register/?$rid=1',
      JSON.stringify({ registrationId }),
    );
    await expect.poll(() => answers[0]?.status, { timeout: 10_000 }).toBe('assigning');
    const status = `$dps/registrations/GET/iotdps-get-operationstatus/?$rid=2&operationId=${answers[0]?.operationId}`;
    await expect
      .poll(
        async () => {
          await client.publishAsync(status, '');
          return answers.at(-1)?.registrationState;
        },
        { timeout: 10_000 },
      )
      .toMatchObject({ assignedHub: /HostName=([^;]+)/.exec(connectionStringOf(CAMERA))?.[1] });
    await client.endAsync();
    const { responseBody } = await registry().get(registrationId);
    expect(responseBody.authentication?.symmetricKey?.primaryKey).toBe(key);
  });

  test('runs the other cameras of the store by itself', async () => {
    const health = async () =>
      (
        await fetch(told.health.url, { headers: { authorization: 'Bearer footfall-operator' } })
      ).json() as Promise<{ cameras: { looks: number }[] }>;
    await expect
      .poll(async () => (await health()).cameras.map(({ looks }) => looks > 0), { timeout: 20_000 })
      .toEqual([false, true, true, true]);
  });

  test('lets the Face API look at a picture by its address in blob storage', async () => {
    const storage = BlobServiceClient.fromConnectionString(told.blob.connectionString);
    const blob = storage.getContainerClient('fromcamera').getBlockBlobClient('by-address.jpg');
    await blob.upload('no picture', 10);
    const detect = async (url: string) => {
      const answer = await fetch(`${told.face.endpoint}/face/v1.0/detect`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Ocp-Apim-Subscription-Key': told.face.key },
        body: JSON.stringify({ url }),
      });
      return ((await answer.json()) as { readonly error: { readonly code: string } }).error.code;
    };
    // It came and was looked at, which shows in what is wrong with it.
    const signed = await blob.generateSasUrl({
      permissions: BlobSASPermissions.parse('r'),
      expiresOn: new Date(Date.now() + 3_600_000),
    });
    expect(await detect(signed)).toBe('InvalidImageSize');
    expect(await detect(blob.url)).toBe('InvalidURL');
    expect(await detect('http://example.org/a.jpg')).toBe('InvalidURL');
    await blob.deleteIfExists();
  });

  test('tells the dashboard what the store looks like, and what is in it', async () => {
    const answer = await fetch(new URL('plans', told.dashboard.url), {
      headers: { authorization: `Bearer ${told.dashboard.tokens.viewer}` },
    });
    const { plans } = (await answer.json()) as { readonly plans: readonly StorePlan[] };
    expect(plans).toHaveLength(1);
    const sections = plans[0]?.sections.map(({ id }) => id);
    expect(plans[0]?.displays.length).toBeGreaterThan(3);
    expect(plans[0]?.displays.every(({ section }) => sections?.includes(section))).toBe(true);
  });

  test('has a place for files that a device uploads', async () => {
    const client = await device(connectionStringOf(CAMERA));
    await client.close();
    const blobs = BlobServiceClient.fromConnectionString(told.blob.connectionString);
    expect(await blobs.getContainerClient('uploads').exists()).toBe(true);
  });

  test('says which port is in use, and which bases there are', async () => {
    const blocker = net.createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const { port } = blocker.address() as net.AddressInfo;
    await expect(open(port)).rejects.toThrow(`port ${port}, for IoT Hub over MQTT, is in use`);
    blocker.close();
    await expect(open(70_000)).rejects.toThrow('--port-base');
  });

  test('keeps identities and twins over a restart', async () => {
    await registry().create({ deviceId: 'bench-1' });
    await registry().updateTwin('bench-1', { tags: { shelf: 3 } }, '*');
    await up.close();
    up = await open();
    told = up.description;
    const { responseBody } = await registry().getTwin('bench-1');
    expect(responseBody.tags).toEqual({ shelf: 3 });
  });
});
