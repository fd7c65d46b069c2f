import type { KernelServices } from '../../kernel/services.js';
import { StageCounters, type StageFigures } from '../../kernel/stage-counters.js';
import type { Target } from './operations.js';

/** Names a request among those of its instant, alike for every way in and every server. */
export function exchangeKey(name: string, target: Target): string {
  return `${name} ${pathOf(target)}`;
}

function pathOf({ account, container, blob }: Target): string {
  return `${account}/${container ?? ''}/${blob ?? ''}`;
}

/**
 * Counts and traces what was asked of the service. Nothing that a server makes up (entity tags, request ids, the
 * wording of a refusal) enters the trace, so that every server leaves the same one.
 */
export class OperationLog {
  private readonly services: KernelServices;
  private readonly writes = new StageCounters('blob-storage/write');
  private readonly reads = new StageCounters('blob-storage/read');
  private readonly deletes = new StageCounters('blob-storage/delete');

  constructor(services: KernelServices) {
    this.services = services;
  }

  /** `refusal` is the HTTP status, null when the service did what was asked; refusals count as dropped. */
  record(name: string, target: Target, refusal: number | null): void {
    this.services.trace.record('blob-storage', pathOf(target), name, { refusal });
    const stage = this.stageOf(name);
    if (stage === null) return;
    stage.in++;
    if (refusal === null) stage.out++;
    else stage.dropped++;
  }

  figures(): readonly StageFigures[] {
    return [this.writes, this.reads, this.deletes].map((stage) => stage.figures());
  }

  private stageOf(name: string): StageCounters | null {
    switch (name) {
      case 'PutBlob':
        return this.writes;
      case 'GetBlob':
        return this.reads;
      case 'DeleteBlob':
        return this.deletes;
      default:
        return null;
    }
  }
}
