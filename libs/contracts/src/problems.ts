import { z } from 'zod';

/** Every refusal has a code; callers compare codes, never texts. Status and title are written here only. */
export const problems = {
  'already-exists': { status: 409, title: 'It exists already' },
  'body-too-large': { status: 413, title: 'The request is too large' },
  'business-key-conflict': { status: 409, title: 'The same business key was posted with other content' },
  'csrf-refused': { status: 403, title: 'The request did not come from this site' },
  'currency-mixed': { status: 422, title: 'A transaction has more than one currency' },
  'cycle-closed': { status: 409, title: 'The order cycle is not open' },
  'dependency-unavailable': { status: 503, title: 'A part of the system is not reachable' },
  forbidden: { status: 403, title: 'Not allowed' },
  'goal-exceeded': { status: 409, title: 'The pitch needs less than that' },
  'idempotency-key-missing': { status: 400, title: 'The Idempotency-Key header is missing' },
  'idempotency-key-reused': { status: 422, title: 'The Idempotency-Key was used with another body' },
  'import-rejected': { status: 422, title: 'The file has rows that cannot be imported' },
  'internal-error': { status: 500, title: 'Something went wrong' },
  'invalid-input': { status: 400, title: 'The request has fields that are not valid' },
  'invalid-state': { status: 409, title: 'That cannot be done in the present state' },
  'limit-exceeded': { status: 409, title: 'The account would pass its limit' },
  'locked-out': { status: 429, title: 'Too many failed sign-ins' },
  'model-invalid': { status: 422, title: 'The network model is not valid' },
  'not-found': { status: 404, title: 'Not found' },
  'order-already-paid': { status: 409, title: 'The order is paid already' },
  'own-pitch': { status: 409, title: 'A team neither funds nor judges its own pitch' },
  'price-changed': { status: 409, title: 'A price has changed since the quote' },
  'rate-limited': { status: 429, title: 'Too many requests' },
  'refund-exceeds-paid': { status: 409, title: 'More would be refunded than was paid' },
  'request-in-progress': { status: 409, title: 'The same request is still running' },
  'self-referral': { status: 409, title: 'A hub cannot refer itself or its own people' },
  'sign-in-failed': { status: 401, title: 'The e-mail address or the password is not right' },
  'stock-insufficient': { status: 409, title: 'There is not enough stock' },
  'supply-not-agreed': { status: 409, title: 'The producer has not agreed to this' },
  'timed-out': { status: 504, title: 'A part of the system took too long' },
  unauthenticated: { status: 401, title: 'Sign in first' },
  unbalanced: { status: 422, title: 'The entries of a transaction do not add up to zero' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problems;
export const problemCodes = Object.keys(problems) as ProblemCode[];

export const fieldProblem = z.object({ path: z.string(), message: z.string() });
export type FieldProblem = z.output<typeof fieldProblem>;

/** RFC 9457 problem details, the one shape of every refusal on the wire (RPC and HTTP). */
export const problemDetails = z.looseObject({
  type: z.string(),
  code: z.enum(problemCodes as [ProblemCode, ...ProblemCode[]]),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  fields: z.array(fieldProblem).optional(),
  requestId: z.string().optional(),
  retryAfterSeconds: z.number().optional(),
});
export type ProblemDetails = z.output<typeof problemDetails>;

export interface DomainErrorOptions {
  /** One sentence for a person: what is wrong and what to do. Never a name or a contact. */
  detail?: string;
  fields?: readonly FieldProblem[];
  retryAfterSeconds?: number;
  [extra: string]: unknown;
}

/** A refusal by a rule; the filters turn it into problem details. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  constructor(
    readonly code: ProblemCode,
    readonly options: DomainErrorOptions = {},
    cause?: unknown,
  ) {
    super(options.detail ?? problems[code].title, { cause });
  }

  /** The wire form; `requestId` is quoted by people who ask for help. */
  toProblem(requestId?: string): ProblemDetails {
    const { status, title } = problems[this.code];
    return {
      type: `urn:foodshed:problem:${this.code}`,
      code: this.code,
      title,
      status,
      ...this.options,
      fields: this.options.fields && [...this.options.fields],
      requestId,
    };
  }

  static fromProblem(problem: ProblemDetails): DomainError {
    const { type: _type, code, title: _title, status: _status, ...options } = problem;
    return new DomainError(code, options);
  }
}
