/** What people bring along from T-SQL that Stream Analytics does not have, and what it has instead. */

const FUNCTIONS: Readonly<Record<string, string>> = {
  CONVERT: 'CAST(value AS type)',
  CURRENT_TIMESTAMP: 'System.Timestamp(), the time of the event: a query has no clock of its own',
  DATEFROMPARTS: 'DATETIMEFROMPARTS(year, month, day, 0, 0, 0, 0)',
  DATETRUNC: 'DATETIMEFROMPARTS with the parts that DATEPART gives',
  DENSE_RANK: 'CollectTop(n) OVER (ORDER BY …) in a windowed query, which ranks the events of the window',
  EOMONTH: 'DATEADD and DATETIMEFROMPARTS',
  FIRST_VALUE: 'TopOne() OVER (ORDER BY time) in a windowed query, or ISFIRST(unit, length)',
  FORMAT: 'CONCAT with DATENAME or DATEPART, or a JavaScript function',
  GETDATE: 'System.Timestamp(), the time of the event: a query has no clock of its own',
  GETUTCDATE: 'System.Timestamp(), the time of the event: a query has no clock of its own',
  GREATEST: 'CASE WHEN a > b THEN a ELSE b END',
  IIF: 'CASE WHEN condition THEN a ELSE b END',
  ISNULL: 'COALESCE(value, replacement)',
  LAST_VALUE: 'LAST(expression) OVER (LIMIT DURATION(…)), or TopOne() OVER (ORDER BY time DESC) in a window',
  LEAD: 'LAG on the later event: a stream cannot look ahead',
  LEAST: 'CASE WHEN a < b THEN a ELSE b END',
  MEDIAN: 'PERCENTILE_CONT(0.5) OVER (ORDER BY value)',
  MOD: 'the operator %',
  NEWID: "GetMetadataPropertyValue(input, 'EventId'), which is the same each time an event is read",
  PI: 'the number itself',
  RAND: 'a JavaScript function; results would then differ from run to run',
  RANK: 'CollectTop(n) OVER (ORDER BY …) in a windowed query, which ranks the events of the window',
  ROW_NUMBER: 'ISFIRST(unit, length) OVER (PARTITION BY …) for the first, CollectTop(n) for ranks',
  STRING_AGG: 'Collect(expression), which gives an array',
  STRING_SPLIT: 'a JavaScript function that gives an array, and CROSS APPLY GetArrayElements',
  STR: 'CAST(value AS nvarchar(max))',
  SYSUTCDATETIME: 'System.Timestamp(), the time of the event: a query has no clock of its own',
  TRY_CONVERT: 'TRY_CAST(value AS type)',
  ANOMALYDETECTION:
    'AnomalyDetection_SpikeAndDip or AnomalyDetection_ChangePoint: Azure retired ANOMALYDETECTION',
};

/** What stands in for a function of T-SQL, undefined when the name is not one of these. */
export function insteadOfFunction(name: string): string | undefined {
  return FUNCTIONS[name.toUpperCase()];
}

const TYPES: Readonly<Record<string, string>> = {
  BOOLEAN: 'bit',
  CHAR: 'nvarchar(max)',
  DATE: 'datetime',
  DATETIME2: 'datetime',
  DATETIMEOFFSET: 'datetime, which is UTC',
  DECIMAL: 'float',
  DOUBLE: 'float',
  INT: 'bigint',
  INTEGER: 'bigint',
  LONG: 'bigint',
  MONEY: 'float',
  NCHAR: 'nvarchar(max)',
  NTEXT: 'nvarchar(max)',
  NUMERIC: 'float',
  REAL: 'float',
  SMALLDATETIME: 'datetime',
  SMALLINT: 'bigint',
  STRING: 'nvarchar(max)',
  TEXT: 'nvarchar(max)',
  TIME: 'datetime',
  TINYINT: 'bigint',
  UNIQUEIDENTIFIER: 'nvarchar(max)',
  VARCHAR: 'nvarchar(max)',
};

/** The type to use for one of T-SQL's, undefined when the name is none of them. */
export function insteadOfType(name: string): string | undefined {
  return TYPES[name.toUpperCase()];
}
