/** A simulated store under a world: shoppers walk in it, cameras draw or compute what they see. */
import { loadPersonas } from '../../../fixtures/face/library.js';
import type { RunRecord } from '../../../reports/run-record.js';
import { readErrorModel } from '../../camera/error-model-file.js';
import type { Kernel } from '../../kernel/index.js';
import type { Scenario } from '../../scenario/load-scenario.js';
import { drawnView } from '../sight/drawn-view.js';
import { PixelEyes, PixelSight } from '../sight/pixel-sight.js';
import { TruthSight } from '../sight/truth-sight.js';
import { Witness } from '../sight/witness.js';
import { type Collector, windowEndOf } from './collector.js';
import { faceOf, readingsOf } from './faces.js';
import type { GroundOfAnyKind } from './ground.js';
import { StoreInWorld } from './store-in-world.js';
import type { RunSettings } from './world-messages.js';

export interface StoreGround extends GroundOfAnyKind {
  readonly kind: 'store';
  readonly store: StoreInWorld;
  /** Null when real pixels are looked at. */
  readonly visionModel: RunRecord['visionModel'];
}

export function openStoreGround(
  kernel: Kernel,
  scenario: Scenario,
  { vision, visionWorkers: workers, cache }: RunSettings,
  collector: Collector,
): StoreGround {
  const { plan, startMs, durationMs, document } = scenario;
  const store = new StoreInWorld(scenario, {
    foresee: vision === 'truth',
    onWindow: (window) => collector.truthWindow(window),
  });
  const sectionOf = new Map(plan.cameras.map(({ id, section }) => [id, section]));
  const personas = loadPersonas();
  const witness = new Witness({
    attribution: collector.attribution,
    sectionOf: (cameraId) => sectionOf.get(cameraId) ?? '',
    windowEndMs: windowEndOf,
    faceOf: faceOf(store, personas.personas, kernel.rng),
    readingOf: readingsOf(personas),
  });
  const eyes = new PixelEyes({ kernel, plan, cameras: plan.cameras, workers, cache });
  const model = vision === 'truth' ? readErrorModel() : null;
  const { lookInterval: lookIntervalMs } = document.solution;
  const endMs = startMs + durationMs;
  return {
    kind: 'store',
    store,
    witness,
    subjects: witness.subjects,
    faceHooks: {},
    lazyLooks: model !== null,
    modelZip: null,
    visionModel:
      model === null
        ? null
        : {
            fittedTo: `${model.detector}: ${model.people} people in ${model.frames} frames`,
            residual: model.residual.calibrationError,
          },
    sightOf: (camera) =>
      model === null
        ? new PixelSight({ kernel, store, eyes, camera, witness, lookIntervalMs })
        : new TruthSight({ kernel, store, plan, camera, witness, model }),
    drawn(camera, atMs) {
      if (model === null) return null;
      // Copied, since the store goes on.
      const shoppers = store.at(atMs).map(({ state, profile }) => ({ state: { ...state }, profile }));
      return () => drawnView(plan, camera, shoppers, atMs);
    },
    endMs,
    reachEnd: () => store.reach(endMs),
    async close() {
      await Promise.all([eyes.close(), store.close()]);
    },
  };
}
