/** Handles values one at a time; of those that come meanwhile, only the newest. */
export class LatestOnly<Value> {
  private readonly handle: (value: Value) => Promise<void>;
  private next: { readonly value: Value } | null = null;
  private busy = false;

  constructor(handle: (value: Value) => Promise<void>) {
    this.handle = handle;
  }

  put(value: Value): void {
    this.next = { value };
    if (!this.busy) void this.handleAll();
  }

  private async handleAll(): Promise<void> {
    this.busy = true;
    for (let next = this.next; next !== null; next = this.next) {
      this.next = null;
      await this.handle(next.value);
    }
    this.busy = false;
  }
}
