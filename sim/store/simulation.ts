export const STEP_SECONDS = 0.25;
