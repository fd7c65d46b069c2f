/** Lines and zones as people draw them on a camera's picture. */
import { z } from 'zod';
import type { DrawnMarks } from '../../../pipeline/detection/counting/marks.js';

const id = z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case letters, digits and hyphens');
const point = z
  .tuple([z.number().min(0), z.number().min(0)])
  .meta({ description: 'A place in the picture, [x, y] from its upper left corner.' });

/** The keys of a camera that speak of its picture. */
export const cameraMarksShape = {
  lines: z
    .array(z.strictObject({ id, from: point, to: point }))
    .default([])
    .meta({
      description: 'Lines that people are counted at. From left to right, seen along the line, is in.',
    }),
  zones: z
    .array(
      z.strictObject({
        id,
        name: z
          .string()
          .min(1)
          .optional()
          .meta({ description: 'What people call it; its id when not given.' }),
        area: z.array(point).min(3).meta({ description: 'Corners, in order, the last joins the first.' }),
      }),
    )
    .default([])
    .meta({ description: 'Areas of which it is told how many are in them and for how long.' }),
};

const marks = z.object(cameraMarksShape);
type MarksDocument = z.output<typeof marks>;

/**
 * Coordinates that are all at most 1 are shares of the picture's width and height, so that they hold for every
 * resolution; otherwise all are pixels.
 */
export function drawnMarks({ lines, zones }: MarksDocument, reentryMs: number): DrawnMarks {
  const points = [...lines.flatMap(({ from, to }) => [from, to]), ...zones.flatMap(({ area }) => area)];
  const place = ([x, y]: readonly [number, number]) => ({ x, y });
  return {
    unit: points.every(([x, y]) => x <= 1 && y <= 1) ? 'share' : 'pixels',
    lines: lines.map(({ id: line, from, to }) => ({ id: line, from: place(from), to: place(to) })),
    zones: zones.map(({ id: zone, name = zone, area }) => ({ id: zone, name, area: area.map(place) })),
    reentryMs,
  };
}

/** What is wrong with marks that have the right shape; `path` leads to it. */
export function marksProblems({ lines, zones }: MarksDocument): readonly {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly expected: string;
}[] {
  const twice = (key: string, ids: readonly string[]) =>
    ids.flatMap((name, index) =>
      ids.indexOf(name) === index
        ? []
        : [
            {
              path: [key, index, 'id'],
              message: `there are two ${key} '${name}'`,
              expected: 'an id of its own',
            },
          ],
    );
  return [
    ...twice(
      'lines',
      lines.map((line) => line.id),
    ),
    ...twice(
      'zones',
      zones.map((zone) => zone.id),
    ),
    ...lines.flatMap(({ from, to }, index) =>
      from[0] === to[0] && from[1] === to[1]
        ? [
            {
              path: ['lines', index, 'to'],
              message: 'the line has no length',
              expected: 'another place than from',
            },
          ]
        : [],
    ),
  ];
}
