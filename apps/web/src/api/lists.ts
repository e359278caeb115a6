import { keepPreviousData, useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query';
import { api, type Call } from './client.js';

export interface PageOf<T> {
  items: T[];
  nextCursor: string | null;
}

/** A list that grows page by page; `items` holds all pages fetched so far. */
export function useList<T>(path: string, query: Call['query'] = {}, enabled = true) {
  const list = useInfiniteQuery({
    // Not the key of the same address asked as one thing: what is kept of the two has another shape.
    queryKey: [path, query, 'pages'],
    enabled,
    initialPageParam: undefined as string | undefined,
    // While somebody types a word, what was found before stays where it is.
    placeholderData: 'search' in query ? keepPreviousData : undefined,
    queryFn: ({ pageParam }) => api<PageOf<T>>(path, { query: { ...query, cursor: pageParam } }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
  return { ...list, items: list.data?.pages.flatMap((page) => page.items) };
}

/** One thing by its path. */
export function useThing<T>(path: string, query: Call['query'] = {}, enabled = true) {
  return useQuery({ queryKey: [path, query], enabled, queryFn: () => api<T>(path, { query }) });
}

/** One question names at most this many. */
const NAMES_AT_ONCE = 50;

/** Asked in parts by first appearance, so that a list that grows asks only for the names it adds. */
function useNames<T>(path: string, ids: readonly string[], nameOf: (item: T) => [id: string, name: string]) {
  const wanted = [...new Set(ids)];
  const parts = Array.from({ length: Math.ceil(wanted.length / NAMES_AT_ONCE) }, (_, part) =>
    wanted.slice(part * NAMES_AT_ONCE, (part + 1) * NAMES_AT_ONCE),
  );
  return useQueries({
    queries: parts.map((part) => ({
      queryKey: [path, 'names', part],
      staleTime: 10 * 60_000,
      placeholderData: keepPreviousData,
      queryFn: () => api<PageOf<T>>(path, { query: { ids: part.join(',') } }),
    })),
    combine: (answers) => new Map(answers.flatMap(({ data }) => data?.items.map(nameOf) ?? [])),
  });
}

/** Names of enterprises by id, for tables that carry ids only. */
export function useEnterpriseNames(ids: readonly string[]): Map<string, string> {
  return useNames<{ enterpriseId: string; name: string }>('/enterprises', ids, ({ enterpriseId, name }) => [
    enterpriseId,
    name,
  ]);
}

/** Names of buyers the caller may know; the others stay ids. */
export function useBuyerNames(ids: readonly string[]): Map<string, string> {
  return useNames<{ buyer: { id: string }; displayName: string }>(
    '/buyers',
    ids,
    ({ buyer, displayName }) => [buyer.id, displayName],
  );
}
