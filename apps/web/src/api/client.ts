import type { FieldProblem, ProblemCode, ProblemDetails } from '@foodshed/contracts';
import { said } from '../text/said.js';

/** A refusal by the server, or no answer at all (`status` 0). Compare `code`, show `message`. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: ProblemCode | 'offline',
    message: string,
    readonly fields: readonly FieldProblem[] = [],
    readonly requestId?: string,
  ) {
    super(message);
  }
}

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  query?: Record<string, string | number | undefined | null>;
  /** Required where money moves; the same key may be sent again after a lost answer. */
  idempotencyKey?: string;
  /** Version of what is changed, for `If-Match`. */
  ifMatch?: string;
  /** Not in an instance that is merely shown: who signs in without having chosen one enters their own. */
  inChosenInstance?: boolean;
  /** How long to wait for a bad connection; as long as the browser does when left out. */
  patienceMs?: number;
  /** A file is answered as its text. */
  accept?: 'text/csv';
}

const instanceKey = 'foodshed.instance';
let shownInstance: string | null = null;
const shownListeners = new Set<() => void>();

/** The instance that a link or the visitor chose; null while nobody did. */
export function chosenInstance(): string | null {
  const asked = new URLSearchParams(window.location.search).get('instance');
  if (asked) sessionStorage.setItem(instanceKey, asked);
  return sessionStorage.getItem(instanceKey);
}

/** The instance a visitor looks at; whoever is signed in acts in their session's instance instead. */
export function visitedInstance(): string | null {
  return chosenInstance() ?? shownInstance;
}

export function chooseInstance(slug: string): void {
  sessionStorage.setItem(instanceKey, slug);
  tellShown();
}

/** What is shown to a visitor who has not chosen; it is nothing they asked to become a member of. */
export function showInstance(slug: string): void {
  shownInstance = slug;
  tellShown();
}

function tellShown(): void {
  for (const listener of shownListeners) listener();
}

/** Calls back when another instance is shown; @returns what ends it. */
export function onShownInstance(listener: () => void): () => void {
  shownListeners.add(listener);
  return () => shownListeners.delete(listener);
}

const withQuery = (path: string, { query, inChosenInstance }: Call): string => {
  const search = new URLSearchParams();
  const instance = inChosenInstance ? chosenInstance() : visitedInstance();
  if (instance) search.set('instance', instance);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  return search.size > 0 ? `${path}?${search}` : path;
};

/** Calls the REST API with the browser's session. @throws ApiError */
export async function api<T>(path: string, call: Call = {}): Promise<T> {
  const isText = typeof call.body === 'string';
  const headers: Record<string, string> = { accept: call.accept ?? 'application/json' };
  if (call.body !== undefined) headers['content-type'] = isText ? 'text/csv' : 'application/json';
  if (call.idempotencyKey) headers['idempotency-key'] = call.idempotencyKey;
  if (call.ifMatch) headers['if-match'] = call.ifMatch;
  let response: Response;
  let text: string;
  try {
    response = await fetch(withQuery(`/api${path}`, call), {
      method: call.method ?? 'GET',
      headers,
      credentials: 'same-origin',
      signal: call.patienceMs === undefined ? undefined : AbortSignal.timeout(call.patienceMs),
      body: call.body === undefined ? undefined : isText ? (call.body as string) : JSON.stringify(call.body),
    });
    text = await response.text();
  } catch (error) {
    throw new ApiError(0, 'offline', error instanceof Error ? error.message : 'offline');
  }
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  if (response.ok) return (call.accept ? text : text && isJson ? JSON.parse(text) : undefined) as T;
  const problem = (text && isJson ? JSON.parse(text) : {}) as Partial<ProblemDetails>;
  throw new ApiError(
    response.status,
    problem.code ?? 'internal-error',
    said(problem.detail ?? problem.title ?? response.statusText),
    problem.fields?.map(({ path, message }) => ({ path, message: said(message) })),
    problem.requestId,
  );
}

/** The message for one field of a form, by the path the server named. */
export function fieldError(error: unknown, path: string): string | undefined {
  return error instanceof ApiError ? error.fields.find((field) => field.path === path)?.message : undefined;
}
