#!/usr/bin/env node
/** The command line: one command a file, brought together here. */
import { Command } from 'commander';
import { toolVersion } from '../run/tool-version.js';
import { benchCommand } from './bench.js';
import { calibrateCommand } from './calibrate.js';
import { eventsCommand } from './events.js';
import { EXIT } from './exit-codes.js';
import { reportFailure } from './failure.js';
import { queryCommand } from './query.js';
import { recordCommand } from './record.js';
import { replayCommand } from './replay.js';
import { runCommand } from './run.js';
import { upCommand } from './up.js';
import { validateCommand } from './validate.js';

const program = new Command('footfall')
  .description(
    'Runs the retail footfall detection pattern on this machine: emulated cameras, IoT Hub, Face API,\n' +
      'Event Hubs and Power BI around the real pipeline, deterministically, held against the truth.',
  )
  .version(toolVersion())
  .showHelpAfterError('(run with --help for the options)')
  .showSuggestionAfterError()
  .exitOverride();

for (const command of [
  runCommand(),
  replayCommand(),
  queryCommand(),
  validateCommand(),
  upCommand(),
  eventsCommand(),
  recordCommand(),
  calibrateCommand(),
  benchCommand(),
]) {
  program.addCommand(command.exitOverride().showSuggestionAfterError());
}

try {
  await program.parseAsync();
  process.exitCode ??= EXIT.ok;
} catch (error) {
  process.exitCode = reportFailure(error, (line) => process.stderr.write(`${line}\n`));
}
