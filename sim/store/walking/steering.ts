/**
 * How bodies walk: the anticipation velocity model of Xu, Chraibi and Seyfried, "Anticipation in a
 * velocity-based model for pedestrian dynamics", Transportation Research Part C 133 (2021), arXiv:2107.00624,
 * which builds on the collision-free speed model of Tordeux, Chraibi and Seyfried (2016). A body looks
 * `ANTICIPATION_SECONDS` ahead, turns aside from those it would meet, and walks as fast as the gap ahead allows.
 * It is of first order: speeds follow from gaps, so it stays stable at the long step used here.
 *
 * Ours: walls act through the clearance field (a body slides along what it would run into), and a body that has
 * been blocked for seconds turns its shoulder and takes less room, as people do. Bodies that touch after that
 * step apart, by the isotropic repulsion of the collision-free speed model.
 *
 * Numbers go from one method to the next in fields, not as arguments, which would be boxed at every call.
 * Nothing here depends on the order of bodies: all read the positions of the last step. Only + - * / and square
 * roots, so a run is the same on every build.
 */
import { AWAY_X, AWAY_Y, CLEARANCE, type ClearanceField } from '../plan/clearance-field.js';
import { BODY_RADIUS_METRES, type Crowd } from './crowd.js';
import {
  type NeighbourGrid,
  PACKED_DIRECTION_X,
  PACKED_DIRECTION_Y,
  PACKED_PARTY,
  PACKED_RADIUS,
  PACKED_VELOCITY_X,
  PACKED_VELOCITY_Y,
  SIGHT_METRES,
  STRIDE,
} from './neighbour-grid.js';

/** t_a of the model. */
const ANTICIPATION_SECONDS = 1;
/** τ: how long a turn takes. */
const TURNING_SECONDS = 0.3;
/** T: the time gap to the one ahead. */
const TIME_GAP_SECONDS = 1.06;
/** k: how strongly others turn a body aside. */
const REPULSION_STRENGTH = 3;
/** D: over what distance. */
const REPULSION_RANGE_METRES = 0.1;
/** exp(-z) is nothing beyond z = 6. */
const REPULSION_REACH_METRES = 6 * REPULSION_RANGE_METRES;
/** Nearer than this, a wall turns a body along itself. */
const WALL_BUFFER_METRES = 0.15;
const WALL_TURNS_METRES = BODY_RADIUS_METRES + WALL_BUFFER_METRES;
/** Between a wall and one who stands nearer to it than this, nobody passes. */
const PASSAGE_METRES = 4 * BODY_RADIUS_METRES;
/** Blocked as long as this, a body turns its shoulder; as long as that, it squeezes through. */
const SHOULDER_AFTER_SECONDS = 3;
const SQUEEZE_AFTER_SECONDS = 8;
/** How quickly a body that squeezed through takes its room back. */
const GROWTH_METRES_PER_SECOND = 0.05;
/** Below this share of its desired speed a body counts as blocked. */
const BLOCKED_SHARE = 0.15;

const NEAR_SQUARED = (2 * BODY_RADIUS_METRES + REPULSION_REACH_METRES) ** 2;
const SIGHT_SQUARED = SIGHT_METRES * SIGHT_METRES;

export class Steering {
  private readonly crowd: Crowd;
  private readonly grid: NeighbourGrid;
  private readonly field: ClearanceField;
  /** Of the body at hand: the bodies ahead, as places in the order of the grid. */
  private ahead = new Int32Array(0);
  private aheadCount = 0;
  /** The unit vector to its goal, how far that is, and where it turns to. */
  private wantX = 0;
  private wantY = 0;
  private goalMetres = 0;
  private towardsX = 0;
  private towardsY = 0;
  /** The speed that the gap ahead leaves it, and the place it steps to. */
  private speed = 0;
  private readonly nextX = new Float64Array(1);
  private readonly nextY = new Float64Array(1);

  constructor(crowd: Crowd, grid: NeighbourGrid, field: ClearanceField) {
    this.crowd = crowd;
    this.grid = grid;
    this.field = field;
  }

  /** Moves every walking body by one step of at most 0.25 s. */
  step(seconds: number): void {
    const { crowd, grid } = this;
    this.reserve(crowd.extent);
    grid.rebuild(crowd);
    for (let place = 0; place < grid.count; place++) {
      const slot = grid.slots[place] ?? 0;
      if (crowd.walking[slot] === 1 && this.seekGoal(slot)) this.walk(place, slot, seconds);
    }
  }

  private walk(place: number, slot: number, seconds: number): void {
    this.field.probe(this.crowd.x, this.crowd.y, slot);
    this.lookAhead(place);
    this.anticipate(place);
    this.turnAlongWall();
    this.turn(slot, seconds);
    this.keepGap(place, slot, seconds);
    this.notePatience(slot, seconds);
    this.move(slot, seconds);
  }

  /** False when the body is at its goal. */
  private seekGoal(slot: number): boolean {
    const { crowd } = this;
    const dx = (crowd.goalX[slot] ?? 0) - (crowd.x[slot] ?? 0);
    const dy = (crowd.goalY[slot] ?? 0) - (crowd.y[slot] ?? 0);
    const metres = Math.sqrt(dx * dx + dy * dy);
    if (metres < 1e-6) {
      crowd.speedMetresPerSecond[slot] = 0;
      return false;
    }
    this.goalMetres = metres;
    this.wantX = dx / metres;
    this.wantY = dy / metres;
    return true;
  }

  /** Lists the bodies within sight that are ahead of the walk or of the goal. */
  private lookAhead(place: number): void {
    const { ahead, wantX, wantY } = this;
    const { packed, positions, starts, columns } = this.grid;
    const me = place * STRIDE;
    const x = positions[place * 2] ?? 0;
    const y = positions[place * 2 + 1] ?? 0;
    const headX = packed[me + PACKED_DIRECTION_X] ?? 0;
    const headY = packed[me + PACKED_DIRECTION_Y] ?? 0;
    const cell = this.grid.cellAt(place);
    let count = 0;
    for (let row = cell - columns - 1; row <= cell + columns - 1; row += columns) {
      const end = starts[row + 3] ?? 0;
      for (let other = starts[row] ?? 0; other < end; other++) {
        const dx = (positions[other * 2] ?? 0) - x;
        const dy = (positions[other * 2 + 1] ?? 0) - y;
        // Counted, not branched on: who is seen follows no pattern, and a wrong guess costs more than the sums.
        ahead[count] = other;
        const isSeen = Number(dx * dx + dy * dy <= SIGHT_SQUARED);
        const isAhead = Number(dx * wantX + dy * wantY > 0) | Number(dx * headX + dy * headY > 0);
        count += isSeen & isAhead;
      }
    }
    this.aheadCount = count;
  }

  /** The direction E: the desired one, turned aside from every body the walker would come near. */
  private anticipate(place: number): void {
    const { ahead, aheadCount, wantX, wantY } = this;
    const { packed, positions } = this.grid;
    const me = place * STRIDE;
    const x = positions[place * 2] ?? 0;
    const y = positions[place * 2 + 1] ?? 0;
    const velocityX = packed[me + PACKED_VELOCITY_X] ?? 0;
    const velocityY = packed[me + PACKED_VELOCITY_Y] ?? 0;
    const radius = packed[me + PACKED_RADIUS] ?? 0;
    const party = packed[me + PACKED_PARTY] ?? 0;
    let aside = 0;
    let asideOfStanding = 0;
    let apartX = 0;
    let apartY = 0;
    for (let n = 0; n < aheadCount; n++) {
      const neighbour = ahead[n] ?? 0;
      const other = neighbour * STRIDE;
      const dx = (positions[neighbour * 2] ?? 0) - x;
      const dy = (positions[neighbour * 2 + 1] ?? 0) - y;
      const otherVelocityX = packed[other + PACKED_VELOCITY_X] ?? 0;
      const otherVelocityY = packed[other + PACKED_VELOCITY_Y] ?? 0;
      const closing = (otherVelocityX - velocityX) * dx + (otherVelocityY - velocityY) * dy;
      const squared = dx * dx + dy * dy;
      // Most are not near and do not come nearer: spared the square root.
      if (closing >= 0 && squared > NEAR_SQUARED) continue;
      const apart = Math.sqrt(squared);
      const touching = radius + (packed[other + PACKED_RADIUS] ?? 0);
      if (apart < touching) {
        apartX -= (REPULSION_STRENGTH * dx) / apart;
        apartY -= (REPULSION_STRENGTH * dy) / apart;
        continue;
      }
      const anticipated = apart + (ANTICIPATION_SECONDS * closing) / apart;
      const gap = anticipated - touching;
      if (gap > REPULSION_REACH_METRES || packed[other + PACKED_PARTY] === party) continue;
      const along =
        wantX * (packed[other + PACKED_DIRECTION_X] ?? 0) + wantY * (packed[other + PACKED_DIRECTION_Y] ?? 0);
      const strength =
        REPULSION_STRENGTH * (1.5 - along / 2) * decay(Math.max(gap, 0) / REPULSION_RANGE_METRES);
      // The side on which the other will be; dead ahead counts as left, so people keep to the right.
      const laterX = dx + otherVelocityX * ANTICIPATION_SECONDS;
      const laterY = dy + otherVelocityY * ANTICIPATION_SECONDS;
      const push = laterY * wantX - laterX * wantY >= 0 ? strength : -strength;
      if (otherVelocityX === 0 && otherVelocityY === 0) asideOfStanding += push;
      else aside += push;
    }
    // Along the right-hand normal of the desired direction. Between one who stands and a wall there is no way:
    // pass on the other side.
    if (this.isTowardsWall(wantY * asideOfStanding, -wantX * asideOfStanding))
      asideOfStanding = -asideOfStanding;
    aside += asideOfStanding;
    this.towardsX = wantX + aside * wantY + apartX;
    this.towardsY = wantY - aside * wantX + apartY;
  }

  private isTowardsWall(x: number, y: number): boolean {
    const { found } = this.field;
    if ((found[CLEARANCE] ?? 0) > PASSAGE_METRES) return false;
    return x * (found[AWAY_X] ?? 0) + y * (found[AWAY_Y] ?? 0) < 0;
  }

  /** Close to a wall, what leads into it is taken out of the direction. */
  private turnAlongWall(): void {
    const { towardsX, towardsY } = this;
    const { found } = this.field;
    const near = WALL_TURNS_METRES - (found[CLEARANCE] ?? 0);
    if (near <= 0) return;
    const awayX = found[AWAY_X] ?? 0;
    const awayY = found[AWAY_Y] ?? 0;
    const into = towardsX * awayX + towardsY * awayY;
    if (into >= 0) return;
    const share = Math.min(1, near / WALL_BUFFER_METRES);
    this.towardsX = towardsX - share * into * awayX;
    this.towardsY = towardsY - share * into * awayY;
  }

  /** Relaxes the body's direction towards E within `TURNING_SECONDS`. */
  private turn(slot: number, seconds: number): void {
    const { directionX, directionY } = this.crowd;
    const { towardsX: wholeX, towardsY: wholeY } = this;
    const length = Math.sqrt(wholeX * wholeX + wholeY * wholeY);
    if (length < 1e-9) return;
    const share = Math.min(1, seconds / TURNING_SECONDS);
    const towardsX = wholeX / length;
    const towardsY = wholeY / length;
    const oldX = directionX[slot] ?? 0;
    const oldY = directionY[slot] ?? 0;
    const turnedX = oldX + (towardsX - oldX) * share;
    const turnedY = oldY + (towardsY - oldY) * share;
    const turned = Math.sqrt(turnedX * turnedX + turnedY * turnedY);
    // Turning right about passes through nothing: take the new direction at once.
    const behind = turned < 0.1;
    directionX[slot] = behind ? towardsX : turnedX / turned;
    directionY[slot] = behind ? towardsY : turnedY / turned;
  }

  /** V: the desired speed, or what the nearest body in the way leaves of it. */
  private keepGap(place: number, slot: number, seconds: number): void {
    const { ahead, aheadCount, crowd } = this;
    const { packed, positions } = this.grid;
    const me = place * STRIDE;
    const x = positions[place * 2] ?? 0;
    const y = positions[place * 2 + 1] ?? 0;
    const radius = packed[me + PACKED_RADIUS] ?? 0;
    const directionX = crowd.directionX[slot] ?? 0;
    const directionY = crowd.directionY[slot] ?? 0;
    let smallestGap = SIGHT_METRES;
    for (let n = 0; n < aheadCount; n++) {
      const neighbour = ahead[n] ?? 0;
      const other = neighbour * STRIDE;
      const dx = (positions[neighbour * 2] ?? 0) - x;
      const dy = (positions[neighbour * 2 + 1] ?? 0) - y;
      const touching = radius + (packed[other + PACKED_RADIUS] ?? 0);
      const sideways = Math.abs(dx * directionY - dy * directionX);
      if (sideways > touching || dx * directionX + dy * directionY < 0) continue;
      smallestGap = Math.min(smallestGap, Math.sqrt(dx * dx + dy * dy) - touching);
    }
    const speed = Math.min(
      crowd.desiredMetresPerSecond[slot] ?? 0,
      Math.max(smallestGap, 0) / TIME_GAP_SECONDS,
    );
    const stops = crowd.stopsAtGoal[slot] === 1;
    this.speed = stops ? Math.min(speed, this.goalMetres / seconds) : speed;
  }

  private notePatience(slot: number, seconds: number): void {
    const { crowd } = this;
    const isBlocked = this.speed < BLOCKED_SHARE * (crowd.desiredMetresPerSecond[slot] ?? 0);
    const radius = crowd.radiusMetres[slot] ?? 0;
    if (!isBlocked) {
      crowd.blockedSteps[slot] = 0;
      // Room is taken back bit by bit, or the body would be blocked again by those it is passing.
      if (radius < BODY_RADIUS_METRES) {
        crowd.radiusMetres[slot] = Math.min(BODY_RADIUS_METRES, radius + GROWTH_METRES_PER_SECOND * seconds);
      }
      return;
    }
    const blockedSteps = Math.min((crowd.blockedSteps[slot] ?? 0) + 1, 60_000);
    crowd.blockedSteps[slot] = blockedSteps;
    const waited = blockedSteps * seconds;
    if (waited > SQUEEZE_AFTER_SECONDS) crowd.radiusMetres[slot] = BODY_RADIUS_METRES * 0.25;
    else if (waited > SHOULDER_AFTER_SECONDS) crowd.radiusMetres[slot] = BODY_RADIUS_METRES * 0.6;
  }

  /** Moves the body; it slides along what is in the way and never enters it. */
  private move(slot: number, seconds: number): void {
    const { crowd, field, nextX, nextY } = this;
    const { found } = field;
    const stride = this.speed * seconds;
    let stepX = (crowd.directionX[slot] ?? 0) * stride;
    let stepY = (crowd.directionY[slot] ?? 0) * stride;
    const clearance = found[CLEARANCE] ?? 0;
    let walked = stride;
    if (clearance - stride < BODY_RADIUS_METRES) {
      const awayX = found[AWAY_X] ?? 0;
      const awayY = found[AWAY_Y] ?? 0;
      const into = -(stepX * awayX + stepY * awayY);
      const excess = into - Math.max(clearance - BODY_RADIUS_METRES, 0);
      if (into > 0 && excess > 0) {
        stepX += awayX * excess;
        stepY += awayY * excess;
      }
      nextX[0] = (crowd.x[slot] ?? 0) + stepX;
      nextY[0] = (crowd.y[slot] ?? 0) + stepY;
      field.probe(nextX, nextY, 0);
      // A corner: the way along one wall leads into another.
      if ((found[CLEARANCE] ?? 0) < Math.min(BODY_RADIUS_METRES, clearance)) stepX = stepY = 0;
      walked = Math.sqrt(stepX * stepX + stepY * stepY);
    }
    crowd.x[slot] = (crowd.x[slot] ?? 0) + stepX;
    crowd.y[slot] = (crowd.y[slot] ?? 0) + stepY;
    crowd.speedMetresPerSecond[slot] = walked / seconds;
  }

  private reserve(bodies: number): void {
    if (bodies >= this.ahead.length) this.ahead = new Int32Array(bodies * 2 + 1);
  }
}

/** exp(-z) for z from 0 to 6, from the series of exp(z): plain arithmetic, the same bits everywhere. */
function decay(z: number): number {
  return 1 / (1 + z * (1 + (z / 2) * (1 + (z / 3) * (1 + (z / 4) * (1 + z / 5)))));
}
