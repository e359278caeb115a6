import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError } from './client.js';

/**
 * One key for what a form says: pressing twice, or again after a lost answer, does it once. A refusal that decided
 * something begins anew; where it is not known whether it was done, the key stays.
 * @returns the key, and what is to be told how the request ended
 */
export function useIdempotencyKey(): [key: string, ended: (error: unknown) => void] {
  const queries = useQueryClient();
  const [key, setKey] = useState(() => crypto.randomUUID());
  const ended = (error: unknown): void => {
    if (isUndecided(error)) return;
    setKey(crypto.randomUUID());
    // What the form said before was done, and is to be seen before anybody presses again.
    if (error instanceof ApiError && error.code === 'idempotency-key-reused')
      void queries.invalidateQueries();
  };
  return [key, ended];
}

/** Whether what was asked for may have been done, or will be; `error` is null where it was. */
export function isUndecided(error: unknown): boolean {
  if (error === null || error === undefined) return false;
  if (!(error instanceof ApiError)) return true;
  const { status, code } = error;
  return (
    [0, 401, 408, 429].includes(status) ||
    status >= 500 ||
    code === 'request-in-progress' ||
    code === 'csrf-refused'
  );
}
