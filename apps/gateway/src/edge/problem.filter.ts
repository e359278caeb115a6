import { DomainError, problems, type ProblemCode } from '@foodshed/contracts';
import { asDomainError, type Logger } from '@foodshed/platform';
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { EdgeRequest } from './edge.request.js';

const CODE_OF_STATUS: Record<number, ProblemCode> = {
  400: 'invalid-input',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  413: 'body-too-large',
  415: 'invalid-input',
  429: 'rate-limited',
  503: 'dependency-unavailable',
};

/** What Nest and Fastify themselves refuse (a body that is no JSON, an unknown path), as one of our codes. */
function fromFramework(error: unknown): DomainError | undefined {
  const status =
    error instanceof HttpException ? error.getStatus() : (error as { statusCode?: unknown })?.statusCode;
  if (typeof status !== 'number' || status >= 500) return undefined;
  const code = CODE_OF_STATUS[status] ?? 'invalid-input';
  const isBody = status === 400 || status === 413 || status === 415;
  const message = error instanceof Error ? error.message : undefined;
  return new DomainError(code, {
    detail: isBody ? `The request cannot be read: ${message ?? 'it is malformed'}.` : undefined,
    fields: isBody ? [{ path: 'body', message: message ?? 'is malformed' }] : undefined,
  });
}

/** Answers with RFC 9457 problem details; a fault in the program is logged with the request's id. */
export function sendProblem(reply: FastifyReply, failure: unknown, log: Logger): void {
  const request = reply.request as EdgeRequest;
  const requestId = request.id;
  const error = failure instanceof DomainError ? failure : (fromFramework(failure) ?? asDomainError(failure));
  if (error.code === 'internal-error' && error.cause) {
    log.error(
      { error: error.cause, requestId, route: request.routeOptions?.url },
      'A request failed by a fault in the program',
    );
  }
  const { retryAfterSeconds } = error.options;
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(Math.ceil(retryAfterSeconds)));
  reply
    .code(problems[error.code].status)
    .header('content-type', 'application/problem+json')
    .header('cache-control', 'no-store')
    .send(JSON.stringify(error.toProblem(requestId)));
}

/** The one filter of the HTTP edge. */
@Catch()
export class ProblemFilter implements ExceptionFilter<unknown> {
  constructor(private readonly log: Logger) {}

  catch(failure: unknown, host: ArgumentsHost): void {
    sendProblem(host.switchToHttp().getResponse<FastifyReply>(), failure, this.log);
  }
}
