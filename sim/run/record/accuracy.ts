import { AGE_BANDS } from '../../../pipeline/boundaries.js';
import type { RunRecord } from '../../../reports/run-record.js';
import type { World } from '../world.js';

type Accuracy = RunRecord['accuracy']['footfall'];

function compared(truth: number, measured: number): Accuracy {
  return { truth, measured, error: measured - truth };
}

const DECIMALS = 1_000;
const rounded = (value: number) => Math.round(value * DECIMALS) / DECIMALS;

/** The pipeline's numbers beside the truth, over the whole run. */
export function accuracyOf({ collector, store, witness }: World): RunRecord['accuracy'] {
  const { attributionRows, visitorDemographics } = collector;
  const totals = store.totals();
  const { people } = store;
  const summed = (quantity: string) => {
    const rows = attributionRows.filter((row) => row.quantity === quantity);
    const total = (read: (row: (typeof rows)[number]) => number) =>
      rows.reduce((sum, row) => sum + read(row), 0);
    return compared(
      total(({ truth }) => truth),
      total(({ measured }) => measured),
    );
  };
  const seen = [...visitorDemographics.values()];
  const ofGender = (gender: string) => seen.filter((visitor) => visitor.gender === gender).length;
  const mood = witness.meanMood();
  const measuredMood =
    collector.analysedFaces === 0 ? 0 : collector.emotionScoreSum / collector.analysedFaces;
  return {
    footfall: summed('footfall'),
    people: summed('people'),
    unique: compared(totals.persons, seen.length),
    returning: compared(totals.returningVisits, collector.returningVisitors.size),
    demographics: {
      females: compared(people.females, ofGender('female')),
      males: compared(people.males, ofGender('male')),
      byAgeBand: Object.fromEntries(
        AGE_BANDS.map((band) => [
          band,
          compared(people.byAgeBand.get(band) ?? 0, seen.filter(({ ageBand }) => ageBand === band).length),
        ]),
      ),
    },
    emotion: { truth: rounded(mood), measured: rounded(measuredMood), error: rounded(measuredMood - mood) },
  };
}
