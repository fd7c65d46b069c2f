import { exchange, type Link } from '../network/index.js';
import type { IotHub } from './core.js';
import { resourceOf } from './identity.js';
import { connectionStringOf } from './registry.js';
import { signSasToken } from './sas-token.js';

const TOKEN_SECONDS = 3600;
const MS_PER_SECOND = 1000;

/** What `HostName=…;DeviceId=…;SharedAccessKey=…` says. */
function readDeviceConnectionString(text: string): { readonly deviceId: string; readonly key: string } {
  const fields = new Map(
    text.split(';').map((field) => [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)]),
  );
  return { deviceId: fields.get('DeviceId') ?? '', key: fields.get('SharedAccessKey') ?? '' };
}

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
  const { deviceId, key } = readDeviceConnectionString(deviceConnectionString);
  const { hostName } = hub.settings;
  return exchange(
    link,
    `${deviceId}/identity/${moduleId}`,
    0,
    () => {
      const expirySeconds = Math.floor(hub.services.clock.now() / MS_PER_SECOND) + TOKEN_SECONDS;
      const token = signSasToken(resourceOf(hostName, { deviceId, moduleId: null }), key, expirySeconds);
      const outcome = hub.authenticate(deviceId, token);
      if (!outcome.ok) throw new Error(`the hub refused '${deviceId}': ${outcome.problem}`);
      return connectionStringOf(hostName, hub.registry.ensure(`${deviceId}/${moduleId}`));
    },
    (text) => text.length,
  );
}
