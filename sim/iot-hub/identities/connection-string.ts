import { type Identity, parseName } from './identity.js';

/** Who a device or module is and how it proves it. */
export interface DeviceConnection {
  readonly hostName: string;
  readonly identity: Identity;
  /** Base64. */
  readonly key: string;
}

export class HubConnectionStringError extends Error {
  readonly code = 'FF_HUB_CONNECTION_STRING';
}

/** `HostName=…;DeviceId=…[;ModuleId=…];SharedAccessKey=…`, as the device SDKs take it. */
export function formatConnectionString({ hostName, identity, key }: DeviceConnection): string {
  const module = identity.moduleId === null ? '' : `;ModuleId=${identity.moduleId}`;
  return `HostName=${hostName};DeviceId=${identity.deviceId}${module};SharedAccessKey=${key}`;
}

/** Throws `HubConnectionStringError`, which does not repeat the key. */
export function parseConnectionString(text: string): DeviceConnection {
  const fields = new Map<string, string>();
  for (const field of text.split(';')) {
    const split = field.indexOf('=');
    if (split > 0) fields.set(field.slice(0, split).trim().toLowerCase(), field.slice(split + 1).trim());
  }
  const take = (name: string): string => {
    const value = fields.get(name.toLowerCase());
    if (value) return value;
    throw new HubConnectionStringError(
      `a device's connection string needs ${name}; expected HostName=…;DeviceId=…[;ModuleId=…];SharedAccessKey=…`,
    );
  };
  const moduleId = fields.get('moduleid');
  const name = moduleId === undefined ? take('DeviceId') : `${take('DeviceId')}/${moduleId}`;
  const identity = parseName(name);
  if (identity === null) throw new HubConnectionStringError(`'${name}' is no valid identity`);
  return { hostName: take('HostName'), identity, key: take('SharedAccessKey') };
}
