import { exchange, type Link } from '../../network/index.js';
import type { IotHub } from '../core.js';
import { parseConnectionString } from './connection-string.js';
import { nameOf, resourceOf } from './identity.js';
import { signSasToken } from './sas-token.js';

const TOKEN_SECONDS = 3600;
const MS_PER_SECOND = 1000;

/**
 * The identity service of an edge device: with the device's own connection string it gets one for a module, which
 * the hub registers if it does not know it. Rejects while the link is down, or when the device's key is refused.
 */
export async function moduleConnectionString(
  hub: IotHub,
  link: Link | undefined,
  deviceConnectionString: string,
  moduleId: string,
): Promise<string> {
  const { identity: device, key } = parseConnectionString(deviceConnectionString);
  const deviceId = nameOf(device);
  const { hostName } = hub.settings;
  return exchange(
    link,
    `${deviceId}/identity/${moduleId}`,
    0,
    () => {
      const expirySeconds = Math.floor(hub.services.clock.now() / MS_PER_SECOND) + TOKEN_SECONDS;
      const token = signSasToken(resourceOf(hostName, device), key, expirySeconds);
      const outcome = hub.authenticate(deviceId, token);
      if (!outcome.ok) throw new Error(`the hub refused '${deviceId}': ${outcome.problem}`);
      hub.registry.ensure(`${deviceId}/${moduleId}`);
      return hub.connectionString(`${deviceId}/${moduleId}`);
    },
    (text) => text.length,
  );
}
