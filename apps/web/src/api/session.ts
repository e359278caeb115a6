import type { InstanceView, SessionView } from '@foodshed/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { ownDevice } from '../device/device.js';
import { forgetAnswers, keptAnswer, readKept } from '../device/kept-answer.js';
import { api, ApiError, onShownInstance, visitedInstance } from './client.js';

type SignedIn = SessionView;
export type SessionEnterprise = SignedIn['enterprises'][number];
export type Session = Omit<SignedIn, 'person'> & { person: SignedIn['person'] | null };

const signedOut: Session = { person: null, instance: null, roles: [], enterprises: [] };
export const sessionKey = ['session'];

async function loadSession(): Promise<Session> {
  try {
    const { body } = await keptAnswer('session', async (patienceMs) => {
      const session = await api<SignedIn>('/session', { patienceMs });
      await ownDevice(session.person.personId);
      return withKnownEnterprises(session);
    });
    return body;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    await forgetAnswers();
    return signedOut;
  }
}

/** While hubs cannot be asked, a person's pages stay as they were; each is asked for with a fresh token anyway. */
async function withKnownEnterprises(session: SignedIn): Promise<SignedIn> {
  if (!session.enterprisesUnknown) return session;
  const known = (await readKept<SignedIn>('session'))?.body;
  const isSame =
    known?.person.personId === session.person.personId && known.instance?.id === session.instance?.id;
  return isSame ? { ...session, enterprises: known.enterprises } : session;
}

export function useSessionQuery() {
  return useQuery({ queryKey: sessionKey, queryFn: loadSession, staleTime: 5 * 60_000 });
}

/** Who is signed in; nobody while that is still being asked. */
export function useSession(): Session {
  return useSessionQuery().data ?? signedOut;
}

/** The network that a visitor looks at, once one is known. */
export function useVisitedInstanceQuery() {
  const slug = useSyncExternalStore(onShownInstance, visitedInstance);
  return useQuery({
    queryKey: ['visited-instance', slug],
    enabled: slug !== null,
    queryFn: () => api<InstanceView>(`/instances/${encodeURIComponent(slug!)}`),
    staleTime: Infinity,
  });
}

/** The network whose pages are shown: the session's own, else the visited one; undefined until it is known. */
export function useInstance(): InstanceView | undefined {
  const session = useSessionQuery().data;
  const visited = useVisitedInstanceQuery().data;
  return session?.instance ?? (session?.person ? undefined : visited);
}

/** Forgets everything seen by the person before; called after signing in or out. */
export function useForgetSession(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await client.resetQueries();
  };
}
