/** The provisioning service on TLS, with one group enrolment that any camera may join by its derived key. */
import tls from 'node:tls';
import type { Json } from '../../../pipeline/camera-module/hub-connection.js';
import type { AskWebhook } from '../../iot-hub/dps/custom-allocation.js';
import { DEFAULT_SETTINGS } from '../../iot-hub/dps/enrollment.js';
import { openDpsFront } from '../../iot-hub/dps/mqtt-front.js';
import { ProvisioningService } from '../../iot-hub/dps/provisioning.js';
import type { ServiceAccess } from '../../iot-hub/dps/service-front.js';
import type { IotHub } from '../../iot-hub/index.js';
import type { ServerCertificate } from './certificates.js';
import type { Closers } from './closers.js';
import { listenAt } from './ports.js';

export const ID_SCOPE = '0ne0FOOTFALL';
const GROUP = 'cameras';
const OWNER = 'provisioningserviceowner';
const KEY_BYTES = 32;
const WEBHOOK_PATIENCE_MS = 5_000;

export interface DpsServer {
  readonly port: number;
  /** Base64. */
  readonly enrollmentGroupKey: string;
}

/** The service without its port, so that what was assigned can be put back before anyone asks. */
export function provisioningOf(hub: IotHub): ProvisioningService {
  return new ProvisioningService(ID_SCOPE, [{ hub, latencyMs: 0 }], hub.services, askWebhook);
}

/** Who may use the service API: the policy of the same name that every provisioning service has. */
export function serviceAccess({ services }: ProvisioningService): ServiceAccess {
  const key = Buffer.from(services.rng(`dps/policy/${OWNER}`).bytes(KEY_BYTES)).toString('base64');
  return { hostName: 'localhost', policyName: OWNER, key };
}

/** "The webhook is called by a POST"; Azure waits for five seconds. */
const askWebhook: AskWebhook = async (url, request) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
    signal: AbortSignal.timeout(WEBHOOK_PATIENCE_MS),
  });
  if (!response.ok) throw new Error(`the webhook answered ${response.status}`);
  return (await response.json()) as Json;
};

export async function openDps(
  service: ProvisioningService,
  { chainPem, keyPem }: ServerCertificate,
  trustedPem: readonly string[],
  portBase: number,
  closers: Closers,
): Promise<DpsServer> {
  const { rng } = service.services;
  const key = (which: string) =>
    Buffer.from(rng(`dps/${GROUP}/${which}`).bytes(KEY_BYTES)).toString('base64');
  const primary = key('primary');
  // One that was changed, or that came back with the data, stays as it is.
  if (service.enrollments.find('group', GROUP) === undefined) {
    service.enroll({
      ...DEFAULT_SETTINGS,
      kind: 'group',
      groupId: GROUP,
      attestation: { kind: 'symmetricKey', keys: { primary, secondary: key('secondary') } },
      // Cameras run IoT Edge: automatic deployments reach them.
      isEdge: true,
    });
  }
  const front = openDpsFront(service);
  const sockets = new Set<tls.TLSSocket>();
  const server = tls.createServer(
    { cert: chainPem, key: keyPem, ca: [...trustedPem], requestCert: true, rejectUnauthorized: false },
    (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      front.handle(socket);
    },
  );
  server.on('tlsClientError', () => {});
  const port = await listenAt(server, 'dps', portBase);
  closers.push(async () => {
    await front.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port, enrollmentGroupKey: primary };
}
