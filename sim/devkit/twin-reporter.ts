import type { Json, Properties } from '../../pipeline/camera-module/hub-connection.js';

/** What the device remembers of its reports over a restart. */
export interface ReportedDisk {
  reported: Properties;
}

/** Keeps an identity's reported properties as they should be, by patches of what has changed. */
export class TwinReporter {
  private readonly disk: ReportedDisk;
  private readonly send: (patch: Properties) => Promise<void>;
  private told: Properties;
  private sending: Promise<void> = Promise.resolve();

  constructor(disk: ReportedDisk, send: (patch: Properties) => Promise<void>) {
    this.disk = disk;
    this.send = send;
    this.told = disk.reported;
  }

  /** Resolves when IoT Hub has the report, and all before it. */
  async say(report: Properties): Promise<void> {
    const patch = reportedPatch(this.told, report);
    this.told = report;
    if (Object.keys(patch).length > 0) {
      // One after the other: a later patch builds on the one before.
      this.sending = this.sending.then(async () => {
        await this.send(patch);
        this.disk.reported = report;
      });
    }
    await this.sending;
  }
}

/** What to report so that a twin that says `before` says `after`; a null takes a property away. */
export function reportedPatch(before: Properties, after: Properties): Properties {
  const changed = Object.entries(after).flatMap(([name, value]): [string, Json][] => {
    const old = before[name];
    if (old !== undefined && isObject(old) && isObject(value)) {
      const patch = reportedPatch(old, value);
      return Object.keys(patch).length === 0 ? [] : [[name, patch]];
    }
    return JSON.stringify(old) === JSON.stringify(value) ? [] : [[name, value]];
  });
  const gone = Object.keys(before).filter((name) => !Object.hasOwn(after, name));
  return Object.fromEntries([...changed, ...gone.map((name): [string, Json] => [name, null])]);
}

function isObject(value: Json): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
