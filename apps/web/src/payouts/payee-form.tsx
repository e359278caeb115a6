import type { Payee } from '@foodshed/contracts';
import { Button, Group, NativeSelect, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, fieldError } from '../api/client.js';
import { useSession } from '../api/session.js';
import { AmountInput } from '../shell/amount-input.js';
import { Problem } from '../shell/states.js';

const schedules = ['daily', 'weekly', 'monthly'] as const;

/** Where, from which amount on and how often somebody wants to be paid; only they see it. */
export function PayeeForm({ path, payee }: { path: string; payee: Payee | null }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { currency } = useSession().instance!;
  const way = payee?.way;
  const [kind, setKind] = useState<'iban' | 'manual'>(way?.kind ?? 'iban');
  const [iban, setIban] = useState(way?.kind === 'iban' ? way.iban : '');
  const [accountName, setAccountName] = useState(way?.kind === 'iban' ? way.accountName : '');
  const [minimumMinor, setMinimumMinor] = useState<number | null>(payee?.minimumMinor ?? 0);
  const [schedule, setSchedule] = useState<Payee['schedule']>(payee?.schedule ?? 'weekly');
  const save = useMutation({
    mutationFn: () =>
      api(path, {
        method: 'PUT',
        body: {
          way: kind === 'iban' ? { kind, iban, accountName } : { kind },
          minimumMinor: minimumMinor ?? 0,
          schedule,
        },
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: [path] }),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Stack component="form" onSubmit={submit}>
      <Group align="flex-start">
        <NativeSelect
          label={t('paidTo.way')}
          value={kind}
          onChange={(event) => setKind(event.currentTarget.value as 'iban' | 'manual')}
          data={(['iban', 'manual'] as const).map((value) => ({ value, label: t(`paidTo.ways.${value}`) }))}
        />
        {kind === 'iban' && (
          <>
            <TextInput
              label={t('paidTo.iban')}
              required
              autoComplete="off"
              value={iban}
              onChange={(event) => setIban(event.currentTarget.value)}
              error={fieldError(save.error, 'way.iban')}
            />
            <TextInput
              label={t('paidTo.accountName')}
              required
              autoComplete="off"
              value={accountName}
              onChange={(event) => setAccountName(event.currentTarget.value)}
              error={fieldError(save.error, 'way.accountName')}
            />
          </>
        )}
        <AmountInput
          label={t('paidTo.minimum')}
          currency={currency}
          value={minimumMinor}
          onChange={setMinimumMinor}
          error={fieldError(save.error, 'minimumMinor')}
        />
        <NativeSelect
          label={t('paidTo.schedule')}
          value={schedule}
          onChange={(event) => setSchedule(event.currentTarget.value as Payee['schedule'])}
          data={schedules.map((value) => ({ value, label: t(`paidTo.schedules.${value}`) }))}
        />
      </Group>
      <Group>
        <Button type="submit" loading={save.isPending}>
          {t('paidTo.save')}
        </Button>
        {save.isSuccess && (
          <Text size="sm" role="status">
            {t('paidTo.saved')}
          </Text>
        )}
      </Group>
      {save.isError && <Problem error={save.error} />}
    </Stack>
  );
}
