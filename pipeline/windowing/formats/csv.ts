/** CSV with a header (RFC 4180): every value is nvarchar, as at Stream Analytics' ingress. */
export interface CsvRow {
  readonly body: Readonly<Record<string, string | null>>;
  /** From 1, the header being line 1. */
  readonly line: number;
}

/** Reads a whole file. The delimiter is the one of `,`, `;`, tab and `|` that the header has most of. */
export function parseCsv(text: string): readonly CsvRow[] {
  const clean = text.replace(/^\ufeff/, '');
  const records = splitRecords(clean, delimiterOf(clean));
  const [header, ...rest] = records;
  if (header === undefined) return [];
  return rest
    .filter((record) => record.fields.length > 1 || record.fields[0] !== '')
    .map((record) => ({
      body: Object.fromEntries(header.fields.map((name, i) => [name.trim(), record.fields[i] ?? null])),
      line: record.line,
    }));
}

function delimiterOf(text: string): string {
  const header = text.split(/\r?\n/, 1)[0] ?? '';
  const counted = [',', ';', '\t', '|'].map((delimiter) => ({
    delimiter,
    count: header.split(delimiter).length,
  }));
  return counted.reduce((best, next) => (next.count > best.count ? next : best)).delimiter;
}

interface CsvRecord {
  readonly fields: string[];
  readonly line: number;
}

function splitRecords(text: string, delimiter: string): readonly CsvRecord[] {
  const records: CsvRecord[] = [];
  let line = 1;
  let record: CsvRecord = { fields: [], line };
  let field = '';
  const endField = (): void => {
    record.fields.push(field);
    field = '';
  };
  const endRecord = (): void => {
    endField();
    records.push(record);
    record = { fields: [], line };
  };
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? '';
    if (char === '"' && field === '') {
      const end = closingQuote(text, i + 1);
      field = text.slice(i + 1, end).replaceAll('""', '"');
      line += field.split('\n').length - 1;
      i = end;
    } else if (char === delimiter) endField();
    else if (char === '\n') {
      line++;
      endRecord();
    } else if (char !== '\r' || text[i + 1] !== '\n') field += char;
  }
  if (field !== '' || record.fields.length > 0) endRecord();
  return records;
}

function closingQuote(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    if (text[i] !== '"') continue;
    if (text[i + 1] !== '"') return i;
    i++;
  }
  return text.length;
}
