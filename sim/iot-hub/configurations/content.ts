/**
 * What a configuration gives to twins. A deployment holds modules (`modulesContent`); one that names places inside
 * desired properties (`properties.desired.modules.till`) is a layer, which adds to the deployment beneath it
 * ("Understand IoT Edge automatic deployments", Layered deployment). Configurations of devices and of modules hold
 * `deviceContent` or `moduleContent`.
 */
import type { Json, Properties } from '../../../pipeline/camera-module/hub-connection.js';
import { isObject } from '../twins/twin-document.js';

export type ContentKind = 'base' | 'layer' | 'device' | 'module';

/** Desired properties by the name of the module. */
export type DesiredByModule = ReadonlyMap<string, Properties>;

export class DeploymentError extends Error {
  readonly code = 'FF_HUB_DEPLOYMENT_INVALID';
}

const DESIRED = 'properties.desired';
const DESIRED_PLACE = `${DESIRED}.`;

/** Null for content that gives nothing to anyone. */
export function kindOf({ deviceContent, moduleContent, modulesContent }: Properties): ContentKind | null {
  if (isObject(modulesContent)) return Object.values(modulesContent).some(namesPlaces) ? 'layer' : 'base';
  if (isObject(deviceContent)) return 'device';
  return isObject(moduleContent) ? 'module' : null;
}

/** What a deployment that stands alone gives. Throws `DeploymentError` for what the service refuses to store. */
export function desiredByModule(content: Json): DesiredByModule {
  return new Map(modulesIn(content).map(([module, twin]) => [module, wholeDesired(module, twin)]));
}

/** `base` with `layers` laid on it one after the other: a later one wins where both name the same place. */
export function withLayers(base: DesiredByModule, layers: readonly Properties[]): DesiredByModule {
  const merged = new Map(base);
  for (const layer of layers) {
    for (const [module, twin] of modulesIn(layer)) {
      merged.set(module, laidOn(merged.get(module) ?? {}, isObject(twin) ? twin : {}));
    }
  }
  return merged;
}

/** `{ "properties.desired.a.b": 1 }`, as device and module configurations have it, laid on `before`. */
export function laidOn(before: Properties, content: Properties): Properties {
  let after = before;
  for (const [key, value] of Object.entries(content)) {
    if (key === DESIRED && isObject(value)) after = value;
    else if (key.startsWith(DESIRED_PLACE)) {
      after = placed(after, key.slice(DESIRED_PLACE.length).split('.'), value);
    }
  }
  return after;
}

function modulesIn(content: Json): readonly (readonly [string, Json])[] {
  const modules = isObject(content) ? content.modulesContent : undefined;
  if (isObject(modules)) return Object.entries(modules);
  throw new DeploymentError("a deployment manifest needs an object 'modulesContent' at its root");
}

function wholeDesired(module: string, twin: Json): Properties {
  const desired = isObject(twin) ? twin[DESIRED] : undefined;
  if (isObject(desired)) return desired;
  throw new DeploymentError(`modulesContent.${module} needs an object '${DESIRED}'`);
}

function namesPlaces(twin: Json): boolean {
  return isObject(twin) && Object.keys(twin).some((key) => key.startsWith(DESIRED_PLACE));
}

function placed(into: Properties, [first = '', ...rest]: readonly string[], value: Json): Properties {
  if (rest.length === 0) return { ...into, [first]: value };
  const inner = into[first];
  return { ...into, [first]: placed(isObject(inner) ? inner : {}, rest, value) };
}
