/** Footage under a world: one camera plays it, and its ground truth, where there is one, is the world's truth. */
import type { Expectation } from '../../../reports/run-record.js';
import type { FootagePlayer } from '../../camera/footage/session/footage-player.js';
import type { PlayedFootage } from '../../camera/footage/session/session-messages.js';
import type { Kernel } from '../../kernel/index.js';
import { FootageSight } from '../sight/footage-sight.js';
import { Witness } from '../sight/witness.js';
import { type Collector, windowEndOf } from '../world/collector.js';
import type { GroundOfAnyKind } from '../world/ground.js';
import type { FootageSettings } from '../world/world-messages.js';
import type { FaceSource } from './face-source.js';
import { FootageTruth } from './footage-truth.js';
import { judgeFigure } from './replay-expectation.js';

export interface FootageGround extends GroundOfAnyKind {
  readonly kind: 'footage';
  readonly player: FootagePlayer;
  readonly settings: FootageSettings;
  /** Where answers about faces come from. */
  readonly facesFrom: string;
  /** Null where there is no ground truth. */
  readonly truth: FootageTruth | null;
  /** What came of the footage; known once the ground is closed. */
  readonly played: PlayedFootage;
  readonly warnings: readonly string[];
  expectations(): readonly Expectation[];
}

/** By then a camera looks that ever will. */
const LONGEST_WAIT_MS = 60_000;

export function openFootageGround(
  kernel: Kernel,
  player: FootagePlayer,
  modelZip: Uint8Array,
  faces: FaceSource,
  settings: FootageSettings,
  collector: Collector,
): FootageGround {
  const { cameraId, section, startMs } = settings;
  const truth = new FootageTruth(startMs, section, (window) => collector.truthWindow(window));
  const witness = new Witness({
    attribution: collector.attribution,
    sectionOf: () => section,
    windowEndMs: windowEndOf,
    // Nobody knows whose faces footage shows.
    faceOf: () => null,
    readingOf: () => null,
  });
  // A camera that never looks would be waited for for ever.
  let endMs: number | null = startMs + LONGEST_WAIT_MS;
  let played: PlayedFootage | null = null;
  let notes: readonly string[] = [];
  const result = (): PlayedFootage => {
    if (played === null) throw new Error('the footage is still playing');
    return played;
  };
  return {
    kind: 'footage',
    player,
    settings,
    facesFrom: faces.what,
    truth: player.facts.truthFile === null ? null : truth,
    get played() {
      return result();
    },
    get warnings() {
      return [...result().warnings, ...notes];
    },
    witness,
    subjects: faces.subjects ?? witness.subjects,
    faceHooks: faces.hooks,
    lazyLooks: false,
    modelZip,
    get endMs() {
      return endMs;
    },
    sightOf: () =>
      new FootageSight({
        kernel,
        player,
        cameraId,
        startMs,
        witness,
        onPicture: (picture) => faces.read(picture),
        onPlayed: (stretch) => {
          truth.add(stretch.played);
          endMs = stretch.ended ? kernel.clock.now() : null;
        },
      }),
    drawn: () => null,
    reachEnd: () => truth.end(),
    async close() {
      played = await player.finish();
      notes = await faces.close();
      await player.close();
    },
    expectations: () => settings.expectations.map((expectation) => judgeFigure(expectation, result())),
  };
}
