/** Jobs: a twin update or a direct method for all devices of a condition ("Schedule jobs on multiple devices"). */
import type { Json, Properties } from '../../../pipeline/camera-module/hub-connection.js';
import { type Condition, parseCondition } from '../../../pipeline/deployment/condition/condition.js';
import type { IotHub } from '../core.js';
import { isObject } from './twin-document.js';
import { matches } from './twin-query.js';
import { viewOf } from './twin-view.js';

export type JobWork =
  | { readonly type: 'scheduleUpdateTwin'; readonly patch: Properties }
  | {
      readonly type: 'scheduleDeviceMethod';
      readonly methodName: string;
      readonly payload: Json;
      readonly timeoutMs: number;
    };

export type JobStatus = 'scheduled' | 'running' | 'completed' | 'failed' | 'cancelled';

export interface JobSettings {
  readonly jobId: string;
  readonly work: JobWork;
  /** `''` and `'*'`: all devices. */
  readonly queryCondition: string;
  readonly startAtMs: number;
  readonly maxExecutionMs: number;
}

export interface Job extends JobSettings {
  readonly status: JobStatus;
  readonly createdAtMs: number;
  readonly endedAtMs: number | null;
  readonly deviceCount: number;
  readonly succeededCount: number;
  readonly failedCount: number;
}

export class Jobs {
  private readonly hub: IotHub;
  private readonly jobs = new Map<string, Job>();

  constructor(hub: IotHub) {
    this.hub = hub;
  }

  get(jobId: string): Job | undefined {
    return this.jobs.get(jobId);
  }

  list(): readonly Job[] {
    return [...this.jobs.values()];
  }

  /** Starts it when its time comes. Throws `ConditionError` for a condition that cannot be read. */
  schedule(settings: JobSettings): Job {
    const { clock } = this.hub.services;
    const { queryCondition } = settings;
    const isAll = queryCondition.trim() === '' || queryCondition.trim() === '*';
    const condition = isAll ? null : parseCondition(queryCondition);
    const nowMs = clock.now();
    const job: Job = {
      ...settings,
      status: 'scheduled',
      createdAtMs: nowMs,
      endedAtMs: null,
      deviceCount: 0,
      succeededCount: 0,
      failedCount: 0,
    };
    this.jobs.set(settings.jobId, job);
    clock.after(Math.max(0, settings.startAtMs - nowMs), () => void this.run(settings.jobId, condition));
    return job;
  }

  /** What it has begun on devices goes on. Undefined: there is no such job. */
  cancel(jobId: string): Job | undefined {
    const job = this.jobs.get(jobId);
    if (job === undefined || job.endedAtMs !== null) return job;
    return this.change(jobId, { status: 'cancelled', endedAtMs: this.hub.services.clock.now() });
  }

  private async run(jobId: string, condition: Condition | null): Promise<void> {
    const job = this.jobs.get(jobId);
    if (job?.status !== 'scheduled') return;
    const devices = this.hub.registry.devices
      .filter((record) => matches(condition, viewOf(this.hub, record)))
      .map(({ identity }) => identity.deviceId);
    this.change(jobId, { status: 'running', deviceCount: devices.length });
    await Promise.all(
      devices.map(async (deviceId) => {
        const succeeded = await this.workOn(deviceId, job.work);
        const { failedCount, succeededCount } = this.jobs.get(jobId) ?? job;
        this.change(
          jobId,
          succeeded ? { succeededCount: succeededCount + 1 } : { failedCount: failedCount + 1 },
        );
      }),
    );
    if (this.jobs.get(jobId)?.status !== 'running') return;
    const failed = (this.jobs.get(jobId)?.failedCount ?? 0) > 0;
    this.change(jobId, { status: failed ? 'failed' : 'completed', endedAtMs: this.hub.services.clock.now() });
  }

  private async workOn(deviceId: string, work: JobWork): Promise<boolean> {
    if (work.type === 'scheduleDeviceMethod') {
      const { methodName, payload, timeoutMs } = work;
      const outcome = await this.hub.invokeMethod(deviceId, methodName, payload, timeoutMs);
      return outcome.ok;
    }
    const { tags, properties } = work.patch;
    const desired = isObject(properties) ? properties.desired : undefined;
    const { twins } = this.hub;
    const tagged = tags === undefined || twins.changeTags(deviceId, tags, 'merge').ok;
    return tagged && (!isObject(desired) || twins.patchDesired(deviceId, desired).ok);
  }

  private change(jobId: string, change: Partial<Job>): Job | undefined {
    const job = this.jobs.get(jobId);
    if (job === undefined) return undefined;
    const changed = { ...job, ...change };
    this.jobs.set(jobId, changed);
    return changed;
  }
}
