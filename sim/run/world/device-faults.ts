/** What befalls cameras themselves: no power, a wrong clock, a module that crashes. */
import type { FaultDocument } from '../../scenario/schema.js';
import type { Camera } from './cameras.js';

export type DeviceFaultDocument = Extract<
  FaultDocument,
  { what: 'camera-off' | 'clock-skew' | 'module-crash' }
>;

const MS_PER_SECOND = 1_000;

/** Begins it; what this returns ends it. */
export function beginDeviceFault(fault: DeviceFaultDocument, cameras: readonly Camera[]): () => void {
  const kits = cameras
    .filter(({ mount }) => fault.camera === undefined || fault.camera === mount.id)
    .map(({ kit }) => kit);
  switch (fault.what) {
    case 'camera-off':
      for (const kit of kits) void kit.loseMains(fault.battery);
      return () => {
        for (const kit of kits) kit.powerOn();
      };
    case 'clock-skew':
      for (const kit of kits) kit.setClock({ offsetMs: fault.by, driftMsPerHour: fault.driftPerHour });
      return () => {
        for (const kit of kits) kit.setClock(null);
      };
    case 'module-crash':
      for (const kit of kits) kit.setCrashing(true);
      return () => {
        for (const kit of kits) kit.setCrashing(false);
      };
  }
}

export function describeDeviceFault(fault: DeviceFaultDocument): string {
  const whose = fault.camera === undefined ? 'every camera' : `the camera '${fault.camera}'`;
  switch (fault.what) {
    case 'camera-off':
      return `${whose} has no power${fault.battery === 0 ? '' : `, after ${seconds(fault.battery)} on its battery`}`;
    case 'clock-skew':
      return `the clock of ${whose} ${describeClock(fault)}`;
    case 'module-crash':
      return `the module of ${whose} crashes`;
  }
}

function describeClock({ by, driftPerHour }: Pick<ClockSkew, 'by' | 'driftPerHour'>): string {
  const parts = [
    ...(by === 0 ? [] : [`is ${by > 0 ? 'ahead' : 'behind'} by ${seconds(by)}`]),
    ...(driftPerHour === 0
      ? []
      : [`${driftPerHour > 0 ? 'gains' : 'loses'} ${seconds(driftPerHour)} an hour`]),
  ];
  return parts.join(' and ') || 'is right';
}

type ClockSkew = Extract<FaultDocument, { what: 'clock-skew' }>;

function seconds(ms: number): string {
  return `${Math.abs(ms) / MS_PER_SECOND} s`;
}
