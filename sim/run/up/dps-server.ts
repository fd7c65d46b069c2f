/** The provisioning service on TLS, with one group enrolment that any camera may join by its derived key. */
import tls from 'node:tls';
import { DEFAULT_SETTINGS } from '../../iot-hub/dps/enrollment.js';
import { openDpsFront } from '../../iot-hub/dps/mqtt-front.js';
import { ProvisioningService } from '../../iot-hub/dps/provisioning.js';
import type { IotHub } from '../../iot-hub/index.js';
import type { ServerCertificate } from './certificates.js';
import type { Closers } from './closers.js';
import { listenAt } from './ports.js';

export const ID_SCOPE = '0ne0FOOTFALL';
const GROUP = 'cameras';
const KEY_BYTES = 32;

export interface DpsServer {
  readonly port: number;
  /** Base64. */
  readonly enrollmentGroupKey: string;
}

/** The service without its port, so that what was assigned can be put back before anyone asks. */
export function provisioningOf(hub: IotHub): ProvisioningService {
  return new ProvisioningService(ID_SCOPE, [{ hub, latencyMs: 0 }], hub.services);
}

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
  service.enroll({
    ...DEFAULT_SETTINGS,
    kind: 'group',
    groupId: GROUP,
    attestation: { kind: 'symmetricKey', keys: { primary, secondary: key('secondary') } },
    // Cameras run IoT Edge: automatic deployments reach them.
    isEdge: true,
  });
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
