/** One push dataset: its tables, their rows, and what retention keeps of them. */
import type { DatasetDefinition, Table } from './definition.js';
import { PowerBiError } from './errors.js';
import { PushQuota } from './push-quota.js';
import type { Row } from './rows.js';

export type RetentionPolicy = 'None' | 'basicFIFO';

const FIFO_ROWS = 200_000;
const MAX_ROWS_WITHOUT_RETENTION = 5_000_000;

/** The rows of one table, the oldest first. */
class TableRows {
  definition: Table;
  private rows: Row[] = [];
  private head = 0;
  private readonly retention: RetentionPolicy;

  constructor(definition: Table, retention: RetentionPolicy) {
    this.definition = definition;
    this.retention = retention;
  }

  get count(): number {
    return this.rows.length - this.head;
  }

  append(rows: readonly Row[]): void {
    if (this.retention === 'None' && this.count + rows.length > MAX_ROWS_WITHOUT_RETENTION) {
      throw new PowerBiError(
        'RowLimitReached',
        `table "${this.definition.name}" may hold ${MAX_ROWS_WITHOUT_RETENTION} rows without a retention policy`,
      );
    }
    for (const row of rows) this.rows.push(row);
    if (this.retention === 'basicFIFO') this.dropOldest(this.count - FIFO_ROWS);
  }

  last(limit: number): readonly Row[] {
    return this.rows.slice(Math.max(this.head, this.rows.length - limit));
  }

  clear(): void {
    this.rows = [];
    this.head = 0;
  }

  private dropOldest(count: number): void {
    if (count <= 0) return;
    this.head += count;
    if (this.head < FIFO_ROWS) return;
    this.rows = this.rows.slice(this.head);
    this.head = 0;
  }
}

export class Dataset {
  readonly id: string;
  readonly name: string;
  /** Null: in "My workspace". */
  readonly groupId: string | null;
  readonly retention: RetentionPolicy;
  readonly quota = new PushQuota();
  private readonly rowsByTable: readonly TableRows[];

  constructor(id: string, groupId: string | null, definition: DatasetDefinition, retention: RetentionPolicy) {
    this.id = id;
    this.groupId = groupId;
    this.name = definition.name;
    this.retention = retention;
    this.rowsByTable = definition.tables.map((table) => new TableRows(table, retention));
  }

  get tables(): readonly Table[] {
    return this.rowsByTable.map(({ definition }) => definition);
  }

  table(name: string): Table {
    return this.find(name).definition;
  }

  rowCount(table: string): number {
    return this.find(table).count;
  }

  append(table: string, rows: readonly Row[]): void {
    this.find(table).append(rows);
  }

  /** The last rows of a table, at most `limit`, the oldest first. */
  lastRows(table: string, limit: number): readonly Row[] {
    return this.find(table).last(limit);
  }

  clear(table: string): void {
    this.find(table).clear();
  }

  /** Changes the columns of a table. */
  redefine(definition: Table): void {
    this.find(definition.name).definition = definition;
  }

  private find(name: string): TableRows {
    const found = this.rowsByTable.find(
      ({ definition }) => definition.name.toLowerCase() === name.toLowerCase(),
    );
    if (found) return found;
    const known = this.tables.map((table) => table.name).join(', ');
    throw new PowerBiError(
      'PowerBIEntityNotFound',
      `dataset "${this.name}" has no table "${name}"; it has ${known}`,
    );
  }
}
