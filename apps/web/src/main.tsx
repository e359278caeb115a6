import '@fontsource-variable/figtree/index.css';
import '@fontsource-variable/fraunces/index.css';
import '@mantine/core/styles.css';
import './app.css';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, StrictMode, useMemo } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router/dom';
import { isUnreached } from './device/kept-answer.js';
import { startOffline } from './device/offline.js';
import { useLocale } from './format.js';
import { router } from './routes.js';
import { startTexts } from './text/index.js';
import { themeFor } from './theme.js';

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // A refusal stays a refusal; only a lost connection or an overloaded server is worth asking again.
      retry: (failures, error) => failures < 2 && isUnreached(error),
      // Without a connection a page says so, or shows what is kept on this device, and asks again by itself afterwards.
      networkMode: 'always',
      refetchOnReconnect: true,
    },
    mutations: { networkMode: 'always' },
  },
});

function Themed({ children }: { children: ReactNode }) {
  const locale = useLocale();
  const theme = useMemo(() => themeFor(locale), [locale]);
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      {children}
    </MantineProvider>
  );
}

startOffline();
/** Paper is white: a dark page is printed as the light one. */
function printLight(): void {
  const { dataset } = document.documentElement;
  let shown: string | undefined;
  window.addEventListener('beforeprint', () => {
    shown = dataset['mantineColorScheme'];
    dataset['mantineColorScheme'] = 'light';
  });
  window.addEventListener('afterprint', () => {
    if (shown) dataset['mantineColorScheme'] = shown;
  });
}

printLight();
await startTexts();
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <Themed>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </Themed>
  </StrictMode>,
);
