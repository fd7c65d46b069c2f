/** A small room, a camera and shoppers for tests. */
import type { SceneCamera, SceneDisplay, ScenePlan, SceneShopper, SceneState } from './scene.js';

export const SHELF: SceneDisplay = {
  id: 'shelf',
  kind: 'gondola',
  at: { x: 2, y: 5 },
  widthMetres: 4,
  depthMetres: 0.8,
  heightMetres: 1.9,
  front: ['north', 'south'],
};

export function room(displays: readonly SceneDisplay[] = []): ScenePlan {
  return {
    name: 'test room',
    widthMetres: 8,
    depthMetres: 10,
    ceilingMetres: 3.2,
    walls: [],
    entrances: [{ at: { x: 4, y: 0 }, widthMetres: 1.4 }],
    displays,
  };
}

/** At the middle of the south wall, looking north and down. */
export const CAMERA: SceneCamera = {
  id: 'camera',
  at: { x: 4, y: 0.3 },
  heightMetres: 2.8,
  headingDegrees: 0,
  tiltDegrees: 25,
  fieldOfViewDegrees: 80,
  widthPixels: 320,
  heightPixels: 240,
};

export function shopperAt(
  shopper: number,
  x: number,
  y: number,
  state: Partial<SceneState> = {},
): SceneShopper {
  return {
    state: {
      shopper,
      x,
      y,
      headingRadians: 0,
      speedMetresPerSecond: 0,
      activity: 'queueing',
      ...state,
    },
    profile: {
      appearanceSeed: shopper * 31 + 7,
      ageYears: 30,
      gender: shopper % 2 ? 'female' : 'male',
      heightMetres: 1.75,
    },
  };
}
