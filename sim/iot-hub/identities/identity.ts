/** Who connects: a device, or a module on it. */
export interface Identity {
  readonly deviceId: string;
  readonly moduleId: string | null;
}

/** The MQTT client id, `device` or `device/module`; also how the hub's records name it. */
export function nameOf({ deviceId, moduleId }: Identity): string {
  return moduleId === null ? deviceId : `${deviceId}/${moduleId}`;
}

/** The resource that a shared access signature of the identity is for. */
export function resourceOf(hostName: string, { deviceId, moduleId }: Identity): string {
  const device = `${hostName}/devices/${deviceId}`;
  return moduleId === null ? device : `${device}/modules/${moduleId}`;
}

/** "Identity properties": up to 128 of these characters. */
const ID_PATTERN = /^[A-Za-z0-9\-:.+%_#*?!(),=@$']{1,128}$/;

export function isValidId(id: string): boolean {
  return ID_PATTERN.test(id);
}

/** Null when `name` is neither `device` nor `device/module`. */
export function parseName(name: string): Identity | null {
  const [deviceId = '', moduleId, ...rest] = name.split('/');
  if (rest.length > 0 || !isValidId(deviceId)) return null;
  if (moduleId === undefined) return { deviceId, moduleId: null };
  return isValidId(moduleId) ? { deviceId, moduleId } : null;
}

/** A device that reaches the hub at another port than IoT Hub's names it in the host name; it is no part of the name. */
export function withoutPort(hostAndMore: string): string {
  return hostAndMore.replace(/^([^/:]+):\d+/, '$1');
}
