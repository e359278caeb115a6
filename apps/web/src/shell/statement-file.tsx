import { Button, Group, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { DateTime } from 'luxon';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { useInstance } from '../api/session.js';
import { download } from './csv.js';
import { Problem } from './states.js';
import { Working } from './working.js';

/** A month's statement of an account, as the file that `npm run ledger:verify` and accountants' programs read. */
export function StatementFile({ accountId }: { accountId: string }) {
  const { t } = useTranslation();
  const zone = useInstance()?.timeZone ?? 'UTC';
  const [month, setMonth] = useState(() => DateTime.now().setZone(zone).toFormat('yyyy-MM'));
  const save = useMutation({
    mutationFn: () =>
      api<string>(`/accounts/${accountId}/statement`, { query: { month }, accept: 'text/csv' }),
    onSuccess: (csv) => download(`${t('statement.file')}-${month}.csv`, csv),
  });
  return (
    <>
      <Group className="no-print" align="flex-end" gap="xs">
        <TextInput
          type="month"
          label={t('statement.month')}
          placeholder="2026-11"
          value={month}
          onChange={(event) => setMonth(event.currentTarget.value)}
        />
        <Button
          variant="default"
          disabled={!/^\d{4}-\d{2}$/.test(month)}
          loading={save.isPending}
          onClick={() => save.mutate()}
        >
          {t('action.csv')}
        </Button>
        <Button variant="default" onClick={() => window.print()}>
          {t('action.print')}
        </Button>
      </Group>
      {save.isPending && <Working what={t('statement.writing', { month })} />}
      {save.isError && <Problem error={save.error} />}
    </>
  );
}
