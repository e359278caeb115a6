import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';
import { currentRequest } from './request.context.js';

export type { Logger } from 'pino';

// Names, contacts, tokens and secrets never reach a log line, whatever object somebody logs.
const redacted = [
  'token',
  'password',
  'authorization',
  'cookie',
  'email',
  'name',
  'phone',
  'address',
  'contact',
  'params',
  'parameters',
  'query',
].flatMap((key) => [`*.${key}`, `*.*.${key}`]);

/** JSON lines on standard output, each with the service and, inside a request, its request and trace ids. */
export function createLogger(service: string, level: string): Logger {
  return pino({
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    mixin: () => currentRequest() ?? {},
    redact: { paths: redacted, censor: '[redacted]' },
    serializers: { error: errorForLog },
  });
}

/** Kind, message, code and stack of an error and its causes; never the parameters of a query. */
export function errorForLog(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code } = error as { code?: unknown };
  return {
    kind: error.name,
    message: error.message,
    code,
    stack: error.stack,
    cause: error.cause === undefined ? undefined : errorForLog(error.cause),
  };
}

/** Nest's own messages as log lines of the service. */
export class NestLog implements LoggerService {
  constructor(readonly logger: Logger) {}
  log(message: unknown, context?: unknown): void {
    this.logger.debug({ context }, String(message));
  }
  warn(message: unknown, context?: unknown): void {
    this.logger.warn({ context }, String(message));
  }
  error(message: unknown, stack?: unknown, context?: unknown): void {
    this.logger.error(
      { context, error: message instanceof Error ? message : { message, stack } },
      String(message),
    );
  }
}
