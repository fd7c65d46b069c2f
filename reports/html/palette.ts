/**
 * Colours, as variables of the style sheet, so that they follow light and dark. Where several meet in one chart
 * they are of the Okabe–Ito palette, which colour-blind people tell apart (Okabe and Ito, "Color universal
 * design", 2008); no meaning is carried by colour alone.
 */
import type { AttributedCauses } from '../run-record.js';

export const TRUTH = 'var(--truth)';
export const MEASURED = 'var(--blue)';
export const FAULT = 'var(--fault)';
export const AXIS = 'var(--soft)';

export interface Cause {
  readonly key: keyof AttributedCauses;
  readonly label: string;
  readonly meaning: string;
  readonly color: string;
  /** What one person put down to this cause does to the measured number. */
  readonly effect: 1 | -1;
}

/** Causes of errors in the order of the pipeline. */
export const CAUSES: readonly Cause[] = [
  {
    key: 'unseen',
    label: 'unseen',
    meaning: 'in the section, but in no camera’s view',
    color: 'var(--grey)',
    effect: -1,
  },
  {
    key: 'undetected',
    label: 'not detected',
    meaning: 'in view, but the detector reported no box',
    color: 'var(--blue)',
    effect: -1,
  },
  {
    key: 'notCaptured',
    label: 'not captured',
    meaning: 'detected, but no picture was taken in time',
    color: 'var(--sky)',
    effect: -1,
  },
  {
    key: 'lost',
    label: 'lost',
    meaning: 'in a picture that did not get through, nor did its events',
    color: 'var(--vermilion)',
    effect: -1,
  },
  {
    key: 'late',
    label: 'late',
    meaning: 'the events came after the late policy’s limit, or into another window',
    color: 'var(--orange)',
    effect: -1,
  },
  {
    key: 'suppressed',
    label: 'withheld',
    meaning: 'the group was too small to be shown',
    color: 'var(--purple)',
    effect: -1,
  },
  {
    key: 'doubleCounted',
    label: 'counted twice',
    meaning: 'counted more than once',
    color: 'var(--green)',
    effect: 1,
  },
  {
    key: 'misAnalysed',
    label: 'mistaken',
    meaning: 'taken for somebody else, for nobody, or seen where they were not',
    color: 'var(--yellow)',
    effect: 1,
  },
  {
    key: 'shifted',
    label: 'shifted',
    meaning: 'counted in another window than the one they came in',
    color: 'var(--ink)',
    effect: 1,
  },
];

/** Face API emotions from pleasant to unpleasant. */
export const EMOTIONS: readonly { readonly name: string; readonly color: string }[] = [
  { name: 'happiness', color: 'var(--green)' },
  { name: 'surprise', color: 'var(--sky)' },
  { name: 'neutral', color: 'var(--grey)' },
  { name: 'sadness', color: 'var(--blue)' },
  { name: 'fear', color: 'var(--purple)' },
  { name: 'contempt', color: 'var(--yellow)' },
  { name: 'disgust', color: 'var(--orange)' },
  { name: 'anger', color: 'var(--vermilion)' },
];
