/**
 * How far a function has read each partition, so that a host that starts again goes on there. Kept as Microsoft's
 * host keeps it: a blob a partition in `azure-webjobs-eventhub`, whose metadata say the last event that was dealt with.
 */

export interface PartitionOfGroup {
  readonly hub: string;
  readonly consumerGroup: string;
  readonly partitionId: string;
}

export interface Checkpoints {
  /** The sequence number of the last event that was dealt with; null before the first. */
  load(partition: PartitionOfGroup): Promise<number | null>;
  save(partition: PartitionOfGroup, sequenceNumber: number): Promise<void>;
}

export function memoryCheckpoints(): Checkpoints {
  const kept = new Map<string, number>();
  return {
    load: async (partition) => kept.get(pathOf(partition)) ?? null,
    async save(partition, sequenceNumber) {
      kept.set(pathOf(partition), sequenceNumber);
    },
  };
}

/** What checkpoints need of blob storage. */
export interface CheckpointBlobs {
  createContainer(container: string): Promise<unknown>;
  put(
    container: string,
    name: string,
    body: Uint8Array,
    options: { readonly metadata: Readonly<Record<string, string>> },
  ): Promise<unknown>;
  /** Null when there is none. */
  get(
    container: string,
    name: string,
  ): Promise<{ readonly metadata: Readonly<Record<string, string>> } | null>;
}

export const CHECKPOINT_CONTAINER = 'azure-webjobs-eventhub';

export function blobCheckpoints(blobs: CheckpointBlobs, namespace: string): Checkpoints {
  const path = (partition: PartitionOfGroup) => `${namespace}/${pathOf(partition)}`;
  let container: Promise<unknown> | null = null;
  return {
    async load(partition) {
      container ??= blobs.createContainer(CHECKPOINT_CONTAINER);
      await container;
      const found = await blobs.get(CHECKPOINT_CONTAINER, path(partition));
      const sequenceNumber = Number(found?.metadata.sequencenumber ?? Number.NaN);
      return Number.isInteger(sequenceNumber) ? sequenceNumber : null;
    },
    async save(partition, sequenceNumber) {
      const metadata = { sequencenumber: String(sequenceNumber) };
      await blobs.put(CHECKPOINT_CONTAINER, path(partition), new Uint8Array(), { metadata });
    },
  };
}

function pathOf({ consumerGroup, hub, partitionId }: PartitionOfGroup): string {
  return `${hub}/${consumerGroup}/checkpoint/${partitionId}`.toLowerCase();
}
