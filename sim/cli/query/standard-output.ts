/** Standard output that is waited for, and whose reader may leave: `footfall query … | head` is no failure. */

export interface TextSink {
  write(text: string): void;
  /** Waits until what was written has gone out, or nobody is left to read it. */
  drained(): Promise<void>;
}

export class StandardOutput implements TextSink {
  private isClosed = false;
  private isFull = false;
  /** Lets whoever waits go on. */
  private resume: () => void = () => undefined;

  /** @param onClosed called once, when the reader has left: the rest is not written. */
  constructor(
    onClosed: () => void,
    private readonly stream: NodeJS.WriteStream = process.stdout,
  ) {
    // Stays until the process ends: the reader may leave while the last rows are on their way.
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      if (!this.isClosed) onClosed();
      this.isClosed = true;
      this.resume();
    });
    stream.on('drain', () => this.resume());
  }

  write(text: string): void {
    if (!this.isClosed) this.isFull = !this.stream.write(text);
  }

  async drained(): Promise<void> {
    if (this.isFull && !this.isClosed) {
      await new Promise<void>((resolve) => {
        this.resume = resolve;
      });
    }
    this.isFull = false;
  }
}
