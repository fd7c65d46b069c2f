/** The rules and state of Power BI's push datasets, without HTTP: both fidelities come here. */
import type { KernelServices } from '../../kernel/services.js';
import { StageCounters, type StageFigures } from '../../kernel/stage-counters.js';
import { Dataset, type RetentionPolicy } from './dataset.js';
import type { DatasetDefinition } from './definition.js';
import { PowerBiError } from './errors.js';
import { checkedRows, type Row } from './rows.js';
import { Workspaces } from './workspaces.js';

export interface PowerBiConfiguration {
  /** How long the service works on a push. */
  readonly pushServiceMs: number;
}

/** Rows that were just taken in. */
export interface PushedRows {
  readonly dataset: string;
  readonly table: string;
  readonly rows: readonly Row[];
}

export interface PushRequest {
  readonly groupId: string | null;
  readonly datasetId: string;
  readonly table: string;
  readonly rows: unknown;
  /** Names the push in the trace. */
  readonly key: string;
}

const MAX_ROWS_A_REQUEST = 10_000;

export class PowerBiCore {
  readonly services: KernelServices;
  readonly workspaces: Workspaces;
  private readonly configuration: PowerBiConfiguration;
  private readonly datasets = new Map<string, Dataset>();
  private readonly listeners = new Set<(pushed: PushedRows) => void>();
  private readonly pushes = new StageCounters('power-bi');

  constructor(services: KernelServices, configuration: PowerBiConfiguration = { pushServiceMs: 0 }) {
    this.services = services;
    this.workspaces = new Workspaces(services.rng);
    this.configuration = configuration;
  }

  /** `groupId` null: in "My workspace". Throws `PowerBiError` (`PowerBIEntityNotFound`) for a group that is not there. */
  createDataset(groupId: string | null, definition: DatasetDefinition, retention: RetentionPolicy): Dataset {
    if (groupId !== null) this.workspaces.get(groupId);
    const id = this.services.rng(`power-bi/dataset/${this.datasets.size}`).uuid();
    const dataset = new Dataset(id, groupId, definition, retention);
    this.datasets.set(id, dataset);
    this.services.trace.record('power-bi', dataset.name, 'create');
    return dataset;
  }

  /** Throws `PowerBiError` (`PowerBIEntityNotFound`) for a group that is not there. */
  datasetsOf(groupId: string | null): readonly Dataset[] {
    if (groupId !== null) this.workspaces.get(groupId);
    return [...this.datasets.values()].filter((dataset) => dataset.groupId === groupId);
  }

  /** Throws `PowerBiError` (`PowerBIEntityNotFound`). */
  dataset(groupId: string | null, datasetId: string): Dataset {
    const dataset = this.datasets.get(datasetId);
    if (dataset && dataset.groupId === groupId) return dataset;
    const where = groupId === null ? '' : ` in group ${groupId}`;
    throw new PowerBiError('PowerBIEntityNotFound', `there is no dataset ${datasetId}${where}`);
  }

  deleteDataset(groupId: string | null, datasetId: string): void {
    this.datasets.delete(this.dataset(groupId, datasetId).id);
  }

  /** With all that is in it. Throws `PowerBiError` (`PowerBIEntityNotFound`). */
  deleteWorkspace(groupId: string): void {
    this.workspaces.delete(groupId);
    for (const [id, dataset] of this.datasets) if (dataset.groupId === groupId) this.datasets.delete(id);
  }

  /** Takes all rows of a request or none. Rejects with `PowerBiError`. */
  async push({ groupId, datasetId, table, rows, key }: PushRequest): Promise<void> {
    this.pushes.in++;
    try {
      const dataset = this.dataset(groupId, datasetId);
      const checked = checkedRows(dataset.table(table), rows);
      if (checked.length > MAX_ROWS_A_REQUEST) {
        throw new PowerBiError(
          'RequestEntityTooLarge',
          `${checked.length} rows in one request; at most ${MAX_ROWS_A_REQUEST} are taken`,
        );
      }
      const { clock, trace } = this.services;
      const done = dataset.quota.begin(checked.length, dataset.rowCount(table), clock.now());
      try {
        if (this.configuration.pushServiceMs > 0) await clock.sleep(this.configuration.pushServiceMs);
        dataset.append(table, checked);
      } finally {
        done();
      }
      this.pushes.out++;
      trace.record('power-bi', key, 'push', { dataset: dataset.name, table, rows: checked.length });
      for (const listener of this.listeners) listener({ dataset: dataset.name, table, rows: checked });
    } catch (error) {
      this.pushes.dropped++;
      throw error;
    }
  }

  /** The last rows of the newest dataset of that name, the oldest first; none before it exists. */
  lastRows(datasetName: string, table: string, limit: number): readonly Row[] {
    const dataset = [...this.datasets.values()].reverse().find(({ name }) => name === datasetName);
    return dataset ? dataset.lastRows(table, limit) : [];
  }

  /** Calls `listener` with all rows from now on; the result ends it. */
  onRows(listener: (pushed: PushedRows) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  figures(): readonly StageFigures[] {
    return [this.pushes.figures()];
  }
}
