/** The service API of DPS, judged by the official client of enrolments. */
import { ProvisioningServiceClient } from 'azure-iot-provisioning-service';
import type { IndividualEnrollment } from 'azure-iot-provisioning-service/dist/interfaces.js';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Json, Properties } from '../../../pipeline/camera-module/hub-connection.js';
import { realTimeServices } from '../../kernel/index.js';
import { IotHub } from '../core.js';
import { signSasToken } from '../identities/sas-token.js';
import { agentLeadingTo } from '../service/service-sdk.testing.js';
import { deriveDeviceKey } from './enrollment.js';
import { type OperationState, ProvisioningService } from './provisioning.js';
import { dpsServiceListener, serviceConnectionString } from './service-front.js';

const ACCESS = {
  hostName: 'dps.test',
  policyName: 'provisioningserviceowner',
  key: Buffer.alloc(32, 7).toString('base64'),
};
const SCOPE = '0ne00FOOTFA';

let hubs: readonly IotHub[];
let service: ProvisioningService;
let client: ProvisioningServiceClient;
let asked: { readonly url: string; readonly request: Properties }[];
let webhookAnswer: Json;

beforeEach(() => {
  const services = realTimeServices(1);
  hubs = ['north', 'south'].map(
    (name) => new IotHub({ hostName: `${name}.test`, size: { sku: 'S1', units: 1 } }, services),
  );
  const linked = hubs.map((hub, index) => ({ hub, latencyMs: 50 - 10 * index }));
  asked = [];
  service = new ProvisioningService(SCOPE, linked, services, async (url, request) => {
    asked.push({ url, request });
    return webhookAnswer;
  });
  client = clientWith(ACCESS.key);
});

function clientWith(key: string): ProvisioningServiceClient {
  const made = ProvisioningServiceClient.fromConnectionString(serviceConnectionString({ ...ACCESS, key }));
  // The SDK keeps its REST client, which knows no port but 443, to itself.
  const { _restApiClient: rest } = made as unknown as {
    readonly _restApiClient: { setOptions(options: object): void };
  };
  rest.setOptions({ http: { agent: agentLeadingTo(dpsServiceListener(service, ACCESS)) } });
  return made;
}

const individual = (settings: Partial<IndividualEnrollment> = {}) =>
  ({
    registrationId: 'cam-1',
    attestation: { type: 'symmetricKey' },
    ...settings,
  }) as IndividualEnrollment;

async function statusOf(attempt: Promise<unknown>): Promise<number | undefined> {
  return attempt.then(
    () => 200,
    (error: { readonly response?: { readonly statusCode?: number } }) => error.response?.statusCode,
  );
}

/** As a device with its derived or own key would, without the protocol. */
async function register(registrationId: string, key: string, payload: Json = null): Promise<OperationState> {
  const token = signSasToken(`${SCOPE}/registrations/${registrationId}`, key, 4_000_000_000, 'registration');
  const attested = service.authenticate(registrationId, { password: token, certificate: null });
  if (attested === null) throw new Error('refused');
  const operation = service.register(registrationId, attested, payload);
  for (;;) {
    const state = service.operation(registrationId, operation);
    if (state !== undefined && state.status !== 'assigning') return state;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('individual enrolments', () => {
  test('are created with keys of the service, read, changed under their ETag, and deleted', async () => {
    const { responseBody: made } = await client.createOrUpdateIndividualEnrollment(
      individual({ deviceId: 'entrance', capabilities: { iotEdge: true } }),
    );
    expect(made).toMatchObject({
      registrationId: 'cam-1',
      deviceId: 'entrance',
      provisioningStatus: 'enabled',
      allocationPolicy: 'hashed',
      reprovisionPolicy: { updateHubAssignment: true, migrateDeviceData: true },
    });
    const { responseBody: mechanism } = await client.getIndividualEnrollmentAttestationMechanism('cam-1');
    const key = mechanism.symmetricKey?.primaryKey ?? '';
    expect(await register('cam-1', key)).toMatchObject({ registration: { deviceId: 'entrance' } });

    const { responseBody: changed } = await client.createOrUpdateIndividualEnrollment({
      ...made,
      provisioningStatus: 'disabled',
    });
    expect(changed.provisioningStatus).toBe('disabled');
    expect(await register('cam-1', key)).toMatchObject({ status: 'disabled' });
    expect(await statusOf(client.createOrUpdateIndividualEnrollment(made))).toBe(412);
    expect(await statusOf(client.createOrUpdateIndividualEnrollment(individual()))).toBe(409);
    await client.deleteIndividualEnrollment('cam-1');
    expect(await statusOf(client.getIndividualEnrollment('cam-1'))).toBe(404);
  });

  test('are made, changed and deleted in bulk, and what fails is told', async () => {
    const enrollments = ['a', 'b', 'c'].map((registrationId) => individual({ registrationId }));
    const run = async (mode: 'create' | 'delete', some: readonly IndividualEnrollment[]) =>
      // The SDK's promise settles only when it was given a callback as well.
      new Promise((resolve, reject) =>
        client.runBulkEnrollmentOperation({ mode, enrollments: [...some] }, (error, result) =>
          error ? reject(error) : resolve(result),
        ),
      );
    expect(await run('create', enrollments)).toEqual({ isSuccessful: true, errors: [] });
    expect(await run('create', enrollments.slice(0, 1))).toMatchObject({
      isSuccessful: false,
      errors: [{ registrationId: 'a', errorCode: 409_000 }],
    });
    expect(await run('delete', enrollments.slice(0, 2))).toMatchObject({ isSuccessful: true });
    expect(service.enrollments.list('individual')).toHaveLength(1);
  });

  test('are found by queries, page by page', async () => {
    for (const registrationId of ['a', 'b', 'c']) {
      await client.createOrUpdateIndividualEnrollment(
        individual({ registrationId, provisioningStatus: registrationId === 'b' ? 'disabled' : 'enabled' }),
      );
    }
    const query = client.createIndividualEnrollmentQuery(
      { query: "SELECT * FROM enrollments WHERE provisioningStatus = 'enabled'" },
      1,
    );
    const found: string[] = [];
    do {
      // Called without the token, the SDK begins anew.
      const { responseBody } = await query.next(
        (query as unknown as { continuationToken: string }).continuationToken,
      );
      found.push(...(responseBody as unknown as IndividualEnrollment[]).map((each) => each.registrationId));
    } while (query.hasMoreResults);
    expect(found).toEqual(['a', 'c']);
  });

  test.each([
    ['no attestation', { attestation: undefined as never }],
    ['a TPM', { attestation: { type: 'tpm' } as never }],
    ['a hub that is not linked', { iotHubs: ['west.test'] }],
    ['a policy that is none', { allocationPolicy: 'nearest' as never }],
  ])('with %s are refused', async (_what, settings) => {
    expect(await statusOf(client.createOrUpdateIndividualEnrollment(individual(settings)))).toBe(400);
  });
});

describe('enrolment groups', () => {
  test('give their devices keys, an initial twin and a hub, and know who came', async () => {
    await client.createOrUpdateEnrollmentGroup({
      enrollmentGroupId: 'cameras',
      attestation: { type: 'symmetricKey' },
      provisioningStatus: 'enabled',
      allocationPolicy: 'static',
      iotHubs: ['south.test'],
      initialTwin: { tags: { store: 'oslo-1' }, properties: { desired: { FrameRate: 24 } } } as never,
      reprovisionPolicy: { updateHubAssignment: true, migrateDeviceData: false },
    });
    const { responseBody: mechanism } = await client.getEnrollmentGroupAttestationMechanism('cameras');
    const groupKey = mechanism.symmetricKey?.primaryKey ?? '';
    await register('cam-7', deriveDeviceKey(groupKey, 'cam-7'));
    expect(hubs[1]?.twins.get('cam-7')).toMatchObject({
      tags: { store: 'oslo-1' },
      desired: { properties: { FrameRate: 24 } },
    });
    const { responseBody: state } = await client.getDeviceRegistrationState('cam-7');
    expect(state).toMatchObject({
      assignedHub: 'south.test',
      status: 'assigned',
      substatus: 'initialAssignment',
    });
    const query = client.createEnrollmentGroupDeviceRegistrationStateQuery({ query: 'SELECT *' }, 'cameras');
    expect(await query.next()).toMatchObject({ responseBody: [{ registrationId: 'cam-7' }] });
    await client.deleteDeviceRegistrationState(state);
    expect(await statusOf(client.getDeviceRegistrationState('cam-7'))).toBe(404);
    await client.deleteEnrollmentGroup('cameras');
    await expect(register('cam-8', deriveDeviceKey(groupKey, 'cam-8'))).rejects.toThrow('refused');
  });
});

describe('custom allocation', () => {
  const group = () =>
    client.createOrUpdateEnrollmentGroup({
      enrollmentGroupId: 'cameras',
      attestation: { type: 'symmetricKey' },
      provisioningStatus: 'enabled',
      allocationPolicy: 'custom',
      customAllocationDefinition: {
        webhookUrl: 'https://allocate.test/api/hub?code=k',
        apiVersion: '2021-10-01',
      },
    });
  const keyOf = async (registrationId: string) => {
    const { responseBody } = await client.getEnrollmentGroupAttestationMechanism('cameras');
    return deriveDeviceKey(responseBody.symmetricKey?.primaryKey ?? '', registrationId);
  };

  test('asks a program which hub a device belongs to, and takes its twin and payload', async () => {
    await group();
    webhookAnswer = {
      iotHubHostName: 'south.test',
      initialTwin: { tags: { floor: 2 }, properties: { desired: { zone: 'B' } } },
      payload: { welcome: true },
    };
    expect(await register('cam-7', await keyOf('cam-7'), { serial: 42 })).toMatchObject({
      registration: { assignedHub: 'south.test', payload: { welcome: true } },
    });
    expect(asked).toMatchObject([
      {
        url: 'https://allocate.test/api/hub?code=k',
        request: {
          enrollmentGroup: { enrollmentGroupId: 'cameras' },
          deviceRuntimeContext: { registrationId: 'cam-7', symmetricKey: {}, payload: { serial: 42 } },
          linkedHubs: ['north.test', 'south.test'],
        },
      },
    ]);
    expect(hubs[1]?.twins.get('cam-7').tags).toEqual({ floor: 2 });
  });

  test.each([
    ['names no hub', {}, 'iotHubHostName'],
    ['names a hub that is not linked', { iotHubHostName: 'west.test' }, 'west.test'],
  ])('of a program that %s fails, and says why', async (_what, answer, why) => {
    await group();
    webhookAnswer = answer;
    const state = await register('cam-7', await keyOf('cam-7'));
    expect(state).toMatchObject({ status: 'failed', reason: expect.stringContaining(why) as string });
    expect(hubs.flatMap((hub) => hub.registry.devices)).toEqual([]);
  });
});

test('nobody is let in with another key', async () => {
  const other = clientWith(Buffer.alloc(32, 8).toString('base64'));
  expect(await statusOf(other.getIndividualEnrollment('cam-1'))).toBe(401);
});
