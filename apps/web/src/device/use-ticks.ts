import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo } from 'react';
import { ApiError } from '../api/client.js';
import { useSession } from '../api/session.js';
import type { WaitingTick } from './device.js';
import { recordInBook, packingKey } from './packing-book.js';
import { dismissTick, noteTick, sendTicks, waitingTicks } from './ticks.js';

const waitingKey = ['waiting-ticks'];
/** While something waits it is sent this often, also where the browser does not say that the connection is back. */
const EVERY_MS = 15_000;

/** What was ticked in this browser and is not recorded yet. */
export function useWaitingTicks(): WaitingTick[] {
  const { person } = useSession();
  const { data } = useQuery({
    queryKey: waitingKey,
    queryFn: waitingTicks,
    enabled: person !== null,
    staleTime: Infinity,
  });
  return useMemo(() => (person ? (data ?? []) : []), [person, data]);
}

/** Sends what waits now. */
function useSendTicks(): () => Promise<void> {
  const client = useQueryClient();
  return useCallback(async () => {
    try {
      await sendTicks(async (answer) => {
        client.setQueryData(packingKey(answer.producerId), await recordInBook(answer));
        await client.invalidateQueries({ queryKey: packingKey(answer.producerId) });
      });
    } catch (error) {
      // What was not reached, is still being answered or wants a sign-in waits on, and the page says that it waits.
      if (!(error instanceof ApiError)) throw error;
    }
    await client.invalidateQueries({ queryKey: waitingKey });
  }, [client]);
}

/** What a page does with ticks: note one, or put away one that was refused. */
export function useTicks(): {
  note: (tick: WaitingTick) => Promise<void>;
  dismiss: (tick: WaitingTick) => Promise<void>;
} {
  const client = useQueryClient();
  const send = useSendTicks();
  const refresh = (): Promise<void> => client.invalidateQueries({ queryKey: waitingKey });
  return {
    note: async (tick) => {
      const isOther = ({ orderId, lineNumber }: WaitingTick): boolean =>
        orderId !== tick.orderId || lineNumber !== tick.lineNumber;
      // Kept first, shown then: what is seen as ticked survives a page that is closed at that moment.
      await noteTick(tick);
      client.setQueryData<WaitingTick[]>(waitingKey, (known = []) => [...known.filter(isOther), tick]);
      await refresh();
      void send();
    },
    dismiss: async (tick) => {
      await dismissTick(tick);
      await refresh();
    },
  };
}

/** Sends what waits when the pages open, when the connection comes back, and again while something waits. */
export function useTicksAreSent(): void {
  const waits = useWaitingTicks().some(({ refused }) => !refused);
  const send = useSendTicks();
  useEffect(() => {
    if (!waits) return;
    void send();
    const timer = setInterval(() => void send(), EVERY_MS);
    const now = (): void => void send();
    window.addEventListener('online', now);
    return () => {
      clearInterval(timer);
      window.removeEventListener('online', now);
    };
  }, [waits, send]);
}
