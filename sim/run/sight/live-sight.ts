/** Sight on a real camera, for `footfall up`: nobody knows who truly is in front of it. */
import type { LiveCamera } from '../../camera/live/live-camera.js';
import type { SceneCamera } from '../../camera/scene.js';
import type { Look, Sight } from '../../devkit/camera/sight.js';
import type { Clock } from '../../kernel/services.js';
import { darkLook } from './dark.js';
import type { Witness } from './witness.js';
import { witnessedLook } from './witnessed-look.js';

export interface LiveSightParts {
  readonly clock: Clock;
  readonly live: LiveCamera;
  readonly camera: SceneCamera;
  readonly witness: Witness;
  /** Told once of each problem with the stream. */
  readonly warn: (message: string) => void;
}

export class LiveSight implements Sight {
  private readonly parts: LiveSightParts;
  private saidProblem = '';

  constructor(parts: LiveSightParts) {
    this.parts = parts;
  }

  async load(modelZip: Uint8Array): Promise<{ readonly backend: string }> {
    return { backend: await this.parts.live.load(modelZip) };
  }

  async look(): Promise<Look> {
    const { camera, clock, live, witness } = this.parts;
    const atMs = clock.now();
    const seen = await live.look();
    this.tell(seen.kind === 'dark' ? seen.problem : '');
    if (seen.kind === 'dark') return darkLook(camera, atMs);
    const { heightPixels, objects, widthPixels } = seen;
    witness.looked(
      camera.id,
      atMs,
      witnessedLook(objects, [], () => null),
    );
    return { capturedAtMs: atMs, widthPixels, heightPixels, objects, picture: () => live.picture() };
  }

  private tell(problem: string): void {
    if (problem !== '' && problem !== this.saidProblem) this.parts.warn(problem);
    this.saidProblem = problem;
  }
}
