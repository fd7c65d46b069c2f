import { writeFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { buildCentreNetZip } from '../../pipeline/detection/centre-net-zip.js';
import { openDetector } from '../../pipeline/detection/detector.js';
import { calibrate } from '../camera/calibration/calibrate.js';
import { type PixelRun, runPixels } from '../camera/calibration/pixel-runs.js';
import type { ErrorModel } from '../camera/error-model.js';
import { committedErrorModelPath } from '../camera/error-model-file.js';

interface CalibrateOptions {
  readonly scenes: number;
  readonly out: string;
  readonly threshold: number;
  readonly width: number;
  readonly json?: boolean;
}

/** `footfall calibrate`: fits the error model of `--vision truth` to what the real detector makes of drawn scenes. */
export function calibrateCommand(): Command {
  return new Command('calibrate')
    .description('fit the error model of --vision truth to the real detector on drawn scenes')
    .option('--scenes <n>', 'scenes to draw, at least 50', scenes, 500)
    .option(
      '--width <pixels>',
      "width of the detector's input; the height is three quarters of it",
      Number,
      512,
    )
    .option('--threshold <score>', 'lowest score that counts as a detection', Number, 0.3)
    .option('--out <file>', 'where the model is written', committedErrorModelPath())
    .option('--json', 'print the model as JSON, and no progress')
    .action(async (options: CalibrateOptions) => {
      const model = await fittedModel(options);
      writeFileSync(options.out, `${JSON.stringify(model, null, 2)}\n`);
      process.stdout.write(options.json ? `${JSON.stringify(model)}\n` : describe(model, options.out));
    });
}

function scenes(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 50)
    throw new InvalidArgumentError('expected a whole number from 50 on');
  return count;
}

async function fittedModel(options: CalibrateOptions): Promise<ErrorModel> {
  const { width, threshold } = options;
  const height = (width * 3) / 4;
  const zip = await buildCentreNetZip({ inputWidthPixels: width, inputHeightPixels: height });
  const detector = await openDetector(zip, { minimumScore: threshold });
  try {
    const run = await runPixels(detector, 0, options.scenes, (done) => {
      if (!options.json && done % 25 === 0) process.stderr.write(`${done} of ${options.scenes} scenes\n`);
    });
    if (!options.json) process.stderr.write(figures(run));
    return calibrate(run, {
      detector: `centernet ${width}x${height}, threshold ${threshold}`,
      lowestScore: threshold,
    });
  } finally {
    detector.close();
  }
}

/** Recall and precision of the pixels themselves. */
function figures({ sightings, detections, falsePositives }: PixelRun): string {
  const usual = sightings.filter(({ steep }) => !steep);
  const clear = usual.filter(
    ({ person, drawnHiddenShare }) => person.pixelHeight >= 60 && drawnHiddenShare < 0.1,
  );
  const share = (of: PixelRun['sightings']) =>
    of.length === 0 ? 'none' : (of.filter(({ found }) => found).length / of.length).toFixed(3);
  return (
    `below cameras as installers mount them: recall ${share(usual)} of ${usual.length} people, ` +
    `${share(clear)} of ${clear.length} unhidden ones of 60 pixels and more, ` +
    `precision ${((detections - falsePositives) / Math.max(1, detections)).toFixed(3)}\n`
  );
}

function describe(model: ErrorModel, path: string): string {
  const terms = Object.entries(model.found).map(([name, value]) => `  ${name.padEnd(20)} ${value}`);
  const { logLoss, brier, calibrationError } = model.residual;
  return [
    `${model.detector}: fitted to ${model.people} people in ${model.frames} frames`,
    ...terms,
    `false positives a person in view ${model.falsePositivesPerPerson}`,
    `on scenes kept from the fit: log loss ${logLoss}, Brier score ${brier}, calibration error ${calibrationError}`,
    `written to ${path}`,
    '',
  ].join('\n');
}
