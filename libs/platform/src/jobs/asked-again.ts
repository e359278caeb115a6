import { isTransient } from '../rpc/problem.js';

/** Waits for work that a job does again anyway: that a dependency is away only means that the job will do it. */
export async function orLater(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isTransient(error)) throw error;
  }
}

/** Does the work for each, one after the other. @throws the first failure, once each had its turn */
export async function eachInTurn<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  for (const item of items) await work(item).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw failures[0];
}
