/** Watches when cameras take pictures: not before their message delay has passed, and with the right time on them. */
import type { IotHub } from '../../iot-hub/index.js';
import type { Scenario } from '../../scenario/load-scenario.js';

const MS_PER_SECOND = 1_000;

interface LastCapture {
  readonly takenAtMs: number;
  /** Message delays that may have been in force then. */
  readonly delaysMs: readonly number[];
}

export class CaptureWatch {
  private readonly delaysOf: (cameraId: string) => readonly number[];
  private readonly last = new Map<string, LastCapture>();
  private first: string | null = null;
  tooSoon = 0;
  mistimed = 0;

  /** `delaysOf`: the message delays that may be in force at a camera now, in milliseconds. */
  constructor(delaysOf: (cameraId: string) => readonly number[]) {
    this.delaysOf = delaysOf;
  }

  /** `offMs`: by how much the time on the picture is not that which the device took it to be. */
  captured(cameraId: string, takenAtMs: number, offMs: number): void {
    if (offMs !== 0) this.mistimed++;
    const delaysMs = this.delaysOf(cameraId);
    const before = this.last.get(cameraId);
    this.last.set(cameraId, { takenAtMs, delaysMs });
    if (before === undefined) return;
    const gapMs = takenAtMs - before.takenAtMs;
    if (gapMs >= Math.min(...delaysMs, ...before.delaysMs)) return;
    this.tooSoon++;
    this.first ??= `${cameraId} took two pictures within ${gapMs} ms`;
  }

  /** The first that came too soon; null when none did. */
  get firstTooSoon(): string | null {
    return this.first;
  }
}

/** A camera that a fault of the scenario restarts forgets when it last took a picture: it is not held to its delay. */
export function watchCaptures(iotHub: IotHub, { document }: Scenario): CaptureWatch {
  const restarted = new Set(
    document.faults.flatMap((fault) =>
      fault.what === 'camera-off' || fault.what === 'module-crash' ? [fault.camera] : [],
    ),
  );
  return new CaptureWatch((cameraId) => (restarted.has(cameraId) ? [0] : messageDelaysOf(iotHub, cameraId)));
}

/** What the twins of a camera's modules want and what they report: a change is on its way from one to the other. */
function messageDelaysOf({ registry, twins }: IotHub, cameraId: string): readonly number[] {
  return registry.modulesOf(cameraId).flatMap((module) => {
    const { desired, reported } = twins.get(`${cameraId}/${module}`);
    return [desired, reported].flatMap(({ properties }) => {
      const seconds = Number(properties.TimeBetweenMessagesInSeconds);
      return Number.isFinite(seconds) ? [seconds * MS_PER_SECOND] : [];
    });
  });
}
