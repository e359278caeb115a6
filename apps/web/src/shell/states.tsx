import { Alert, Button, Center, EmptyState as MantineEmptyState, Loader, Stack, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/client.js';

/** What is shown instead of a table without rows: what it is for, and the next step. */
export function Nothing({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <MantineEmptyState title={title} py="xl">
      <Text c="dimmed" maw={420} ta="center">
        {children}
      </Text>
    </MantineEmptyState>
  );
}

/** A refusal in the reader's language, with the server's own sentence and the id to quote. */
export function Problem({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t, i18n } = useTranslation();
  const known = error instanceof ApiError ? error : undefined;
  const code = known?.code ?? 'internal-error';
  const title = i18n.exists(`problem.${code}`) ? t(`problem.${code as 'generic'}`) : t('problem.generic');
  return (
    <Alert color="red" title={title} role="alert" variant="light">
      <Stack gap="xs" align="flex-start">
        {known && known.code !== 'offline' && known.message !== title && (
          <Text size="sm">{known.message}</Text>
        )}
        {known?.fields.map((field) => (
          <Text size="sm" key={field.path + field.message}>
            <b>{field.path}</b>: {field.message}
          </Text>
        ))}
        {known?.requestId && known.status >= 500 && (
          <Text size="xs">{t('problem.quote', { requestId: known.requestId })}</Text>
        )}
        {retry && (
          <Button size="xs" variant="default" onClick={retry}>
            {t('action.retry')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

/** Something is on its way. */
export function Loading() {
  const { t } = useTranslation();
  return (
    <Center mih={160} role="status" aria-label={t('state.loading')}>
      <Loader />
    </Center>
  );
}

/** Loading, failed or there: the three states of everything that is fetched. */
export function Loaded<T>({
  query,
  children,
}: {
  query: UseQueryResult<T>;
  children: (data: T) => ReactNode;
}) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.isError) return <Problem error={query.error} retry={() => void query.refetch()} />;
  return <Loading />;
}
