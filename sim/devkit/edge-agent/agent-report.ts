/** The reported properties of `$edgeAgent` ("EdgeAgent reported properties"), in the form of IoT Edge 1.5. */
import type { Properties } from '../../../pipeline/camera-module/hub-connection.js';
import type { Manifest, ModuleSpecification } from './manifest.js';
import type { ModuleState } from './module-supervisor.js';

/** What the agent makes of the desired properties that it saw last. */
export interface DeploymentStatus {
  readonly version: number;
  readonly code: 200 | 400 | 412 | 417 | 500;
  readonly description: string;
}

export interface RunningModule {
  readonly specification: ModuleSpecification;
  readonly state: ModuleState;
}

/** The release of IoT Edge that this stands in for. */
const RUNTIME_VERSION = '1.5.0';
/** .NET's smallest time: what the agent reports for "never". */
const NEVER = '0001-01-01T00:00:00Z';

export const SCHEMA_VERSION = '1.1';
export const VERSION: Properties = { version: RUNTIME_VERSION, build: '', commit: '' };

/** `manifest`: the one in force, which after a bad one is not the last; null before the first. */
export function agentReport(
  status: DeploymentStatus,
  manifest: Manifest | null,
  modules: readonly RunningModule[],
  startedAtMs: number,
): Properties {
  const outcome = {
    schemaVersion: SCHEMA_VERSION,
    version: VERSION,
    lastDesiredVersion: status.version,
    lastDesiredStatus: { code: status.code, description: status.description },
  };
  if (manifest === null) return outcome;
  const isWell = modules.every(({ state }) => ['running', 'stopped'].includes(state.runtimeStatus));
  return {
    ...outcome,
    deviceHealth: isWell ? 'healthy' : 'unhealthy',
    runtime: {
      ...manifest.runtime,
      platform: { os: 'linux', architecture: 'aarch64', version: RUNTIME_VERSION },
    },
    systemModules: {
      edgeAgent: { ...manifest.systemModules.edgeAgent, ...systemState(startedAtMs) },
      edgeHub: {
        ...manifest.systemModules.edgeHub,
        ...systemState(startedAtMs),
        restartCount: 0,
        lastRestartTimeUtc: NEVER,
      },
    },
    modules: Object.fromEntries(modules.map((module) => [module.specification.name, moduleReport(module)])),
  };
}

function systemState(startedAtMs: number): Properties {
  return {
    runtimeStatus: 'running',
    statusDescription: 'running',
    exitCode: 0,
    lastStartTimeUtc: time(startedAtMs),
    lastExitTimeUtc: NEVER,
  };
}

function moduleReport({ specification, state }: RunningModule): Properties {
  const { copy, restartPolicy, status } = specification;
  return {
    imagePullPolicy: 'on-create',
    ...copy,
    status,
    restartPolicy,
    runtimeStatus: state.runtimeStatus,
    statusDescription: state.statusDescription,
    exitCode: state.exitCode,
    lastStartTimeUtc: time(state.lastStartTimeMs),
    lastExitTimeUtc: time(state.lastExitTimeMs),
    restartCount: state.restartCount,
    lastRestartTimeUtc: time(state.lastRestartTimeMs),
  };
}

/** As the runtime reports times. */
export function time(atMs: number | null): string {
  return atMs === null ? NEVER : new Date(atMs).toISOString();
}
