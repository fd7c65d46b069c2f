/** Sight on footage: the frame that is shown now, and the people whom the detector and the tracker find in it. */
import type { PixelBox } from '../../../pipeline/boundaries.js';
import type { FootagePlayer } from '../../camera/footage/session/footage-player.js';
import type { PlayedStretch, TruePerson } from '../../camera/footage/session/session-messages.js';
import type { Look, Sight } from '../../devkit/camera/sight.js';
import type { PictureToRead } from '../../face-api/local/local-faces.js';
import type { Kernel } from '../../kernel/index.js';
import type { Witness } from './witness.js';
import { type PersonInView, witnessedLook } from './witnessed-look.js';

export interface FootageSightParts {
  readonly kernel: Kernel;
  readonly player: FootagePlayer;
  readonly cameraId: string;
  /** When the footage begins, epoch. */
  readonly startMs: number;
  readonly witness: Witness;
  /** Hears of every picture before anybody else. */
  readonly onPicture: (picture: PictureToRead) => Promise<void>;
  /** Hears of every frame that was played on the way to a look. */
  readonly onPlayed: (stretch: PlayedStretch) => void;
}

export class FootageSight implements Sight {
  private readonly parts: FootageSightParts;
  private isOver = false;

  constructor(parts: FootageSightParts) {
    this.parts = parts;
  }

  async load(modelZip: Uint8Array): Promise<{ readonly backend: string }> {
    const { kernel, player } = this.parts;
    return { backend: await kernel.hold(player.load(modelZip)) };
  }

  async look(): Promise<Look> {
    const { cameraId, kernel, onPlayed, player, startMs, witness } = this.parts;
    const atMs = kernel.clock.now();
    if (this.isOver || atMs < startMs) return this.nothing(atMs);
    const stretch = await kernel.hold(player.advance(atMs - startMs));
    onPlayed(stretch);
    this.isOver = stretch.ended;
    const inView = (stretch.truePeople ?? []).map(inViewOf);
    witness.looked(
      cameraId,
      atMs,
      witnessedLook(stretch.people, inView, () => null),
    );
    return {
      ...this.nothing(atMs),
      objects: stretch.people,
      // No other frame is played before this look has been heard.
      picture: () => this.picture(stretch.people.map(({ box }) => box)),
    };
  }

  private async picture(people: readonly PixelBox[]): Promise<Uint8Array> {
    const { kernel, onPicture, player } = this.parts;
    const jpeg = await kernel.hold(player.picture());
    await onPicture({ jpeg, people });
    return jpeg;
  }

  /** A look before the footage begins or after it has ended. */
  private nothing(atMs: number): Look {
    const { cameraId, player } = this.parts;
    return {
      capturedAtMs: atMs,
      widthPixels: player.facts.widthPixels,
      heightPixels: player.facts.heightPixels,
      objects: [],
      picture: () => Promise.reject(new Error(`camera ${cameraId} shows no footage now`)),
    };
  }
}

/** Ground truth knows where people are, and nothing of their faces. */
function inViewOf({ id, box }: TruePerson): PersonInView {
  return {
    shopper: id,
    box,
    fullBox: box,
    face: { headBox: box, yawDegrees: 180, sizePixels: 0, hiddenShare: 1, visible: false },
  };
}
