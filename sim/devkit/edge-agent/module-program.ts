import type { OutgoingMessage } from '../../../pipeline/camera-module/hub-connection.js';

/** What a program can tell the runtime that started it. */
export interface ModuleHost {
  /** The process has ended by itself. */
  exited(exitCode: number): void;
  /** Its health check fails. */
  unhealthy(): void;
}

/** One run of what is in a module's container, from its start to its end; a restart makes another. */
export interface ModuleProgram {
  start(host: ModuleHost): void;
  /** Ends it at once, as the container's end does. */
  stop(): Promise<void>;
  /** A message from a route that leads to one of its inputs; rejects when it cannot take it now. */
  receive(input: string, message: OutgoingMessage): Promise<void>;
}

/** A module that ends as soon as it starts. */
export function endingProgram(exitCode: number): ModuleProgram {
  return { ...idleProgram(), start: ({ exited }) => exited(exitCode) };
}

/** A module of which no program is known here: it runs and does nothing. */
export function idleProgram(): ModuleProgram {
  return { start: () => {}, stop: async () => {}, receive: async () => {} };
}
