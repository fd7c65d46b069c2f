/** The events of a namespace below a data directory; acknowledgements of one moment share one sync of the disk. */
import type { NamespaceJournal } from '../core/core.js';
import { PartitionJournal } from './partition-journal.js';
import { partitionFolder } from './segments.js';

export class DiskJournal implements NamespaceJournal {
  private readonly dataFolder: string;
  private readonly partitions: PartitionJournal[] = [];
  private syncing: Promise<void> = Promise.resolve();
  private next: Promise<void> | null = null;

  constructor(dataFolder: string) {
    this.dataFolder = dataFolder;
  }

  partition(hub: string, partitionId: string): PartitionJournal {
    const journal = new PartitionJournal(partitionFolder(this.dataFolder, hub, partitionId));
    this.partitions.push(journal);
    return journal;
  }

  flushed(): Promise<void> {
    // A sync under way may have begun before the last append: wait for the one after it.
    this.next ??= this.syncing
      .catch(() => {})
      .then(() => {
        this.next = null;
        this.syncing = this.syncAll();
        return this.syncing;
      });
    return this.next;
  }

  async close(): Promise<void> {
    await this.flushed();
    for (const journal of this.partitions) journal.close();
  }

  private async syncAll(): Promise<void> {
    await Promise.all(this.partitions.map((journal) => journal.sync()));
  }
}
