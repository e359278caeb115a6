import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { api, type Call } from './client.js';

export interface PageOf<T> {
  items: T[];
  nextCursor: string | null;
}

/** A list that grows page by page; `items` holds all pages fetched so far. */
export function useList<T>(path: string, query: Call['query'] = {}, enabled = true) {
  const list = useInfiniteQuery({
    queryKey: [path, query],
    enabled,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => api<PageOf<T>>(path, { query: { ...query, cursor: pageParam } }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
  return { ...list, items: list.data?.pages.flatMap((page) => page.items) };
}

/** One thing by its path. */
export function useThing<T>(path: string, query: Call['query'] = {}, enabled = true) {
  return useQuery({ queryKey: [path, query], enabled, queryFn: () => api<T>(path, { query }) });
}

/** Names of enterprises by id, for tables that carry ids only. */
export function useEnterpriseNames(ids: readonly string[]): Map<string, string> {
  const wanted = [...new Set(ids)].sort();
  const { data } = useQuery({
    queryKey: ['enterprise-names', wanted],
    enabled: wanted.length > 0,
    staleTime: 10 * 60_000,
    queryFn: () =>
      api<PageOf<{ enterpriseId: string; name: string }>>('/enterprises', {
        query: { ids: wanted.slice(0, 200).join(','), limit: 200 },
      }),
  });
  return new Map(data?.items.map(({ enterpriseId, name }) => [enterpriseId, name]));
}

/** Names of buyers the caller may know; the others stay ids. */
export function useBuyerNames(ids: readonly string[]): Map<string, string> {
  const wanted = [...new Set(ids)].sort();
  const { data } = useQuery({
    queryKey: ['buyer-names', wanted],
    enabled: wanted.length > 0,
    staleTime: 10 * 60_000,
    queryFn: () =>
      api<PageOf<{ buyer: { id: string }; displayName: string }>>('/buyers', {
        query: { ids: wanted.slice(0, 200).join(',') },
      }),
  });
  return new Map(data?.items.map(({ buyer, displayName }) => [buyer.id, displayName]));
}
