/**
 * Import and export of all identities by way of a container of blobs ("Import and export IoT Hub device identities in
 * bulk"): one job at a time, whose progress is asked for.
 */
import type { Clock, RandomSource } from '../../kernel/services.js';

/** Blobs of containers that are named by their whole URI, shared access signature included. */
export interface BlobContainers {
  /** Null: there is no such blob. Rejects when the container cannot be read. */
  read(containerUri: string, name: string): Promise<Uint8Array | null>;
  write(containerUri: string, name: string, body: Uint8Array): Promise<void>;
}

export type RegistryJobType = 'import' | 'export';

export interface RegistryJobSettings {
  readonly type: RegistryJobType;
  /** Null: an export has none. */
  readonly inputBlobContainerUri: string | null;
  readonly outputBlobContainerUri: string;
  readonly excludeKeysInExport: boolean;
}

export interface RegistryJob extends RegistryJobSettings {
  readonly jobId: string;
  readonly status: 'running' | 'completed' | 'failed' | 'cancelled';
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  readonly failureReason: string | null;
}

export class RegistryJobs {
  private readonly clock: Clock;
  private readonly rng: RandomSource;
  private readonly jobs = new Map<string, RegistryJob>();
  private linked: BlobContainers | null = null;

  constructor(clock: Clock, rng: RandomSource) {
    this.clock = clock;
    this.rng = rng;
  }

  /** Gives the hub a way to containers; without one there are no such jobs. */
  link(containers: BlobContainers): void {
    this.linked = containers;
  }

  get containers(): BlobContainers | null {
    return this.linked;
  }

  get(jobId: string): RegistryJob | undefined {
    return this.jobs.get(jobId);
  }

  list(): readonly RegistryJob[] {
    return [...this.jobs.values()];
  }

  /** Begins `work`. Null: "you can have only one active import or export job at a time". */
  start(settings: RegistryJobSettings, work: () => Promise<void>): RegistryJob | null {
    if (this.list().some(({ status }) => status === 'running')) return null;
    const job: RegistryJob = {
      ...settings,
      jobId: this.rng(`iot-hub/registry-jobs/${this.jobs.size}`).uuid(),
      status: 'running',
      startedAtMs: this.clock.now(),
      endedAtMs: null,
      failureReason: null,
    };
    this.jobs.set(job.jobId, job);
    work().then(
      () => this.end(job.jobId, { status: 'completed' }),
      (error: unknown) =>
        this.end(job.jobId, {
          status: 'failed',
          failureReason: error instanceof Error ? error.message : String(error),
        }),
    );
    return job;
  }

  /** What has been done stays done. Undefined: there is no such job. */
  cancel(jobId: string): RegistryJob | undefined {
    this.end(jobId, { status: 'cancelled' });
    return this.jobs.get(jobId);
  }

  private end(jobId: string, how: Pick<RegistryJob, 'status'> & Partial<RegistryJob>): void {
    const job = this.jobs.get(jobId);
    if (job?.status === 'running') this.jobs.set(jobId, { ...job, ...how, endedAtMs: this.clock.now() });
  }
}
