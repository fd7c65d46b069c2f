/** The addresses that Event Hubs clients attach links to. */

export type Address =
  | { readonly node: 'cbs' }
  | { readonly node: 'management' }
  | { readonly node: 'publisher'; readonly hub: string; readonly partitionId: string | null }
  | {
      readonly node: 'consumer';
      readonly hub: string;
      readonly consumerGroup: string;
      readonly partitionId: string;
    };

const CONSUMER = /^([^/]+)\/ConsumerGroups\/([^/]+)\/Partitions\/([^/]+)$/i;
const PUBLISHER = /^([^/$]+)(?:\/Partitions\/([^/]+))?$/i;
/** A request names its hub itself, so clients may leave the hub out. */
const MANAGEMENT = /^(?:[^/]+\/)?\$management$/i;

/** Null when no node can have that address. A whole URL is taken by its path. */
export function addressOf(text: string): Address | null {
  const path = text.replace(/^[a-z]+:\/\/[^/]*\/?/i, '').replace(/^\//, '');
  if (path.toLowerCase() === '$cbs') return { node: 'cbs' };
  if (MANAGEMENT.test(path)) return { node: 'management' };
  const [, hub, consumerGroup, partitionId] = CONSUMER.exec(path) ?? [];
  if (hub && consumerGroup && partitionId) return { node: 'consumer', hub, consumerGroup, partitionId };
  const [, target, targetPartition] = PUBLISHER.exec(path) ?? [];
  if (target) return { node: 'publisher', hub: target, partitionId: targetPartition ?? null };
  return null;
}
