import { describe, expect, test } from 'vitest';
import { ManualClock } from '../../../pipeline/camera-module/manual-clock.testing.js';
import type { ModuleSpecification } from './manifest.js';
import type { ModuleHost } from './module-program.js';
import { ModuleSupervisor } from './module-supervisor.js';
import { coolOffMs, MOST_RESTARTS, type RestartPolicy } from './restart-policy.js';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

function moduleUnder(restartPolicy: RestartPolicy, status: ModuleSpecification['status'] = 'running') {
  const clock = new ManualClock(0);
  const startsMs: number[] = [];
  const stopped: number[] = [];
  const changes: string[] = [];
  let host: ModuleHost = { exited: () => {}, unhealthy: () => {} };
  const specification: ModuleSpecification = {
    name: 'camera',
    image: 'i',
    status,
    restartPolicy,
    startupOrder: 0,
    environment: {},
    copy: {},
  };
  const supervisor: ModuleSupervisor = new ModuleSupervisor({
    specification,
    clock,
    deviceTimeMs: () => clock.now(),
    onChanged: () => changes.push(supervisor.state.runtimeStatus),
    program: () => ({
      start: (given) => {
        startsMs.push(clock.now());
        host = given;
      },
      stop: async () => void stopped.push(clock.now()),
      receive: async () => {},
    }),
  });
  supervisor.start();
  return {
    clock,
    startsMs,
    stopped,
    changes,
    supervisor,
    exit: (code: number) => host.exited(code),
    host: () => host,
  };
}

describe('a module', () => {
  test.each<[RestartPolicy, number, string]>([
    ['never', 0, 'stopped'],
    ['never', 1, 'failed'],
    ['on-failure', 0, 'stopped'],
    ['on-failure', 1, 'backoff'],
    ['on-unhealthy', 0, 'stopped'],
    ['on-unhealthy', 1, 'backoff'],
    ['always', 0, 'backoff'],
    ['always', 1, 'backoff'],
  ])('under %s that exits with %i is %s', async (policy, exitCode, status) => {
    const { clock, exit, startsMs, supervisor } = moduleUnder(policy);
    await clock.run(5 * SECOND_MS);
    exit(exitCode);
    expect(supervisor.state).toMatchObject({
      runtimeStatus: status,
      exitCode,
      lastExitTimeMs: 5 * SECOND_MS,
    });
    await clock.run(MINUTE_MS);
    expect(startsMs).toHaveLength(status === 'backoff' ? 2 : 1);
  });

  test('that keeps crashing is started again after 10 s, 20 s, 40 s, … and every 5 minutes in the end', async () => {
    const { clock, exit, startsMs, supervisor } = moduleUnder('always');
    for (let crash = 0; crash < 7; crash++) {
      exit(139);
      await clock.run(coolOffMs(crash));
    }
    const waits = startsMs.slice(1).map((at, index) => at - (startsMs[index] ?? 0));
    expect(waits.map((ms) => ms / SECOND_MS)).toEqual([10, 20, 40, 80, 160, 300, 300]);
    expect(supervisor.state).toMatchObject({ runtimeStatus: 'running', restartCount: 7 });
  });

  test('is given up after twenty restarts', async () => {
    const { clock, exit, startsMs, supervisor } = moduleUnder('on-failure');
    for (let crash = 0; crash <= MOST_RESTARTS; crash++) {
      exit(1);
      await clock.run(5 * MINUTE_MS);
    }
    expect(startsMs).toHaveLength(1 + MOST_RESTARTS);
    expect(supervisor.state.runtimeStatus).toBe('failed');
  });

  test('that has run well for ten minutes begins with short waits again', async () => {
    const { clock, exit, supervisor } = moduleUnder('always');
    exit(1);
    await clock.run(10 * SECOND_MS);
    exit(1);
    await clock.run(20 * SECOND_MS);
    expect(supervisor.state.restartCount).toBe(2);
    await clock.run(10 * MINUTE_MS);
    expect(supervisor.state).toMatchObject({ restartCount: 0, lastRestartTimeMs: null });
  });

  test.each<[RestartPolicy, string]>([
    ['always', 'backoff'],
    ['on-unhealthy', 'backoff'],
    ['on-failure', 'unhealthy'],
    ['never', 'unhealthy'],
  ])('under %s that is unwell is %s', (policy, status) => {
    const { host, stopped, supervisor } = moduleUnder(policy);
    host().unhealthy();
    expect(supervisor.state.runtimeStatus).toBe(status);
    expect(stopped).toHaveLength(status === 'backoff' ? 1 : 0);
  });

  test('that a deployment wants stopped is not started', () => {
    const { startsMs, supervisor } = moduleUnder('always', 'stopped');
    expect(startsMs).toEqual([]);
    expect(supervisor.state.runtimeStatus).toBe('stopped');
  });

  test('that was stopped for good stays so, whatever its process says later', async () => {
    const { clock, exit, startsMs, supervisor } = moduleUnder('always');
    await supervisor.stop();
    exit(1);
    await clock.run(MINUTE_MS);
    expect(startsMs).toHaveLength(1);
  });
});
