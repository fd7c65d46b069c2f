/**
 * Setting modules on a device ("Understand how IoT Edge modules can be used, configured, and reused"): the
 * manifest's `modulesContent` holds, by module name, the desired properties of that module's twin.
 */
import type { Json, Properties } from '../../../pipeline/camera-module/hub-connection.js';
import type { IotHub } from '../core.js';
import { isObject } from './twin-document.js';

export class DeploymentError extends Error {
  readonly code = 'FF_HUB_DEPLOYMENT_INVALID';
}

/**
 * Applies a manifest to a device: creates the module identities it names and replaces their desired properties.
 * Throws `DeploymentError` for what the service refuses to store; what a device makes of the rest is its own.
 */
export function applyDeployment(hub: IotHub, deviceId: string, manifest: Json): void {
  const content = isObject(manifest) ? manifest.modulesContent : undefined;
  if (!isObject(content)) {
    throw new DeploymentError("a deployment manifest needs an object 'modulesContent' at its root");
  }
  hub.registry.get(deviceId);
  const desired = Object.entries(content).map(([module, twin]) => [module, desiredOf(module, twin)] as const);
  for (const [module] of desired) hub.registry.ensure(`${deviceId}/${module}`);
  for (const module of modulesToRun(content)) hub.registry.ensure(`${deviceId}/${module}`);
  for (const [module, properties] of desired) {
    const outcome = hub.twins.replaceDesired(`${deviceId}/${module}`, properties);
    if (!outcome.ok) throw new DeploymentError(`modulesContent.${module}: ${outcome.reason}`);
  }
}

function desiredOf(module: string, twin: Json): Properties {
  const desired = isObject(twin) ? twin['properties.desired'] : undefined;
  if (isObject(desired)) return desired;
  throw new DeploymentError(`modulesContent.${module} needs an object 'properties.desired'`);
}

/** Modules that `$edgeAgent` is to start; each has an identity, with or without a twin in the manifest. */
function modulesToRun(content: Properties): readonly string[] {
  const agent = content.$edgeAgent;
  const desired = isObject(agent) ? agent['properties.desired'] : undefined;
  const modules = isObject(desired) ? desired.modules : undefined;
  return isObject(modules) ? Object.keys(modules) : [];
}
