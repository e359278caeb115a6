import { DomainError, problemDetails, type ProblemDetails } from '@foodshed/contracts';
import { errors } from '@nats-io/transport-node';
import { z } from 'zod';
import { isDatabaseUnreachable, isRetried, isStatementTimeout } from '../database/failures.js';

/** Header of a reply that is a problem; its value is the code, the payload the whole problem. */
export const PROBLEM_HEADER = 'Foodshed-Problem';

const MAX_FIELDS = 50;

/** invalid-input with each field's path (`lines.0.quantity`) and what is wrong with it. */
export function invalidInput(error: z.core.$ZodError, cause: unknown = error): DomainError {
  const fields = error.issues.slice(0, MAX_FIELDS).map((issue) => ({
    path: pathOf(issue),
    message: issue.message,
  }));
  const named = fields.map(({ path }) => path).filter((path) => path !== '');
  return new DomainError(
    'invalid-input',
    { detail: named.length > 0 ? `Not valid: ${named.join(', ')}.` : 'The request is not valid.', fields },
    cause,
  );
}

function pathOf(issue: z.core.$ZodIssue): string {
  const keys = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
  return keys.map(String).join('.');
}

/** True when the failure passes by itself: a dependency that is down, slow or restarting. */
export function isTransient(error: unknown): boolean {
  if (error instanceof DomainError)
    return error.code === 'dependency-unavailable' || error.code === 'timed-out';
  return (
    isRetried(error) || isDatabaseUnreachable(error) || isStatementTimeout(error) || isNatsUnreachable(error)
  );
}

function isNatsUnreachable(error: unknown): boolean {
  return (
    error instanceof errors.NoRespondersError ||
    error instanceof errors.TimeoutError ||
    error instanceof errors.ClosedConnectionError ||
    error instanceof errors.DrainingConnectionError ||
    error instanceof errors.ConnectionError ||
    (error instanceof errors.RequestError && (error.isNoResponders() || isNatsUnreachable(error.cause))) ||
    (error instanceof Error && error.name === 'JetStreamNotEnabled')
  );
}

/**
 * Any failure as one of the four kinds: a refusal as it is, malformed input (400), a dependency down or slow
 * (503/504 with a time to retry), or a bug (500 without detail).
 */
export function asDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  if (error instanceof z.core.$ZodError) return invalidInput(error);
  if (isStatementTimeout(error)) return timedOut(error);
  if (isTransient(error)) return unavailable(error);
  return new DomainError('internal-error', {}, error);
}

/** 503: ask again in a second. */
export function unavailable(cause?: unknown): DomainError {
  return new DomainError(
    'dependency-unavailable',
    { detail: 'A part of the system is not reachable; try again shortly.', retryAfterSeconds: 1 },
    cause,
  );
}

/** 504: whether it was done is not known; ask again with the same key. */
export function timedOut(cause?: unknown): DomainError {
  return new DomainError(
    'timed-out',
    { detail: 'A part of the system took too long; try again with the same key.', retryAfterSeconds: 1 },
    cause,
  );
}

/** The refusal that a reply carries; an answer that is not a problem counts as a bug. */
export function problemFromReply(payload: unknown): DomainError {
  const parsed = problemDetails.safeParse(payload);
  if (!parsed.success) return new DomainError('internal-error', {}, parsed.error);
  return DomainError.fromProblem(parsed.data as ProblemDetails);
}
