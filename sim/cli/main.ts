#!/usr/bin/env node
/** The command line: one command a file, brought together here. */
import { Command } from 'commander';
import { toolVersion } from '../run/tool-version.js';
import { EXIT } from './exit-codes.js';
import { reportFailure } from './failure.js';

/** In the order of the help. Each is loaded when it is asked for: together they take seconds, one of them much less. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import('./run.js')).runCommand(),
  replay: async () => (await import('./replay.js')).replayCommand(),
  query: async () => (await import('./query.js')).queryCommand(),
  validate: async () => (await import('./validate.js')).validateCommand(),
  up: async () => (await import('./up.js')).upCommand(),
  events: async () => (await import('./events.js')).eventsCommand(),
  record: async () => (await import('./record.js')).recordCommand(),
  calibrate: async () => (await import('./calibrate.js')).calibrateCommand(),
  bench: async () => (await import('./bench.js')).benchCommand(),
};

const program = new Command('footfall')
  .description(
    'Runs the retail footfall detection pattern on this machine: emulated cameras, IoT Hub, Face API,\n' +
      'Event Hubs and Power BI around the real pipeline, deterministically, held against the truth.',
  )
  .version(toolVersion())
  .showHelpAfterError('(run with --help for the options)')
  .showSuggestionAfterError()
  .exitOverride();

const [name = ''] = process.argv.slice(2);
const asked = Object.entries(COMMANDS).filter(([each]) => each === name || !Object.hasOwn(COMMANDS, name));

try {
  for (const command of await Promise.all(asked.map(([, load]) => load()))) {
    program.addCommand(command.exitOverride().showSuggestionAfterError());
  }
  await program.parseAsync();
  process.exitCode ??= EXIT.ok;
} catch (error) {
  process.exitCode = reportFailure(error, (line) => process.stderr.write(`${line}\n`));
}
