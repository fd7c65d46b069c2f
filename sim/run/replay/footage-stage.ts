/** A replay as a world sees it: a store of one camera, which nobody walks in but those on the footage. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type FootagePlayer, openFootagePlayer } from '../../camera/footage/session/footage-player.js';
import { inputSizeFor } from '../../camera/footage/session/input-size.js';
import type { Kernel } from '../../kernel/index.js';
import type { Scenario } from '../../scenario/load-scenario.js';
import { scenarioDocumentSchema } from '../../scenario/schema.js';
import { trafficFrom } from '../../store/visits/traffic-schema.js';
import type { Collector } from '../world/collector.js';
import type { Ground } from '../world/ground.js';
import type { FootageSettings, ReplaySettings } from '../world/world-messages.js';
import { nameOf } from './footage-name.js';

/** How often the Dev Kit looks; between two looks every frame is tracked all the same. */
const LOOK_INTERVAL_SECONDS = 0.2;
/** The score from which a detection is told to the camera's module. */
const CONFIDENCE_THRESHOLD = 0.3;
/** For the progress, where the source does not say how long it is. */
const SUPPOSED_SECONDS = 60;
const DEFAULT_FRAME_RATE = 25;

/** Opens the footage. Rejects with the codes of `FootageError` when it or its truth cannot be read. */
export async function openFootageStage({ footage, seed }: ReplaySettings): Promise<{
  readonly scenario: Scenario;
  readonly openGround: (kernel: Kernel) => Promise<(collector: Collector) => Ground>;
}> {
  const { fixtureOf } = await import('./face-source.js');
  const fixture = fixtureOf(footage.face);
  const player = await openFootagePlayer(footage.session);
  return {
    scenario: scenarioOf(footage, player, seed ?? '1', fixture),
    async openGround(kernel) {
      const { openFootageGround } = await import('./footage-ground.js');
      const { openFaceSource } = await import('./face-source.js');
      const zip = await kernel.hold(modelOf(footage, player));
      // A model that does not run is found here; a camera would only report that it goes without.
      await kernel.hold(player.load(zip));
      const faces = await openFaceSource(kernel, footage.face);
      return (collector) => openFootageGround(kernel, player, zip, faces, footage, collector);
    },
  };
}

async function modelOf(
  { modelFile, session }: FootageSettings,
  { facts }: FootagePlayer,
): Promise<Uint8Array> {
  if (modelFile !== null) return readFile(modelFile);
  const { buildCentreNetZip } = await import('../../../pipeline/detection/centre-net-zip.js');
  const size = inputSizeFor(facts, session);
  return buildCentreNetZip({ ...size, confidenceThreshold: CONFIDENCE_THRESHOLD });
}

function scenarioOf(
  settings: FootageSettings,
  { facts }: FootagePlayer,
  seed: string,
  fixture: string | null,
): Scenario {
  const { cameraId, section, startMs, session } = settings;
  const seconds = Math.max(1, (facts.statedFrames ?? 0) / (facts.framesPerSecond ?? DEFAULT_FRAME_RATE));
  const durationSeconds = facts.statedFrames === null ? SUPPOSED_SECONDS : seconds;
  const document = scenarioDocumentSchema.parse({
    name: nameOf(facts.name),
    description: 'A replay of recorded footage.',
    store: '-',
    seed,
    time: { start: new Date(startMs).toISOString().slice(0, 19), duration: durationSeconds },
    solution: { lookInterval: LOOK_INTERVAL_SECONDS },
    privacy: { loyalty: false },
    ...(fixture === null ? {} : { face: { fixture: basename(fixture) } }),
  });
  return {
    file: session.path,
    document,
    storeId: document.name,
    seed,
    startMs,
    durationMs: document.time.duration,
    timeZone: document.time.timeZone,
    plan: {
      name: facts.name,
      widthMetres: 1,
      depthMetres: 1,
      ceilingMetres: 1,
      walls: [],
      entrances: [],
      sections: [{ id: section, name: section, area: [] }],
      displays: [],
      cameras: [
        {
          id: cameraId,
          section,
          at: { x: 0, y: 0 },
          heightMetres: 1,
          headingDegrees: 0,
          tiltDegrees: 0,
          fieldOfViewDegrees: 60,
          widthPixels: facts.widthPixels,
          heightPixels: facts.heightPixels,
        },
      ],
    },
    traffic: trafficFrom(document.traffic),
    planFile: '',
    manifestFile: null,
    queryFile: null,
    functionsFolder: null,
    faceFixtureFile: fixture,
    warnings: [],
    expectationAt: {},
  };
}
