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
  /** Functions of the job that are no JavaScript, by their name in lower case: what each of them is. */
  readonly foreignFunctions: ReadonlyMap<string, string>;
  /** Where what a query needs is not all declared: told what is taken for granted. Otherwise it is refused. */
  readonly assume: ((what: string) => void) | undefined;
}
