/** The windows of the sample record. */
import type { AttributionRow, RunRecord } from './run-record.js';

const AGE_COLUMNS = [
  'age0to12',
  'age13to17',
  'age18to24',
  'age25to34',
  'age35to44',
  'age45to54',
  'age55to64',
  'age65plus',
];

/** A window's rows, whose causes add up to their errors. */
export function sampleAttribution(windowEnd: string, window: number, sections: number): AttributionRow[] {
  const bySection = Array.from({ length: sections }, (_, index) => index).flatMap((index) => {
    const truth = 3 + Math.round(2 * Math.sin(window / 17 + index));
    const rows = [
      { quantity: 'people', doubleCounted: (window + index) % 4, misAnalysed: index % 2 },
      { quantity: 'uniqueVisitors', doubleCounted: 0, misAnalysed: -((window + index) % 2) },
    ] as const;
    return rows.map((row) =>
      attributionRow({
        ...row,
        windowEnd,
        section: `section-${index}`,
        truth,
        unseen: window % 2,
        late: window % 7 === 0 ? 1 : 0,
      }),
    );
  });
  const footfall = attributionRow({
    windowEnd,
    section: '*',
    quantity: 'footfall',
    truth: 1,
    misAnalysed: -(window % 2),
  });
  return [...bySection, footfall];
}

/** Fills in what `measured` must be if the causes explain it. */
function attributionRow(
  row: Pick<AttributionRow, 'windowEnd' | 'section' | 'quantity' | 'truth'> & Partial<AttributionRow>,
): AttributionRow {
  const {
    windowEnd,
    section,
    quantity,
    truth,
    unseen = 0,
    late = 0,
    doubleCounted = 0,
    misAnalysed = 0,
  } = row;
  return {
    windowEnd,
    section,
    quantity,
    truth,
    measured: truth - unseen - late + doubleCounted + misAnalysed,
    unseen,
    undetected: 0,
    notCaptured: 0,
    lost: 0,
    late,
    suppressed: 0,
    doubleCounted,
    misAnalysed,
    shifted: 0,
  };
}

/** What the dashboard shows of a window. */
export function sampleWindowRow(
  { windowEnd, section, measured }: AttributionRow,
  index: number,
): RunRecord['windows'][number] {
  const faces = Math.max(0, measured - 1);
  return {
    windowEnd,
    storeId: 'corner-shop',
    section,
    people: measured,
    faces,
    uniqueVisitors: Math.max(0, measured - 2),
    newVisitors: index % 6 === 0 ? 1 : 0,
    returningVisitors: index % 5 === 0 ? Math.min(1, faces) : 0,
    females: index % 9 === 0 ? null : 1,
    males: 1,
    averageEmotion: index % 9 === 0 ? null : Math.round(1_000 * Math.sin(index / 80)) / 2_000,
    ...Object.fromEntries(AGE_COLUMNS.map((column, band) => [column, band === index % 8 ? faces : 0])),
  };
}
