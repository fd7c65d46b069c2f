/**
 * The floor plan as people write it (YAML or JSON), and its translation into a `FloorPlan`.
 *
 * The schema holds shapes and ranges; what only the whole plan can tell (a camera outside the store, a section
 * nobody can reach) is in `floor-plan-checks.ts`. Keys of the document, and so the paths of problems, are the
 * user's words; units are added to the names on the way in.
 */
import { z } from 'zod';
import { DISPLAY_KINDS, type FloorPlan, type Point, SIDES } from './floor-plan.js';

const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'must be lower-case letters, digits and hyphens')
  .max(64);

const metres = z.number().meta({ description: 'Metres.' });
const point = z.tuple([metres, metres]).meta({ description: 'A place on the floor: [x, y] in metres.' });

const size = z
  .strictObject({
    width: z.number().min(2).max(500).meta({ description: 'Extent along x, in metres.' }),
    depth: z.number().min(2).max(500).meta({ description: 'Extent along y, in metres.' }),
    ceiling: z.number().min(2).max(20).default(3).meta({ description: 'Height of the ceiling, in metres.' }),
  })
  .meta({ description: 'The inside of the store, a rectangle from [0, 0] to [width, depth].' });

const wall = z.strictObject({
  from: point,
  to: point,
  thickness: z.number().min(0.02).max(2).default(0.15).meta({ description: 'Metres.' }),
});

const entrance = z.strictObject({
  id,
  at: point.meta({ description: 'The middle of the doorway, on the outer wall: [x, y] in metres.' }),
  width: z.number().min(0.8).max(20).meta({ description: 'Clear width of the doorway, in metres.' }),
});

const section = z.strictObject({
  id,
  name: z.string().min(1).meta({ description: 'What people call it.' }),
  area: z
    .array(point)
    .min(3)
    .meta({ description: 'Corners of the area, in order, the last joins the first.' }),
});

const display = z.strictObject({
  id,
  name: z.string().min(1).meta({ description: 'What people call it.' }),
  section: id.meta({ description: 'The section it stands in.' }),
  kind: z.enum(DISPLAY_KINDS),
  at: point.meta({ description: 'Lower left corner: [x, y] in metres.' }),
  size: z
    .tuple([z.number().min(0.05).max(200), z.number().min(0.05).max(200)])
    .meta({ description: '[width along x, depth along y] in metres.' }),
  height: z.number().min(0.1).max(10).meta({ description: 'Metres.' }),
  attraction: z
    .number()
    .min(0)
    .max(1000)
    .default(1)
    .meta({ description: 'How often shoppers choose it, relative to the others; 0: never by errand.' }),
  front: z
    .array(z.enum(SIDES))
    .min(1)
    .default([...SIDES])
    .meta({ description: 'The sides shoppers stand at; all that can be reached when not given.' }),
  checkout: z.boolean().default(false).meta({ description: 'Shoppers queue and pay here.' }),
});

const RESOLUTIONS = { '480P': [640, 480], '720P': [1280, 720], '1080P': [1920, 1080] } as const;

const pixels = z.int().min(64).max(7680);
const resolution = z
  .union([z.enum(['480P', '720P', '1080P']), z.tuple([pixels, pixels])])
  .default('480P')
  .meta({ description: '480P (640×480), 720P, 1080P or [width, height] in pixels.' });

const camera = z.strictObject({
  id,
  section: id.meta({ description: 'The section it watches.' }),
  at: point,
  height: z.number().min(0.5).max(20).meta({ description: 'Height of the lens above the floor, in metres.' }),
  heading: z.number().min(0).lt(360).meta({ description: 'Compass degrees: 0 looks along +y, 90 along +x.' }),
  tilt: z.number().min(-10).max(90).meta({ description: 'Degrees below the horizontal.' }),
  fieldOfView: z.number().min(20).max(150).default(75).meta({ description: 'Horizontal, in degrees.' }),
  resolution,
});

/** The document's shape; publish it with `z.toJSONSchema(floorPlanDocumentSchema, { io: 'input' })`. */
export const floorPlanDocumentSchema = z
  .strictObject({
    name: z.string().min(1),
    size,
    walls: z.array(wall).default([]).meta({ description: 'Inner walls; the outer walls are implied.' }),
    entrances: z.array(entrance).min(1),
    sections: z.array(section).min(1),
    displays: z.array(display).default([]),
    cameras: z.array(camera).default([]),
  })
  .meta({ title: 'Floor plan', description: 'The floor plan of a store.' });

export type FloorPlanDocument = z.output<typeof floorPlanDocumentSchema>;

/** The same, translated into a `FloorPlan`. */
export const floorPlanSchema = floorPlanDocumentSchema.transform(floorPlanFrom);

/** A `FloorPlan` from a document that the schema accepted. */
export function floorPlanFrom(document: FloorPlanDocument): FloorPlan {
  return {
    name: document.name,
    widthMetres: document.size.width,
    depthMetres: document.size.depth,
    ceilingMetres: document.size.ceiling,
    walls: document.walls.map(({ from, to, thickness }) => ({
      from: toPoint(from),
      to: toPoint(to),
      thicknessMetres: thickness,
    })),
    entrances: document.entrances.map(({ id, at, width }) => ({ id, at: toPoint(at), widthMetres: width })),
    sections: document.sections.map(({ id, name, area }) => ({ id, name, area: area.map(toPoint) })),
    displays: document.displays.map(({ at, size: [width, depth], height, ...rest }) => ({
      ...rest,
      at: toPoint(at),
      widthMetres: width,
      depthMetres: depth,
      heightMetres: height,
    })),
    cameras: document.cameras.map((mount) => {
      const [widthPixels, heightPixels] =
        typeof mount.resolution === 'string' ? RESOLUTIONS[mount.resolution] : mount.resolution;
      return {
        id: mount.id,
        section: mount.section,
        at: toPoint(mount.at),
        heightMetres: mount.height,
        headingDegrees: mount.heading,
        tiltDegrees: mount.tilt,
        fieldOfViewDegrees: mount.fieldOfView,
        widthPixels,
        heightPixels,
      };
    }),
  };
}

function toPoint([x, y]: readonly [number, number]): Point {
  return { x, y };
}
