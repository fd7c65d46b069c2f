/** The materials of one person, by the number their triangles carry. */
import { type Colour, cloth, FINISH, type Material, PATTERN, painted, surface } from '../render/materials.js';
import type { Appearance } from './appearance.js';
import { FACE_TEXTURE_SIZE, faceTexture } from './face-texture.js';

export const SLOT = {
  sleeve: 0,
  torso: 1,
  bottom: 2,
  skin: 3,
  /** The head but for the face; same texture. */
  head: 4,
  face: 5,
  hair: 6,
  shoe: 7,
  sole: 8,
  bag: 9,
  strap: 10,
  hat: 11,
  dark: 12,
  basket: 13,
} as const;

const SOLE_COLOUR = [205, 202, 196] as const;
const DARK_COLOUR = [32, 32, 36] as const;
const BASKET_COLOUR = [172, 36, 40] as const;

/** In the order of `SLOT`. */
export function materialsOf(look: Appearance): readonly Material[] {
  const head = painted(faceTexture(look), FACE_TEXTURE_SIZE);
  const top = {
    pattern: look.topPattern === PATTERN.print && look.top !== 'tee' ? PATTERN.plain : look.topPattern,
    secondColour: softened(look.patternColour, look.topColour),
    foldOffset: look.foldOffset,
    folds: look.top === 'hoodie' || look.top === 'coat' ? 0.42 : 0.35,
  };
  const sleevePattern = look.topPattern === PATTERN.print ? PATTERN.plain : look.topPattern;
  return [
    cloth(look.topColour, { ...top, pattern: sleevePattern }),
    cloth(look.topColour, { ...top, opening: openingOf(look) }),
    cloth(look.bottomColour, {
      folds: 0.38,
      foldOffset: look.foldOffset + 97,
      pattern: look.bottom === 'jeans' ? PATTERN.denim : PATTERN.plain,
    }),
    surface(FINISH.skin, look.skin),
    head,
    head,
    surface(FINISH.hair, look.hair),
    surface(FINISH.plain, look.shoes),
    surface(FINISH.plain, SOLE_COLOUR),
    cloth(look.bagColour, { folds: 0.5 }),
    surface(FINISH.plain, [look.bagColour[0] * 0.6, look.bagColour[1] * 0.6, look.bagColour[2] * 0.6]),
    cloth(look.hat, { folds: 0.5 }),
    surface(FINISH.plain, DARK_COLOUR),
    surface(FINISH.plain, BASKET_COLOUR),
  ];
}

/** Woven patterns mix their yarns: half of the contrast that the colours alone would have. */
function softened(colour: Colour, ground: Colour): Colour {
  return [(colour[0] + ground[0]) / 2, (colour[1] + ground[1]) / 2, (colour[2] + ground[2]) / 2];
}

function openingOf(look: Appearance): Material['opening'] {
  switch (look.top) {
    case 'jacket':
      return { halfWidth: 0.045, inner: look.inner };
    case 'shirt':
    case 'coat':
    case 'hoodie':
      return { halfWidth: 0, inner: look.inner };
    case 'tee':
    case 'long':
      return null;
  }
}
