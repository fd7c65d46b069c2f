/** What a query is bound against: the job's inputs and functions. */

export type CompatibilityLevel = '1.0' | '1.1' | '1.2';

export interface BindEnvironment {
  /** Names of the stream inputs; undefined when any name may be one. */
  readonly inputs: readonly string[] | undefined;
  readonly references: readonly string[];
  /** JavaScript functions of the job: `udf.name` and `uda.name`. */
  readonly scalarFunctions: readonly string[];
  readonly aggregateFunctions: readonly string[];
  readonly compatibilityLevel: CompatibilityLevel;
}
