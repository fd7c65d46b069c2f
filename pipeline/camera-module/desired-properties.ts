import type { Json, Properties, Twin } from './hub-connection.js';

/**
 * The desired properties as the device knows them: read whole after every connection, then patched. Patches may
 * overtake the answer to a read; those the answer includes already are told by their version.
 */
export class DesiredProperties {
  private known: Properties | null = null;
  private early: Properties[] = [];
  private readonly onChange: (desired: Properties) => void;

  /** `onChange` gets the whole, with `$version`, whenever it is not what it was. */
  constructor(onChange: (desired: Properties) => void) {
    this.onChange = onChange;
  }

  /** Call when a connection opens: until `read`, patches wait. */
  beginRead(): void {
    this.known = null;
    this.early = [];
  }

  read(twin: Twin): void {
    let desired = twin.desired;
    for (const patch of this.early) desired = apply(desired, patch);
    this.early = [];
    this.known = desired;
    this.onChange(desired);
  }

  patch(patch: Properties): void {
    if (this.known === null) {
      this.early.push(patch);
      return;
    }
    const desired = apply(this.known, patch);
    if (desired === this.known) return;
    this.known = desired;
    this.onChange(desired);
  }
}

function apply(desired: Properties, patch: Properties): Properties {
  const isNews = Number(patch.$version) > Number(desired.$version);
  return isNews ? merged(desired, patch) : desired;
}

function merged(target: Properties, patch: Properties): Properties {
  const result = new Map(Object.entries(target));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) result.delete(name);
    else result.set(name, isObject(value) ? merged(objectOr(result.get(name)), value) : value);
  }
  return Object.fromEntries(result);
}

function objectOr(value: Json | undefined): Properties {
  return value !== undefined && isObject(value) ? value : {};
}

function isObject(value: Json): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
