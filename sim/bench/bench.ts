/** The contract of a benchmark: `footfall bench NAME` runs the one of that name, one file each in this folder. */

export interface BenchFigure {
  /** Dotted name, e.g. `store.agents1000.stepsPerSecond`: scripts depend on it. */
  readonly metric: string;
  readonly value: number;
  readonly unit: string;
  /** When `value` is a ratio: the metric it is a ratio to. */
  readonly of?: string;
}

export interface BenchOptions {
  /** Drawn scenes to look at; null: as many as the benchmark thinks enough. */
  readonly scenes: number | null;
}

export interface Bench {
  readonly name: string;
  /** One line for `footfall bench --help`. */
  readonly summary: string;
  /** Runs it, calling `report` as figures come in; `progress` takes lines for a person. */
  run(
    report: (figure: BenchFigure) => void,
    progress: (line: string) => void,
    options: BenchOptions,
  ): Promise<void>;
}
