import type { ModelProblem } from '@foodshed/contracts';

/** What is wrong with a model beyond its shape: a path into the text, and the mend. */
export type RuleProblem = Pick<ModelProblem, 'message' | 'severity'> & { path: (string | number)[] };

/** What forbids the model. */
export const error = (path: (string | number)[], message: string): RuleProblem => ({
  path,
  message,
  severity: 'error',
});

/** What its authors should know. */
export const warning = (path: (string | number)[], message: string): RuleProblem => ({
  path,
  message,
  severity: 'warning',
});
