/** How a shopper looks: drawn once from their seed, age, gender and height, the same in every run. */
import { clamp } from '../arithmetic.js';
import { hashRandom, pickOf } from '../hash-random.js';
import { type Colour, PATTERN, type Pattern } from '../render/materials.js';
import type { SceneProfile } from '../scene.js';
import { BOTTOMS, GREY_HAIRS, HAIRS, INNERS, SHOES, SKINS, TOPS } from './palette.js';

export type TopKind = 'tee' | 'long' | 'shirt' | 'jacket' | 'hoodie' | 'coat';
export type BottomKind = 'jeans' | 'chino' | 'leggings' | 'wide' | 'shorts' | 'skirt' | 'dress';
export type HairStyle = 'short' | 'crop' | 'bald' | 'cap' | 'beanie' | 'long' | 'bob' | 'bun' | 'tail';
export type BagKind = 'none' | 'backpack' | 'tote' | 'cross' | 'basket';

export interface Appearance {
  readonly seed: number;
  readonly heightMetres: number;
  readonly child: boolean;
  readonly female: boolean;
  /** Width of the body relative to a slim adult. */
  readonly build: number;
  /** Chin to crown, in metres. */
  readonly headMetres: number;
  /** How far age bends the back forward, in radians. */
  readonly stoop: number;
  /** Lines of age in the face, in [0, 1]. */
  readonly lines: number;
  readonly skin: Colour;
  readonly hair: Colour;
  readonly hairStyle: HairStyle;
  readonly hat: Colour;
  readonly top: TopKind;
  readonly topColour: Colour;
  readonly topPattern: Pattern;
  readonly patternColour: Colour;
  readonly inner: Colour;
  /** The top ends at the belt. */
  readonly tucked: boolean;
  readonly bottom: BottomKind;
  readonly bottomColour: Colour;
  readonly shoes: Colour;
  readonly bag: BagKind;
  readonly bagColour: Colour;
  /** Which side carries the bag: 1 right, -1 left. */
  readonly bagSide: 1 | -1;
  readonly glasses: boolean;
  readonly beard: boolean;
  readonly foldOffset: number;
  /** Double steps a second at any speed: people change their stride more than their rhythm. */
  readonly cadenceHertz: number;
}

const CHILD_BELOW_YEARS = 13;
const GREY_FROM_YEARS = 45;

export function appearanceOf(profile: SceneProfile): Appearance {
  const random = hashRandom(Math.imul(profile.appearanceSeed | 0, 7919) + 13);
  const female = profile.gender === 'female';
  const child = profile.ageYears < CHILD_BELOW_YEARS;
  const { heightMetres, ageYears } = profile;
  const grey = random() < (ageYears - GREY_FROM_YEARS) / 25;
  const breadth = random();
  return {
    seed: profile.appearanceSeed | 0,
    heightMetres,
    child,
    female,
    build: child ? 0.94 + 0.1 * breadth : 0.9 + 0.42 * breadth * breadth,
    headMetres: (0.106 + 0.074 * heightMetres) * (child ? 1.04 : 1),
    stoop: clamp((ageYears - 60) / 300, 0, 0.09),
    lines: clamp((ageYears - 35) / 40, 0, 1),
    skin: pickOf(SKINS, random),
    hair: pickOf(grey ? GREY_HAIRS : HAIRS, random),
    hairStyle: hairStyle(female, child, ageYears, random),
    hat: pickOf(TOPS, random),
    top: topKind(female, random),
    topColour: pickOf(TOPS, random),
    topPattern: topPattern(random),
    patternColour: pickOf(TOPS, random),
    inner: pickOf(INNERS, random),
    tucked: random() < (female ? 0.33 : 0.15),
    bottom: bottomKind(female, child, random),
    bottomColour: pickOf(BOTTOMS, random),
    shoes: pickOf(SHOES, random),
    bag: bagKind(child, random),
    bagColour: pickOf([...TOPS, ...SHOES], random),
    bagSide: random() < 0.5 ? -1 : 1,
    glasses: random() < 0.2 + ageYears / 400,
    beard: !female && ageYears > 19 && random() < 0.3,
    foldOffset: Math.floor(random() * 256),
    cadenceHertz: 0.84 + 0.16 * random() + (child ? 0.15 : 0),
  };
}

function hairStyle(female: boolean, child: boolean, ageYears: number, random: () => number): HairStyle {
  if (female)
    return pickOf<HairStyle>(
      child ? ['long', 'tail', 'bob'] : ['long', 'bob', 'bun', 'tail', 'tail'],
      random,
    );
  if (child) return 'short';
  if (random() < (ageYears - 40) / 90) return 'bald';
  return pickOf<HairStyle>(['short', 'short', 'short', 'short', 'crop', 'crop', 'cap', 'beanie'], random);
}

function topKind(female: boolean, random: () => number): TopKind {
  return pickOf<TopKind>(
    female
      ? ['tee', 'tee', 'long', 'jacket', 'hoodie', 'long', 'coat']
      : ['tee', 'tee', 'long', 'jacket', 'hoodie', 'shirt', 'jacket'],
    random,
  );
}

function topPattern(random: () => number): Pattern {
  return pickOf<Pattern>(
    [
      PATTERN.plain,
      PATTERN.plain,
      PATTERN.plain,
      PATTERN.plain,
      PATTERN.stripes,
      PATTERN.check,
      PATTERN.print,
    ],
    random,
  );
}

function bottomKind(female: boolean, child: boolean, random: () => number): BottomKind {
  if (child && random() < 0.3) return 'shorts';
  return pickOf<BottomKind>(
    female
      ? ['jeans', 'jeans', 'leggings', 'skirt', 'dress', 'wide']
      : ['jeans', 'jeans', 'chino', 'chino', 'chino', 'shorts'],
    random,
  );
}

function bagKind(child: boolean, random: () => number): BagKind {
  if (random() < 0.45) return 'none';
  return pickOf<BagKind>(
    child ? ['backpack', 'none'] : ['backpack', 'tote', 'tote', 'basket', 'cross'],
    random,
  );
}
