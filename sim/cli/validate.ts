import { Command } from 'commander';
import pc from 'picocolors';
import { BadInputError } from '../scenario/input-problem.js';
import { loadScenario } from '../scenario/load-scenario.js';
import { publishedSchemas } from '../scenario/published-schemas.js';

/** `footfall validate`: checks scenarios without running them, and prints the JSON Schemas for editors. */
export function validateCommand(): Command {
  return new Command('validate')
    .description('check scenarios (and their floor plans) without running them')
    .argument('[scenario...]', 'scenario files')
    .option('--schema <name>', `print a JSON Schema instead: ${Object.keys(publishedSchemas).join(', ')}`)
    .action((files: string[], options: { schema?: string }) => {
      if (options.schema !== undefined) return printSchema(options.schema);
      for (const file of files) validate(file);
    });
}

function validate(file: string): void {
  const { warnings, document } = loadScenario(file);
  for (const warning of warnings) process.stderr.write(`${pc.yellow('warning')} ${warning}\n`);
  process.stdout.write(`${pc.green('ok')} ${file}: ${document.name}\n`);
}

function printSchema(name: string): void {
  const schema = publishedSchemas[name];
  if (schema === undefined) {
    throw new BadInputError([
      {
        code: 'FF_USAGE',
        file: '--schema',
        line: null,
        column: null,
        message: `there is no schema '${name}'`,
        expected: `one of ${Object.keys(publishedSchemas).join(', ')}`,
        suggestion: null,
      },
    ]);
  }
  process.stdout.write(`${JSON.stringify(schema(), null, 2)}\n`);
}
