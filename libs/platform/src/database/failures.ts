import { QueryFailedError } from 'typeorm';

const RETRIED = new Set(['40001', '40P01']);
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'ETIMEDOUT',
  'ENOENT',
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '08000',
  '08001',
  '08003',
  '08004',
  '08006',
]);
const LOST_CONNECTION =
  /Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Client was closed|Cannot use a pool after|connection timeout|the database system is|Connection ended|DataSource is not/i;

function codeOf(error: unknown): string | undefined {
  if (error instanceof QueryFailedError) return (error.driverError as { code?: string }).code;
  return (error as { code?: string } | undefined)?.code;
}

/** True for a serialization failure or deadlock: the same transaction may succeed when run again. */
export function isRetried(error: unknown): boolean {
  return RETRIED.has(codeOf(error) ?? '');
}

/** True when Postgres could not be reached, was restarting, or dropped the connection. */
export function isDatabaseUnreachable(error: unknown): boolean {
  if (UNREACHABLE.has(codeOf(error) ?? '')) return true;
  if (error instanceof AggregateError) return error.errors.some(isDatabaseUnreachable);
  return error instanceof Error && LOST_CONNECTION.test(error.message);
}

/** True for SQLSTATE 57014 (statement timeout) and lock timeouts. */
export function isStatementTimeout(error: unknown): boolean {
  const code = codeOf(error);
  return code === '57014' || code === '55P03';
}

/** The name of the unique, foreign-key or check constraint that a statement broke, if it broke one. */
export function violatedConstraint(error: unknown): string | undefined {
  const driverError = (error instanceof QueryFailedError ? error.driverError : error) as {
    code?: string;
    constraint?: string;
  };
  return driverError?.code?.startsWith('23') ? driverError.constraint : undefined;
}
