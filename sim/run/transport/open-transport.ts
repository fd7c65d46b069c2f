/** Opens the ways through a world. What a way needs of third parties is imported only when it is taken. */
import type { Kernel } from '../../kernel/index.js';
import type { WorldServices } from '../world/services-of-a-world.js';
import type { Fidelity } from '../world/world-messages.js';
import type { BlobService } from './blob-service.js';
import type { Transport } from './transport.js';

export interface WorldWays {
  readonly transport: Transport;
  /** Gives this thread its way to the real network back. */
  leave(): void;
}

/** With `forOwnClients`, what a Function app dials by itself leads into the world too, whichever the fidelity. */
export async function openWays(
  kernel: Kernel,
  services: WorldServices,
  blobs: BlobService,
  fidelity: Fidelity,
  forOwnClients: boolean,
): Promise<WorldWays> {
  if (fidelity === 'direct' && !forOwnClients) {
    const { directTransport } = await import('./direct-transport.js');
    return { transport: directTransport(services), leave: () => {} };
  }
  const { openFronts } = await import('./fronts.js');
  const fronts = openFronts(kernel, services, blobs.server);
  const leave = forOwnClients
    ? (await import('../world/world-hosts.js')).enterWorld(services, fronts)
    : () => {};
  if (fidelity === 'direct') {
    const { directTransport } = await import('./direct-transport.js');
    return { transport: directTransport(services), leave };
  }
  const { wireTransport } = await import('./wire-transport.js');
  return { transport: await kernel.hold(wireTransport(services, fronts)), leave };
}
