/** The materials a store is fitted out with; they follow from its name. */
import { hashRandom, pickOf, seedOfText } from '../hash-random.js';
import type { Colour } from '../render/materials.js';
import type { Paint } from '../render/quads.js';
import type { ScenePlan } from '../scene.js';
import { flat, hsl, wood } from './paints.js';

export type FlooringKind = 'checked' | 'planks' | 'tiles';

export interface StoreStyle {
  readonly seed: number;
  readonly flooring: FlooringKind;
  readonly floorColours: readonly [Colour, Colour];
  readonly wall: Colour;
  /** A painted band along the walls. */
  readonly band: Colour;
  readonly metal: Paint;
  readonly dark: Paint;
  readonly wood: Paint;
  /** What shelves and counters are clad with. */
  readonly cladding: Paint;
}

const FLOORS: readonly (readonly [FlooringKind, Colour, Colour])[] = [
  ['checked', [190, 184, 172], [178, 172, 160]],
  ['tiles', [182, 180, 176], [182, 180, 176]],
  ['planks', [168, 142, 110], [156, 128, 98]],
  ['tiles', [196, 193, 187], [196, 193, 187]],
];
const WALLS: readonly Colour[] = [
  [208, 203, 194],
  [192, 197, 202],
  [212, 206, 188],
  [202, 194, 188],
];

export function storeStyle(plan: ScenePlan): StoreStyle {
  const seed = seedOfText(plan.name);
  const random = hashRandom(seed);
  const [flooring, first, second] = pickOf(FLOORS, random);
  const metal = flat([176, 177, 176]);
  const dark = flat([84, 84, 88]);
  const oak = wood([158, 122, 86]);
  return {
    seed,
    flooring,
    floorColours: [first, second],
    wall: pickOf(WALLS, random),
    band: hsl(random(), 0.38, 0.38),
    metal,
    dark,
    wood: oak,
    cladding: pickOf([metal, dark, oak], random),
  };
}
