/** What a scenario may expect of its run. */
import { z } from 'zod';
import { durationMs, shareOf } from './units.js';

const bounds = (description: string) =>
  z
    .strictObject({ atLeast: z.number().optional(), atMost: z.number().optional() })
    .refine(({ atLeast, atMost }) => atLeast !== undefined || atMost !== undefined, 'atLeast or atMost')
    .optional()
    .meta({ description });

const errorLimit = (description: string) => shareOf(description).optional();

const latencyLimits = z.strictObject({
  p50: durationMs('Median.').optional(),
  p95: durationMs('95th percentile.').optional(),
  p99: durationMs('99th percentile.').optional(),
});

const windowExpectation = z.strictObject({
  windowEnd: z.string().meta({ description: "End of the window: local time of the store's day, HH:MM:SS." }),
  section: z.string(),
  row: z.record(
    z.string(),
    z.union([
      z.number(),
      z.null(),
      z.strictObject({ atLeast: z.number().optional(), atMost: z.number().optional() }),
    ]),
  ),
});

export const expectationsSchema = z
  .strictObject({
    footfallError: errorLimit('Largest error of footfall over the run, as a share of the truth.'),
    uniqueError: errorLimit('Largest error of unique visitors over the run, as a share of the truth.'),
    demographicsError: errorLimit('Largest error of the share of women among visitors.'),
    misreadFaces: errorLimit(
      'Largest share of the faces read that were put to somebody else, or of which something wrong was told.',
    ),
    countedTwice: errorLimit('Largest share of visits that were counted as new visitors more than once.'),
    visits: bounds('Visits that truly took place.'),
    visitors: bounds('Visitors that the pipeline told apart.'),
    pictures: bounds('Pictures taken.'),
    lostPictures: bounds('Pictures that were taken and never analysed.'),
    poisonedPictures: bounds('Pictures that the Function gave up.'),
    lateEvents: bounds('Events beyond the late policy.'),
    windowRows: bounds('Rows that reached the dashboard.'),
    latency: z
      .record(z.string(), latencyLimits)
      .default({})
      .meta({ description: 'Limits by stage, e.g. endToEnd.' }),
    windows: z.array(windowExpectation).default([]).meta({ description: 'Rows by window and section.' }),
  })
  .meta({ description: 'What must hold for the run to pass.' });

export type Expectations = z.output<typeof expectationsSchema>;
