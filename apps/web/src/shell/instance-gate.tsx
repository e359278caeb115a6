import { Center, Loader } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { showInstance, visitedInstance } from '../api/client.js';
import { type PageOf, useThing } from '../api/lists.js';
import { useSessionQuery } from '../api/session.js';
import { Problem } from './states.js';

/** A visitor who has not chosen a network looks at the first one; whoever is signed in acts in their own. */
export function InstanceGate({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const session = useSessionQuery();
  const isVisitor = session.data !== undefined && session.data.person === null;
  const [visited, setVisited] = useState(visitedInstance);
  const instances = useThing<PageOf<{ slug: string }>>('/instances', {}, isVisitor && visited === null);
  const first = instances.data?.items[0]?.slug;
  useEffect(() => {
    if (!first) return;
    showInstance(first);
    // What is shown next asks at once, so it is shown only after the choice is kept.
    // eslint-disable-next-line react-hooks/set-state-in-effect
    setVisited(first);
  }, [first]);
  const failed = session.error ?? instances.error;
  if (failed) return <Problem error={failed} retry={() => window.location.reload()} />;
  const isSettled = !isVisitor || visited !== null || instances.data?.items.length === 0;
  if (session.data && isSettled) return children;
  return (
    <Center mih={240} role="status" aria-label={t('state.loading')}>
      <Loader />
    </Center>
  );
}
