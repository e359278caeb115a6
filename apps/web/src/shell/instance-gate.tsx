import { type ReactNode, useEffect } from 'react';
import { showInstance, visitedInstance } from '../api/client.js';
import { type PageOf, useThing } from '../api/lists.js';
import { useInstance, useSessionQuery, useVisitedInstanceQuery } from '../api/session.js';
import { followNetwork } from '../text/index.js';
import { Loading, Problem } from './states.js';

/** A visitor who has not chosen a network looks at the first one; whoever is signed in acts in their own. */
export function InstanceGate({ children }: { children: ReactNode }) {
  const session = useSessionQuery();
  const visited = useVisitedInstanceQuery();
  const instance = useInstance();
  const isVisitor = session.data !== undefined && session.data.person === null;
  const mustChoose = isVisitor && visitedInstance() === null;
  const instances = useThing<PageOf<{ slug: string }>>('/instances', {}, mustChoose);
  const first = instances.data?.items[0]?.slug;
  useEffect(() => {
    if (first) showInstance(first);
  }, [first]);
  useEffect(() => {
    if (instance) void followNetwork(instance.locales);
  }, [instance]);
  const failed = session.error ?? instances.error ?? (isVisitor ? visited.error : null);
  if (failed) return <Problem error={failed} retry={() => window.location.reload()} />;
  // What is shown next asks in this network, and writes its times in its zone.
  const isSettled = !isVisitor || instance !== undefined || instances.data?.items.length === 0;
  if (session.data && isSettled) return children;
  return <Loading />;
}
