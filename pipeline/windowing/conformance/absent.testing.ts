/** What the language has and this engine does not. */
export const ABSENT: readonly {
  readonly family: string;
  readonly construct: string;
  readonly remark: string;
}[] = [
  {
    family: 'Scripts',
    construct: 'C# functions, custom deserializers and machine learning endpoints',
    remark: 'they need a runtime of their own',
  },
  {
    family: 'Analytic functions',
    construct: 'ANOMALYDETECTION(…), the operator of 2018',
    remark: 'Azure retired it for AnomalyDetection_SpikeAndDip and AnomalyDetection_ChangePoint',
  },
];
