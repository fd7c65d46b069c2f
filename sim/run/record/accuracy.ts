import { AGE_BANDS } from '../../../pipeline/boundaries.js';
import type { AttributionRow, RunRecord } from '../../../reports/run-record.js';
import type { Collector } from '../world/collector.js';
import type { StoreGround } from '../world/store-ground.js';

type Accuracy = RunRecord['accuracy']['footfall'];

function compared(truth: number, measured: number): Accuracy {
  return { truth, measured, error: measured - truth };
}

const DECIMALS = 1_000;
export const rounded = (value: number) => Math.round(value * DECIMALS) / DECIMALS;

/** The pipeline's numbers beside the truth, over the whole run. */
export function accuracyOf(collector: Collector, { store, witness }: StoreGround): RunRecord['accuracy'] {
  const {
    footfall,
    people: sightings,
    unique,
    returning,
    females,
    males,
    byAgeBand,
    mood,
  } = measuredBy(collector);
  const totals = store.totals();
  const { people } = store;
  const trueMood = witness.meanMood();
  return {
    footfall: compared(totalOf(collector, 'footfall', 'truth'), footfall),
    people: compared(totalOf(collector, 'people', 'truth'), sightings),
    unique: compared(totals.persons, unique),
    returning: compared(totals.returningVisits, returning),
    demographics: {
      females: compared(people.females, females),
      males: compared(people.males, males),
      byAgeBand: Object.fromEntries(
        byAgeBand.map(([band, measured]) => [band, compared(people.byAgeBand.get(band) ?? 0, measured)]),
      ),
    },
    faces: { read: witness.reading.faces, misread: witness.reading.misread },
    emotion: { truth: rounded(trueMood), measured: rounded(mood), error: rounded(mood - trueMood) },
  };
}

/** What the pipeline says, whoever knows the truth about it. */
export function measuredBy(collector: Collector) {
  const { visitorDemographics, analysedFaces, emotionScoreSum } = collector;
  const seen = [...visitorDemographics.values()];
  const ofGender = (gender: string) => seen.filter((visitor) => visitor.gender === gender).length;
  return {
    footfall: totalOf(collector, 'footfall', 'measured'),
    people: totalOf(collector, 'people', 'measured'),
    unique: seen.length,
    returning: collector.returningVisitors.size,
    females: ofGender('female'),
    males: ofGender('male'),
    byAgeBand: AGE_BANDS.map(
      (band) => [band, seen.filter(({ ageBand }) => ageBand === band).length] as const,
    ),
    mood: analysedFaces === 0 ? 0 : emotionScoreSum / analysedFaces,
  };
}

/** Summed over windows and sections. */
export function totalOf(
  { attributionRows }: Collector,
  quantity: AttributionRow['quantity'],
  figure: 'truth' | 'measured',
): number {
  return attributionRows.reduce((sum, row) => sum + (row.quantity === quantity ? row[figure] : 0), 0);
}
