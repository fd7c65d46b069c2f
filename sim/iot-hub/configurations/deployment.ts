/**
 * Setting modules on a device ("Understand how IoT Edge modules can be used, configured, and reused"): the
 * manifest's `modulesContent` holds, by module name, the desired properties of that module's twin.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Json, Properties } from '../../../pipeline/camera-module/hub-connection.js';
import type { IotHub } from '../core.js';
import { isObject } from '../twins/twin-document.js';
import { DeploymentError, type DesiredByModule, desiredByModule } from './content.js';

export { DeploymentError } from './content.js';

/**
 * Applies a manifest to a device: creates the module identities it names and replaces their desired properties.
 * Throws `DeploymentError` for what the service refuses to store; what a device makes of the rest is its own.
 */
export function applyDeployment(hub: IotHub, deviceId: string, manifest: Json): void {
  hub.registry.get(deviceId);
  const desired = desiredByModule(manifest);
  ensureModules(hub, deviceId, desired);
  for (const [module, properties] of desired) replaceDesired(hub, deviceId, module, properties);
}

/** The same, but twins that have it already stay as they are. */
export function bringTo(hub: IotHub, deviceId: string, desired: DesiredByModule): void {
  ensureModules(hub, deviceId, desired);
  for (const [module, properties] of desired) {
    const before = hub.twins.get(`${deviceId}/${module}`).desired;
    if (!isDeepStrictEqual(before.properties, properties)) replaceDesired(hub, deviceId, module, properties);
  }
}

function ensureModules(hub: IotHub, deviceId: string, desired: DesiredByModule): void {
  const names = [...desired.keys(), ...modulesToRun(desired.get('$edgeAgent') ?? {})];
  for (const module of names) hub.registry.ensure(`${deviceId}/${module}`);
}

function replaceDesired(hub: IotHub, deviceId: string, module: string, properties: Properties): void {
  const outcome = hub.twins.replaceDesired(`${deviceId}/${module}`, properties);
  if (!outcome.ok) throw new DeploymentError(`modulesContent.${module}: ${outcome.reason}`);
}

/** Modules that `$edgeAgent` is to start; each has an identity, with or without a twin in the manifest. */
function modulesToRun({ modules }: Properties): readonly string[] {
  return isObject(modules) ? Object.keys(modules) : [];
}
