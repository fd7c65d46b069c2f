/** Leads shoppers through the store: corner by corner to a place, or beside the one who leads their party. */

import type { Point } from '../plan/floor-plan.js';
import { distance } from '../plan/geometry.js';
import type { Premises } from '../plan/premises.js';
import { WAY_RADIUS_METRES } from '../plan/roadmap.js';
import type { Shopper, Walk } from '../visits/shopper.js';
import { BODY_RADIUS_METRES, type Crowd } from './crowd.js';

/** So near to a place, a shopper is there. */
const THERE_METRES = 0.12;
/** A corner counts as passed this near to it. */
const PASSED_METRES = 0.35;
/** How often a shopper looks whether the way ahead is still the way. */
const LOOK_EVERY_STEPS = 4;
/** One who cannot get on for this long looks for another way. */
const STUCK_STEPS = 20;
/** Beside and behind the leader: from shoulder to shoulder, from row to row. */
const ABREAST_METRES = 0.7;
const ROW_METRES = 0.8;
/** Farther than this from the leader, a member walks by themselves. */
const LOST_METRES = 4;
/** One this near to a leader who stands need not come nearer. */
const NEAR_METRES = 1.5;
/** Members hurry after the leader this much. */
const HURRY = 1.3;

export class Walking {
  private readonly premises: Premises;
  private readonly crowd: Crowd;

  constructor(premises: Premises, crowd: Crowd) {
    this.premises = premises;
    this.crowd = crowd;
  }

  positionOf({ slot }: Shopper): Point {
    return { x: this.crowd.x[slot] ?? 0, y: this.crowd.y[slot] ?? 0 };
  }

  /** Sets out for a place; false when there is no way to it. */
  setOut(shopper: Shopper, to: Point): boolean {
    const ways = this.premises.roadmap.waysTo(to);
    const route = this.premises.roadmap.route(this.positionOf(shopper), ways, shopper.swing);
    shopper.walk = route === null ? null : { ways, route, leg: 0 };
    this.crowd.desiredMetresPerSecond[shopper.slot] = shopper.desiredMetresPerSecond;
    if (shopper.walk !== null) this.headFor(shopper, shopper.walk);
    return route !== null;
  }

  /** Walks on; true when the shopper is there (and stands). `reachMetres`: how near is near enough. */
  walkOn(shopper: Shopper, step: number, reachMetres = THERE_METRES): boolean {
    const { walk } = shopper;
    if (walk === null) return false;
    const { crowd } = this;
    const at = this.positionOf(shopper);
    const { destination } = walk.ways;
    const left = distance(at.x, at.y, destination.x, destination.y);
    if (left <= reachMetres && walk.leg === walk.route.length - 1) {
      this.stand(shopper);
      return true;
    }
    const blockedSteps = crowd.blockedSteps[shopper.slot] ?? 0;
    if (blockedSteps > 0 && blockedSteps % STUCK_STEPS === 0) this.setOut(shopper, destination);
    else this.lookAhead(shopper, walk, at, step);
    return false;
  }

  isGoingTo({ walk }: Shopper, place: Point): boolean {
    return walk?.ways.destination.x === place.x && walk.ways.destination.y === place.y;
  }

  /** Stops where the shopper is. */
  stand(shopper: Shopper): void {
    shopper.walk = null;
    this.crowd.stop(shopper.slot);
  }

  face({ slot }: Shopper, towardsX: number, towardsY: number): void {
    this.crowd.face(slot, towardsX, towardsY);
  }

  /** How far the shopper still has to walk as the crow flies; 0 when standing. */
  metresLeft(shopper: Shopper): number {
    if (shopper.walk === null) return 0;
    const at = this.positionOf(shopper);
    const { destination } = shopper.walk.ways;
    return distance(at.x, at.y, destination.x, destination.y);
  }

  /** Walks or waits beside the leader, behind where there is no room, by the shortest way when left behind. */
  accompany(member: Shopper, leader: Shopper, step: number): void {
    const at = this.positionOf(member);
    const ahead = this.positionOf(leader);
    const apart = distance(at.x, at.y, ahead.x, ahead.y);
    if (member.walk !== null) {
      if (apart > LOST_METRES / 2) {
        this.walkOn(member, step);
        return;
      }
      member.walk = null;
    } else if (apart > LOST_METRES || (this.crowd.blockedSteps[member.slot] ?? 0) > STUCK_STEPS) {
      // Many walk to where the leader goes, so those ways are known; where the leader stands is anybody's guess.
      const to = leader.walk?.ways.destination;
      if (to !== undefined && this.setOut(member, to)) return;
    }
    const target = this.besideOf(leader, member);
    const off = distance(at.x, at.y, target.x, target.y);
    const leaderSpeed = this.crowd.speedMetresPerSecond[leader.slot] ?? 0;
    const standsNear = this.crowd.walking[member.slot] === 0 || this.isBlocked(member);
    if (leaderSpeed === 0 && (off < 0.3 || (apart < NEAR_METRES && standsNear))) {
      this.crowd.stop(member.slot);
      return;
    }
    this.crowd.walkTo(member.slot, target.x, target.y, true);
    this.crowd.desiredMetresPerSecond[member.slot] = Math.min(
      member.desiredMetresPerSecond * HURRY,
      Math.max(leaderSpeed, 0.4) + off * 0.6,
    );
  }

  /** The leader waits a little for those who fell behind. */
  waitFor(leader: Shopper, members: readonly Shopper[]): void {
    const at = this.positionOf(leader);
    const farthest = members.reduce((metres, member) => {
      const { x, y } = this.positionOf(member);
      return Math.max(metres, distance(x, y, at.x, at.y));
    }, 0);
    const share = farthest > LOST_METRES / 2 ? 0.5 : 1;
    this.crowd.desiredMetresPerSecond[leader.slot] = leader.desiredMetresPerSecond * share;
  }

  /** Beside the leader, half a second on; behind when a wall is there. */
  private besideOf(leader: Shopper, member: Shopper): Point {
    const { crowd, premises } = this;
    const { slot } = leader;
    const directionX = crowd.directionX[slot] ?? 0;
    const directionY = crowd.directionY[slot] ?? 0;
    const lead = (crowd.speedMetresPerSecond[slot] ?? 0) * 0.5 - (member.row - 1) * ROW_METRES;
    const { x, y } = this.positionOf(leader);
    const beside = {
      x: x + directionY * ABREAST_METRES * member.side + directionX * lead,
      y: y - directionX * ABREAST_METRES * member.side + directionY * lead,
    };
    if (premises.field.canWalk(x, y, beside.x, beside.y, BODY_RADIUS_METRES - 0.05)) return beside;
    const behind = ROW_METRES * (member.row + (member.side === 1 ? 0 : 0.5));
    return { x: x - directionX * behind, y: y - directionY * behind };
  }

  private isBlocked({ slot }: Shopper): boolean {
    return (this.crowd.blockedSteps[slot] ?? 0) > LOOK_EVERY_STEPS;
  }

  private headFor(shopper: Shopper, { route, leg }: Walk): void {
    const next = route[leg];
    if (next === undefined) return;
    this.crowd.walkTo(shopper.slot, next.x, next.y, leg === route.length - 1);
  }

  private lookAhead(shopper: Shopper, walk: Walk, at: Point, step: number): void {
    const { field } = this.premises;
    const next = walk.route[walk.leg];
    const afterNext = walk.route[walk.leg + 1];
    if (next === undefined) return;
    const looks = (step + shopper.slot) % LOOK_EVERY_STEPS === 0;
    if (afterNext !== undefined) {
      const passed =
        distance(at.x, at.y, next.x, next.y) < PASSED_METRES ||
        (looks && field.canWalk(at.x, at.y, afterNext.x, afterNext.y, WAY_RADIUS_METRES));
      if (passed) {
        shopper.walk = { ...walk, leg: walk.leg + 1 };
        this.headFor(shopper, shopper.walk);
        return;
      }
    }
    // Others pushed the shopper off the way, behind a corner: find it again.
    if (looks && !field.canWalk(at.x, at.y, next.x, next.y, BODY_RADIUS_METRES - 0.1)) {
      this.setOut(shopper, walk.ways.destination);
    }
  }
}
