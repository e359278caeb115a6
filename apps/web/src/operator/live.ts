import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

/** Listens to the read model's changes and asks for the figures again; true while the stream is open. */
export function useLiveDashboard(): boolean {
  const client = useQueryClient();
  const [isLive, setIsLive] = useState(false);
  useEffect(() => {
    const source = new EventSource('/api/dashboard/live');
    let timer: ReturnType<typeof setTimeout> | undefined;
    // Many orders may arrive together; the figures are asked for at most once a second.
    const refresh = (): void => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void client.invalidateQueries({ queryKey: ['/dashboard'] });
      }, 1_000);
    };
    source.onopen = () => setIsLive(true);
    source.onerror = () => setIsLive(false);
    source.onmessage = refresh;
    source.addEventListener('dashboard-changed', refresh);
    source.addEventListener('snapshot', refresh);
    return () => {
      source.close();
      clearTimeout(timer);
    };
  }, [client]);
  return isLive;
}
