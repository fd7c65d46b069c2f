/** A window row and the dataset that takes it, for the tests of this folder. */
import { readFileSync } from 'node:fs';

export const DATASET: unknown = JSON.parse(
  readFileSync(new URL('../../pipeline/deployment/powerbi-dataset.json', import.meta.url), 'utf8'),
);

export const WINDOW_ROW = {
  windowEnd: '2020-01-01T09:00:15.000Z',
  storeId: 'seoul',
  section: 'entrance',
  people: 5,
  faces: 4,
  uniqueVisitors: 3,
  newVisitors: 2,
  returningVisitors: 1,
  females: 2,
  males: 2,
  averageEmotion: 0.42,
  age0to12: 0,
  age13to17: 0,
  age18to24: 1,
  age25to34: 2,
  age35to44: 1,
  age45to54: 0,
  age55to64: 0,
  age65plus: 0,
};

export const PUBLISHER = { token: 'publisher-token', role: 'publisher', storeIds: null } as const;
