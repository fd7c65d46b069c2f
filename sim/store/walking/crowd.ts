/**
 * The bodies on the floor: one column per property, so that a step runs over plain arrays. A body keeps its slot
 * from entering to leaving; free slots are used again.
 */

/** Half of the shoulder depth that bodies keep clear of each other; Weidmann gives 0.4 to 0.5 m across. */
export const BODY_RADIUS_METRES = 0.2;

export class Crowd {
  /** Slots are below this. */
  extent = 0;
  private capacity: number;
  private readonly free: number[] = [];
  alive: Uint8Array;
  x: Float64Array;
  y: Float64Array;
  /** Unit vector of the body's direction. */
  directionX: Float64Array;
  directionY: Float64Array;
  speedMetresPerSecond: Float64Array;
  desiredMetresPerSecond: Float64Array;
  radiusMetres: Float64Array;
  /** Where the body walks next, in a straight line. */
  goalX: Float64Array;
  goalY: Float64Array;
  /** 1 while the body wants to walk; a body that stands costs nothing but its place. */
  walking: Uint8Array;
  /** 1 when the body must come to rest at its goal, 0 when it will walk on. */
  stopsAtGoal: Uint8Array;
  /** Bodies of one party do not push each other aside. */
  party: Int32Array;
  /** Steps in a row in which a walking body got nowhere. */
  blockedSteps: Uint16Array;

  constructor(capacity = 256) {
    this.capacity = capacity;
    this.alive = new Uint8Array(capacity);
    this.x = new Float64Array(capacity);
    this.y = new Float64Array(capacity);
    this.directionX = new Float64Array(capacity);
    this.directionY = new Float64Array(capacity);
    this.speedMetresPerSecond = new Float64Array(capacity);
    this.desiredMetresPerSecond = new Float64Array(capacity);
    this.radiusMetres = new Float64Array(capacity);
    this.goalX = new Float64Array(capacity);
    this.goalY = new Float64Array(capacity);
    this.walking = new Uint8Array(capacity);
    this.stopsAtGoal = new Uint8Array(capacity);
    this.party = new Int32Array(capacity);
    this.blockedSteps = new Uint16Array(capacity);
  }

  get size(): number {
    return this.extent - this.free.length;
  }

  /** A standing body that looks along (directionX, directionY), a unit vector; its slot. */
  add(body: {
    readonly x: number;
    readonly y: number;
    readonly directionX: number;
    readonly directionY: number;
    readonly desiredMetresPerSecond: number;
    readonly party: number;
  }): number {
    const slot = this.free.pop() ?? this.extent++;
    if (this.extent > this.capacity) this.grow();
    this.alive[slot] = 1;
    this.x[slot] = body.x;
    this.y[slot] = body.y;
    this.directionX[slot] = body.directionX;
    this.directionY[slot] = body.directionY;
    this.speedMetresPerSecond[slot] = 0;
    this.desiredMetresPerSecond[slot] = body.desiredMetresPerSecond;
    this.party[slot] = body.party;
    this.stop(slot);
    return slot;
  }

  remove(slot: number): void {
    this.alive[slot] = 0;
    this.stop(slot);
    this.free.push(slot);
  }

  walkTo(slot: number, x: number, y: number, stopsThere: boolean): void {
    this.goalX[slot] = x;
    this.goalY[slot] = y;
    this.walking[slot] = 1;
    this.stopsAtGoal[slot] = stopsThere ? 1 : 0;
  }

  stop(slot: number): void {
    this.walking[slot] = 0;
    this.speedMetresPerSecond[slot] = 0;
    this.blockedSteps[slot] = 0;
    this.radiusMetres[slot] = BODY_RADIUS_METRES;
  }

  /** Turns a body on the spot; (towardsX, towardsY) need not be a unit vector. */
  face(slot: number, towardsX: number, towardsY: number): void {
    const length = Math.sqrt(towardsX * towardsX + towardsY * towardsY);
    if (length < 1e-9) return;
    this.directionX[slot] = towardsX / length;
    this.directionY[slot] = towardsY / length;
  }

  private grow(): void {
    this.capacity *= 2;
    this.alive = grown(this.alive, new Uint8Array(this.capacity));
    this.x = grown(this.x, new Float64Array(this.capacity));
    this.y = grown(this.y, new Float64Array(this.capacity));
    this.directionX = grown(this.directionX, new Float64Array(this.capacity));
    this.directionY = grown(this.directionY, new Float64Array(this.capacity));
    this.speedMetresPerSecond = grown(this.speedMetresPerSecond, new Float64Array(this.capacity));
    this.desiredMetresPerSecond = grown(this.desiredMetresPerSecond, new Float64Array(this.capacity));
    this.radiusMetres = grown(this.radiusMetres, new Float64Array(this.capacity));
    this.goalX = grown(this.goalX, new Float64Array(this.capacity));
    this.goalY = grown(this.goalY, new Float64Array(this.capacity));
    this.walking = grown(this.walking, new Uint8Array(this.capacity));
    this.stopsAtGoal = grown(this.stopsAtGoal, new Uint8Array(this.capacity));
    this.party = grown(this.party, new Int32Array(this.capacity));
    this.blockedSteps = grown(this.blockedSteps, new Uint16Array(this.capacity));
  }
}

function grown<Column extends { set(values: Column): void }>(old: Column, wider: Column): Column {
  wider.set(old);
  return wider;
}
