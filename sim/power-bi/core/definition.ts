/** What a push dataset is made of, checked as the service checks it. */
import { z } from 'zod';
import { PowerBiError } from './errors.js';

export const DATA_TYPES = ['Int64', 'Double', 'Decimal', 'Boolean', 'Datetime', 'String'] as const;
export type DataType = (typeof DATA_TYPES)[number];

export interface Column {
  readonly name: string;
  readonly dataType: DataType;
}

export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
}

export interface DatasetDefinition {
  readonly name: string;
  readonly tables: readonly Table[];
}

/** Push semantic model limits. */
const MAX_TABLES = 75;
const MAX_COLUMNS = 75;

const columnSchema = z.object({
  name: z.string().min(1),
  // The service takes any case: `dateTime`, `int64`.
  dataType: z.string().transform((given, context): DataType => {
    const known = DATA_TYPES.find((type) => type.toLowerCase() === given.toLowerCase());
    if (known) return known;
    context.addIssue(`unknown dataType "${given}"; expected one of ${DATA_TYPES.join(', ')}`);
    return z.NEVER;
  }),
});
const tableSchema = z.object({
  name: z.string().min(1),
  columns: z.array(columnSchema).min(1).max(MAX_COLUMNS),
});
const definitionSchema = z.object({
  name: z.string().min(1),
  defaultMode: z.enum(['Push', 'PushStreaming']).default('Push'),
  tables: z.array(tableSchema).min(1).max(MAX_TABLES),
});

/** Reads the body of a request to create a dataset. Throws `PowerBiError` (`BadRequest`). */
export function datasetDefinition(body: unknown): DatasetDefinition {
  const { name, tables } = parsed(definitionSchema, body);
  assertUnique('table', tables);
  for (const { name: table, columns } of tables) assertUnique(`column of table "${table}"`, columns);
  return { name, tables };
}

/** Reads the body of a request to change a table. Throws `PowerBiError` (`BadRequest`). */
export function tableDefinition(body: unknown): Table {
  const table = parsed(tableSchema, body);
  assertUnique('column', table.columns);
  return table;
}

function parsed<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const problems = result.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
  throw new PowerBiError('BadRequest', problems.join('; '));
}

function assertUnique(what: string, named: readonly { readonly name: string }[]): void {
  const seen = new Set<string>();
  for (const { name } of named) {
    const folded = name.toLowerCase();
    if (seen.has(folded)) throw new PowerBiError('BadRequest', `a second ${what} is named "${name}"`);
    seen.add(folded);
  }
}
