import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DateTime } from 'luxon';
import { stringify } from 'yaml';
import { BadInputError, fileProblem } from '../../scenario/input-problem.js';
import { loadScenario, type Scenario } from '../../scenario/load-scenario.js';
import { installFolder } from '../tool-version.js';
import { writeWhole } from '../write-whole.js';

const DEFAULT_STORE = 'scenarios/stores/corner-shop.yaml';
/** Shoppers come for as long as anyone leaves it running. */
const DURATION = '24h';
const ARRIVALS_PER_HOUR = 120;

/** What the Face API of `footfall up` does. */
export interface FaceOfUp {
  /** An absolute path; null: without recordings. */
  readonly fixture: string | null;
  readonly matching: 'strict' | 'nearest';
  readonly era: '2019' | 'retired';
}

/**
 * The scenario that a store lives while `footfall up` runs, beginning now; written to `folder`, so that a person can
 * see what it is. Throws `BadInputError` for a floor plan that is not in order.
 */
export function scenarioOfUp(
  folder: string,
  storeFile: string | null,
  face: FaceOfUp,
  nowMs: number,
): Scenario {
  if (storeFile !== null && !existsSync(storeFile)) {
    throw new BadInputError([
      fileProblem('FF_FILE_UNREADABLE', storeFile, 'there is no such file', 'the path of a floor plan'),
    ]);
  }
  const file = join(folder, 'scenario.yaml');
  const document = {
    name: 'up',
    seed: 1,
    store: resolve(storeFile ?? join(installFolder(), DEFAULT_STORE)),
    time: {
      start: DateTime.fromMillis(nowMs, { zone: 'UTC' }).toFormat("yyyy-MM-dd'T'HH:mm:ss"),
      duration: DURATION,
      timeZone: 'UTC',
    },
    traffic: { arrivalsPerHour: ARRIVALS_PER_HOUR },
    face: {
      era: face.era,
      matching: face.matching,
      ...(face.fixture === null ? {} : { fixture: face.fixture }),
    },
  };
  writeWhole(file, stringify(document));
  return loadScenario(file);
}
