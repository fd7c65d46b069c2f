/**
 * The desired properties of `$edgeAgent` ("Properties of the IoT Edge agent and IoT Edge hub module twins"): which
 * modules a device is to run.
 */
import { z } from 'zod';
import type { Json, Properties } from '../../../pipeline/camera-module/hub-connection.js';
import type { RestartPolicy } from './restart-policy.js';

export interface ModuleSpecification {
  readonly name: string;
  readonly image: string;
  readonly status: 'running' | 'stopped';
  readonly restartPolicy: RestartPolicy;
  /** Modules of a lower order start first. */
  readonly startupOrder: number;
  readonly environment: Readonly<Record<string, string>>;
  /** As the manifest has it: the agent reports a copy. */
  readonly copy: Properties;
}

export interface Manifest {
  readonly schemaVersion: string;
  /** As the manifest has it. */
  readonly runtime: Properties;
  readonly systemModules: { readonly edgeAgent: Properties; readonly edgeHub: Properties };
  /** In the order in which they start. */
  readonly modules: readonly ModuleSpecification[];
}

export type ManifestReading =
  | { readonly ok: true; readonly manifest: Manifest }
  /** 400: malformed; 412: a schema version that this agent does not know; 417: nothing was desired at all. */
  | { readonly ok: false; readonly status: 400 | 412 | 417; readonly description: string };

/** Another minor version is read as far as it is understood, as the agent does. */
const SUPPORTED_SCHEMA = /^1\.\d+(\.\d+)?$/;
/** "Defaults to the largest": modules without an order start last. */
const LAST = 4_294_967_295;

const json = z.custom<Json>();
const copied = z.record(z.string(), json);

const stringifiedJson = z.string().refine(isJsonOrEmpty, { error: 'JSON in a string' });

const moduleSchema = z.looseObject({
  type: z.literal('docker'),
  version: z.string().optional(),
  status: z.enum(['running', 'stopped']).default('running'),
  restartPolicy: z.enum(['never', 'on-failure', 'on-unhealthy', 'always']).default('always'),
  startupOrder: z.int().min(0).max(LAST).default(LAST),
  imagePullPolicy: z.enum(['on-create', 'never']).optional(),
  settings: z.looseObject({ image: z.string().trim().min(1), createOptions: stringifiedJson.optional() }),
  env: z.record(z.string(), z.object({ value: z.coerce.string() })).default({}),
});

const agentSchema = z.object({
  schemaVersion: z.string(),
  runtime: z.looseObject({ type: z.literal('docker') }),
  systemModules: z.object({ edgeAgent: copied, edgeHub: copied }),
  modules: z.record(z.string(), moduleSchema).default({}),
});

export function readManifest(desired: Properties): ManifestReading {
  const { schemaVersion } = desired;
  if (Object.keys(desired).every((name) => name.startsWith('$'))) {
    const description = 'this device has an empty configuration; set a deployment manifest';
    return { ok: false, status: 417, description };
  }
  if (typeof schemaVersion === 'string' && !SUPPORTED_SCHEMA.test(schemaVersion)) {
    const description = `schema version ${schemaVersion} is not supported, expected 1.0 or 1.1`;
    return { ok: false, status: 412, description };
  }
  const parsed = agentSchema.safeParse(desired);
  if (!parsed.success) {
    const faults = parsed.error.issues.map(
      ({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`,
    );
    return { ok: false, status: 400, description: faults.join('; ') };
  }
  const { data } = parsed;
  const copies = desired.modules as Readonly<Record<string, Properties>> | undefined;
  const modules = Object.entries(data.modules).map(([name, module]) => ({
    name,
    image: module.settings.image,
    status: module.status,
    restartPolicy: module.restartPolicy,
    startupOrder: module.startupOrder,
    environment: Object.fromEntries(
      Object.entries(module.env).map(([variable, { value }]) => [variable, value]),
    ),
    copy: copies?.[name] ?? {},
  }));
  modules.sort((one, other) => one.startupOrder - other.startupOrder);
  const { systemModules } = data;
  const runtime = desired.runtime as Properties;
  return { ok: true, manifest: { schemaVersion: data.schemaVersion, runtime, systemModules, modules } };
}

function isJsonOrEmpty(text: string): boolean {
  if (text.trim() === '') return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
