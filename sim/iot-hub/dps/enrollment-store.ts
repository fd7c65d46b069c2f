/** The enrolments of a provisioning service, individuals and groups, each with its ETag. */
import type { Clock } from '../../kernel/services.js';
import type { Enrollment } from './enrollment.js';

export interface EnrollmentRecord {
  readonly enrollment: Enrollment;
  readonly etag: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export type EnrollmentKind = Enrollment['kind'];

export class EnrollmentStore {
  private readonly clock: Clock;
  private readonly records: Readonly<Record<EnrollmentKind, Map<string, EnrollmentRecord>>> = {
    individual: new Map(),
    group: new Map(),
  };
  private readonly listeners: (() => void)[] = [];
  private changes = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** `listener` hears of every enrolment that comes, changes or goes. */
  onChanged(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Creates or replaces. */
  put(enrollment: Enrollment): EnrollmentRecord {
    const of = this.records[enrollment.kind];
    const id = idOf(enrollment);
    const nowMs = this.clock.now();
    const record: EnrollmentRecord = {
      enrollment,
      etag: Buffer.from(String(++this.changes)).toString('base64'),
      createdAtMs: of.get(id)?.createdAtMs ?? nowMs,
      updatedAtMs: nowMs,
    };
    of.set(id, record);
    this.changed();
    return record;
  }

  find(kind: EnrollmentKind, id: string): EnrollmentRecord | undefined {
    return this.records[kind].get(id);
  }

  list(kind: EnrollmentKind): readonly EnrollmentRecord[] {
    return [...this.records[kind].values()];
  }

  remove(kind: EnrollmentKind, id: string): void {
    this.records[kind].delete(id);
    this.changed();
  }

  /** Puts records back as they were saved. */
  restore(records: readonly EnrollmentRecord[]): void {
    for (const record of records) {
      this.records[record.enrollment.kind].set(idOf(record.enrollment), record);
      this.changes++;
    }
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}

export function idOf(enrollment: Enrollment): string {
  return enrollment.kind === 'individual' ? enrollment.registrationId : enrollment.groupId;
}
