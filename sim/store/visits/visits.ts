/**
 * What parties do in the store: from display to display by their errand, to a till, out. A party shares its
 * stage; every member has a place of their own and a reaction of their own.
 */
import { EMOTIONS, type Emotion } from '../../../pipeline/boundaries.js';
import type { RandomStream } from '../../kernel/services.js';
import { exponentialOf } from '../arithmetic.js';
import { DisplayPlaces } from '../plan/display-places.js';
import type { Point } from '../plan/floor-plan.js';
import type { Premises } from '../plan/premises.js';
import type { Walking } from '../walking/walking.js';
import { weightedIndex } from './people.js';
import type { Activity, Party, Shopper } from './shopper.js';
import { TillLines } from './till-lines.js';
import type { Duration, Traffic } from './traffic.js';

/** A finished dwell. */
export interface Dwell {
  readonly shopper: number;
  /** Index of the display. */
  readonly display: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly reaction: Emotion;
}

/** A party that has not got somewhere for this long gives that up. */
const PATIENCE_MS = 180_000;
/** Newcomers are `entering` so long. */
const ENTERING_MS = 3_000;
/** Members walk beside their leader until so near to where they go. */
const TOGETHER_UNTIL_METRES = 3;
/** Near enough to the end of a line to join it. */
const JOIN_METRES = 1;
/** Near enough to the threshold to be out. */
const OUT_METRES = 0.45;

export class Visits {
  private readonly premises: Premises;
  private readonly traffic: Traffic;
  private readonly walking: Walking;
  private readonly lines: TillLines;
  private readonly places: DisplayPlaces;
  private readonly finishDwell: (dwell: Dwell) => void;

  constructor(premises: Premises, traffic: Traffic, walking: Walking, finishDwell: (dwell: Dwell) => void) {
    this.premises = premises;
    this.traffic = traffic;
    this.walking = walking;
    this.lines = new TillLines(premises.tills);
    this.places = new DisplayPlaces(premises.places);
    this.finishDwell = finishDwell;
  }

  /** One step of a party; returns the members who have left the store. */
  advance(party: Party, nowMs: number, step: number): readonly Shopper[] {
    if (party.members.length === 0) return [];
    if (party.stage === null) this.next(party, nowMs);
    const gone = this.perform(party, nowMs, step);
    for (const member of party.members) member.activity = activityOf(member, party, nowMs);
    return gone;
  }

  /** A member who comes in after the leader finds a place at what the party is visiting. */
  welcome(member: Shopper, party: Party): void {
    if (party.stage?.kind === 'visiting') this.places.take(member, party.stage.display);
  }

  private perform(party: Party, nowMs: number, step: number): readonly Shopper[] {
    const { stage } = party;
    switch (stage?.kind) {
      case 'visiting':
        this.visit(party, stage, nowMs, step);
        return [];
      case 'joining':
        this.joinLine(party, stage, nowMs, step);
        return [];
      case 'queueing':
        this.queue(party, stage, nowMs, step);
        return [];
      case 'paying':
        this.pay(party, stage, nowMs, step);
        return [];
      case 'leaving':
        return this.leave(party, stage.door, step);
      case undefined:
        return [];
    }
  }

  /** Chooses the party's next stage. */
  private next(party: Party, nowMs: number): void {
    for (let display = party.errand.shift(); display !== undefined; display = party.errand.shift()) {
      if (this.startVisit(party, display, nowMs)) return;
    }
    const hasPaid = party.stage?.kind === 'paying';
    if (party.pays && !hasPaid && this.startJoining(party, nowMs)) return;
    this.startLeaving(party);
  }

  /** False when no place is free before the display, or there is no way to it. */
  private startVisit(party: Party, display: number, nowMs: number): boolean {
    const [leader] = party.members;
    if (leader === undefined) return false;
    for (const member of party.members) this.places.take(member, display);
    const place = this.places.of(leader, display);
    if (place === undefined || !this.walking.setOut(leader, place)) {
      for (const member of party.members) this.places.giveUp(member, display);
      return false;
    }
    party.stage = { kind: 'visiting', display, sinceMs: nowMs, untilMs: null };
    return true;
  }

  private visit(
    party: Party,
    stage: Extract<Party['stage'], { kind: 'visiting' }>,
    nowMs: number,
    step: number,
  ): void {
    const isLooking = stage.untilMs !== null && nowMs < stage.untilMs;
    if (isLooking && party.members.every(({ dwell }) => dwell !== null)) return;
    const [leader, ...members] = party.members;
    if (leader === undefined) return;
    if (this.walkToPlace(leader, stage.display, nowMs, step)) {
      const untilMs = nowMs + drawMs(this.traffic.dwell, party.random);
      party.stage = { ...stage, untilMs };
    } else if (leader.dwell === null) {
      this.walking.waitFor(leader, members);
    }
    const together = leader.dwell === null && this.walking.metresLeft(leader) > TOGETHER_UNTIL_METRES;
    for (const member of members) {
      if (member.dwell !== null) continue;
      if (together || member.place === -1) this.walking.accompany(member, leader, step);
      else this.walkToPlace(member, stage.display, nowMs, step);
    }
    const finished = stage.untilMs !== null && nowMs >= stage.untilMs;
    const givenUp = stage.untilMs === null && nowMs - stage.sinceMs > PATIENCE_MS;
    if (!finished && !givenUp) return;
    for (const member of party.members) {
      this.endDwell(member, nowMs);
      this.places.giveUp(member, stage.display);
    }
    this.next(party, nowMs);
  }

  /** Walks to the shopper's place before the display; true in the step in which they begin to dwell. */
  private walkToPlace(shopper: Shopper, display: number, nowMs: number, step: number): boolean {
    if (shopper.dwell !== null) return false;
    const place = this.places.of(shopper, display);
    if (place === undefined) return false;
    if (!this.walking.isGoingTo(shopper, place) && !this.walking.setOut(shopper, place)) return false;
    if (!this.walking.walkOn(shopper, step)) return false;
    this.walking.face(shopper, place.facingX, place.facingY);
    this.startDwell(shopper, display, nowMs);
    return true;
  }

  private startJoining(party: Party, nowMs: number): boolean {
    const [leader] = party.members;
    if (leader === undefined) return false;
    const at = this.walking.positionOf(leader);
    const { roadmap } = this.premises;
    const till = this.lines.shortest((head) => roadmap.metresTo(at, roadmap.waysTo(head)));
    if (till === -1) return false;
    const position = this.lines.length(till);
    const place = this.lines.place(till, position);
    if (place === null || !this.walking.setOut(leader, place)) return false;
    party.stage = { kind: 'joining', till, position, sinceMs: nowMs };
    return true;
  }

  private joinLine(
    party: Party,
    stage: Extract<Party['stage'], { kind: 'joining' }>,
    nowMs: number,
    step: number,
  ): void {
    const [leader, ...members] = party.members;
    if (leader === undefined) return;
    this.walking.waitFor(leader, members);
    const arrived = this.walking.walkOn(leader, step, JOIN_METRES);
    for (const member of members) this.walking.accompany(member, leader, step);
    const position = this.lines.length(stage.till);
    const place = this.lines.place(stage.till, position);
    if (place === null || nowMs - stage.sinceMs > PATIENCE_MS) {
      // The line is full by now: another, or none.
      if (nowMs - stage.sinceMs > PATIENCE_MS || !this.startJoining(party, nowMs)) this.startLeaving(party);
    } else if (arrived && position <= stage.position) {
      this.lines.join(stage.till, party);
      party.stage = { kind: 'queueing', till: stage.till, position: -1 };
    } else if (arrived || position < stage.position) {
      this.walking.setOut(leader, place);
      party.stage = { ...stage, position };
    }
  }

  private queue(
    party: Party,
    stage: Extract<Party['stage'], { kind: 'queueing' }>,
    nowMs: number,
    step: number,
  ): void {
    const [leader, ...members] = party.members;
    const position = this.lines.positionOf(stage.till, party);
    const place = this.lines.place(stage.till, position);
    if (leader === undefined || place === null) return;
    if (position !== stage.position) {
      this.walking.setOut(leader, place);
      party.stage = { ...stage, position };
    }
    const arrived = this.walking.walkOn(leader, step, 0.2);
    for (const member of members) this.walking.accompany(member, leader, step);
    if (!arrived) return;
    this.walking.face(leader, place.facingX, place.facingY);
    if (position > 0) return;
    this.startDwell(leader, this.lines.till(stage.till).display, nowMs);
    const untilMs = nowMs + drawMs(this.traffic.payment, party.random);
    party.stage = { kind: 'paying', till: stage.till, untilMs };
  }

  private pay(
    party: Party,
    stage: Extract<Party['stage'], { kind: 'paying' }>,
    nowMs: number,
    step: number,
  ): void {
    const [leader, ...members] = party.members;
    if (leader === undefined) return;
    for (const member of members) this.walking.accompany(member, leader, step);
    if (nowMs < stage.untilMs) return;
    this.endDwell(leader, nowMs);
    this.lines.leave(stage.till, party);
    this.next(party, nowMs);
  }

  private startLeaving(party: Party): void {
    party.stage = { kind: 'leaving', door: party.door };
    for (const member of party.members) this.walking.setOut(member, this.wayOut(member, party.door));
  }

  private leave(party: Party, door: number, step: number): readonly Shopper[] {
    const [leader, ...members] = party.members;
    if (leader === undefined) return [];
    const together = this.walking.metresLeft(leader) > TOGETHER_UNTIL_METRES;
    if (together) this.walking.waitFor(leader, members);
    const gone = party.members.filter((member) => {
      if (together && member !== leader) {
        this.walking.accompany(member, leader, step);
        return false;
      }
      const out = this.wayOut(member, door);
      if (!this.walking.isGoingTo(member, out)) this.walking.setOut(member, out);
      return this.walking.walkOn(member, step, OUT_METRES);
    });
    for (const member of gone) party.members.splice(party.members.indexOf(member), 1);
    return gone;
  }

  private wayOut(member: Shopper, door: number): Point {
    const lanes = this.premises.doors[door]?.wayOut ?? [];
    return lanes[Math.floor(member.swing * lanes.length)] ?? this.walking.positionOf(member);
  }

  private startDwell(shopper: Shopper, display: number, nowMs: number): void {
    const id = this.premises.plan.displays[display]?.id ?? '';
    shopper.dwell = {
      display,
      fromMs: nowMs,
      reaction: reactionTo(this.traffic.reactions[id], shopper.random),
    };
  }

  private endDwell(shopper: Shopper, nowMs: number): void {
    if (shopper.dwell === null) return;
    this.finishDwell({ shopper: shopper.profile.shopper, toMs: nowMs, ...shopper.dwell });
    shopper.dwell = null;
  }
}

function activityOf(member: Shopper, party: Party, nowMs: number): Activity {
  if (member.dwell !== null && party.stage?.kind === 'visiting') return 'dwelling';
  switch (party.stage?.kind) {
    case 'queueing':
    case 'paying':
      return 'queueing';
    case 'leaving':
      return 'leaving';
    default:
      return nowMs - member.enteredMs < ENTERING_MS ? 'entering' : 'walking';
  }
}

/** The rest of the shares is neutral. */
function reactionTo(shares: Traffic['reactions'][string] | undefined, random: RandomStream): Emotion {
  const weights = EMOTIONS.map((emotion) => shares?.[emotion] ?? 0);
  const named = weights.reduce((sum, weight) => sum + weight, 0);
  const neutral = EMOTIONS.indexOf('neutral');
  weights[neutral] = (weights[neutral] ?? 0) + Math.max(0, 1 - named);
  return EMOTIONS[weightedIndex(weights, random)] ?? 'neutral';
}

function drawMs({ medianMs, spread }: Duration, random: RandomStream): number {
  return Math.round(medianMs * exponentialOf(random.normal(0, spread)));
}
