/**
 * The desired properties of `$edgeAgent` ("Properties of the IoT Edge agent and IoT Edge hub module twins"): which
 * modules a device is to run.
 */
import { z } from 'zod';
import type { Properties } from '../../pipeline/camera-module/hub-connection.js';

export interface ModuleSpecification {
  readonly name: string;
  readonly image: string;
  readonly status: 'running' | 'stopped';
  readonly restartPolicy: 'never' | 'on-failure' | 'on-unhealthy' | 'always';
  readonly environment: Readonly<Record<string, string>>;
}

export interface Manifest {
  readonly modules: readonly ModuleSpecification[];
}

export type ManifestReading =
  | { readonly ok: true; readonly manifest: Manifest }
  /** 400: malformed; 412: a schema version that this agent does not know. */
  | { readonly ok: false; readonly status: 400 | 412; readonly description: string };

const SUPPORTED_SCHEMA = /^1\.[01](\.\d+)?$/;

const moduleSchema = z.object({
  type: z.literal('docker'),
  status: z.enum(['running', 'stopped']).default('running'),
  restartPolicy: z.enum(['never', 'on-failure', 'on-unhealthy', 'always']).default('always'),
  settings: z.object({ image: z.string().min(1) }),
  env: z.record(z.string(), z.object({ value: z.coerce.string() })).default({}),
});

const agentSchema = z.object({
  schemaVersion: z.string(),
  runtime: z.object({ type: z.literal('docker') }),
  systemModules: z.object({ edgeAgent: z.unknown(), edgeHub: z.unknown() }),
  modules: z.record(z.string(), moduleSchema).default({}),
});

export function readManifest(desired: Properties): ManifestReading {
  const { schemaVersion } = desired;
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
  const modules = Object.entries(parsed.data.modules).map(([name, module]) => ({
    name,
    image: module.settings.image,
    status: module.status,
    restartPolicy: module.restartPolicy,
    environment: Object.fromEntries(
      Object.entries(module.env).map(([variable, { value }]) => [variable, value]),
    ),
  }));
  return { ok: true, manifest: { modules } };
}
