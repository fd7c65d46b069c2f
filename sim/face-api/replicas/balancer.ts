/** What can happen to the replicas and to single requests while the service runs. */
import type { KernelServices } from '../../kernel/index.js';
import type { FaultRule, FaultRules } from './fault-rules.js';
import type { LossOfReplica, Replicas } from './replicas.js';

/** Begins a fault and tells how to end it; the end tells what the fault did, in words. */
export interface FaceFaults {
  /** @param replica from 1 on. */
  crash(replica: number, loss: LossOfReplica): () => string;
  /** Restarts one replica after the other, each within an equal share of `overMs`. */
  restart(overMs: number): () => string;
  inject(rule: FaultRule): () => string;
}

export function faceFaults({ clock }: KernelServices, replicas: Replicas, rules: FaultRules): FaceFaults {
  return {
    crash(replica, loss) {
      let lost = 0;
      replicas.crash(replica - 1, loss, (requests) => {
        lost += requests;
      });
      return () => {
        replicas.restore(replica - 1);
        return `${counted(lost, 'request')} in flight lost`;
      };
    },
    restart(overMs) {
      const before = replicas.figures().dropped;
      const shareMs = Math.floor(overMs / replicas.count);
      for (let index = 0; index < replicas.count; index++) {
        clock.after(index * shareMs, () => replicas.drain(index));
        clock.after((index + 1) * shareMs, () => replicas.restore(index));
      }
      return () => `${counted(replicas.figures().dropped - before, 'request')} turned away`;
    },
    inject(rule) {
      rules.begin(rule);
      return () => `${counted(rules.end(rule), 'request')} hit`;
    },
  };
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
