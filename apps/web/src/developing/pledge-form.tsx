import type { PitchView, PledgeSource } from '@foodshed/contracts';
import { Button, Group, NativeSelect, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, fieldError } from '../api/client.js';
import { useIdempotencyKey } from '../api/idempotency.js';
import { AmountInput } from '../shell/amount-input.js';
import { Problem } from '../shell/states.js';
import { useVoices } from '../shell/voices.js';

/** Pledges from a balance at once, or promises a transfer. */
export function PledgeForm({ pitch, done }: { pitch: PitchView; done: () => Promise<void> }) {
  const { t } = useTranslation();
  const funders = useVoices();
  const missingMinor = pitch.goalMinor - pitch.heldMinor;
  const [chosen, setChosen] = useState(0);
  const { owner: funder } = funders[chosen] ?? funders[0]!;
  const ask = pitch.asks.find(({ instanceId }) => funder.kind === 'instance' && instanceId === funder.id);
  const [typedMinor, setTypedMinor] = useState<number | null | undefined>(undefined);
  const amountMinor =
    typedMinor === undefined ? (ask ? Math.min(ask.amountMinor, missingMinor) : null) : typedMinor;
  const [source, setSource] = useState<PledgeSource>('balance');
  const [idempotencyKey, ended] = useIdempotencyKey();
  const pledge = useMutation({
    mutationFn: () =>
      api(`/pitches/${pitch.pitchId}/pledges`, {
        method: 'POST',
        idempotencyKey,
        body: { funder, amountMinor, source },
      }),
    onSuccess: done,
    onSettled: (_pledge, error) => ended(error),
  });
  const sources = (['balance', 'administration', 'transfer'] as const)
    .filter((value) => value !== 'administration' || funder.kind === 'instance')
    .map((value) => ({
      value,
      label: t(value === 'balance' ? `pledge.balance.${funder.kind}` : `pledge.source.${value}`),
    }));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    pledge.mutate();
  };
  return (
    <Paper component="form" onSubmit={submit}>
      <Stack>
        <Title order={2} size="h4">
          {t('pledge.title')}
        </Title>
        <NativeSelect
          label={t('pledge.for')}
          value={String(chosen)}
          onChange={(event) => {
            setChosen(Number(event.currentTarget.value));
            setSource('balance');
          }}
          data={funders.map(({ label }, index) => ({ value: String(index), label }))}
        />
        <AmountInput
          label={t('pledge.amount')}
          currency={pitch.currency}
          value={amountMinor}
          onChange={setTypedMinor}
          error={fieldError(pledge.error, 'amountMinor')}
        />
        <NativeSelect
          label={t('pledge.from')}
          value={source}
          onChange={(event) => setSource(event.currentTarget.value as PledgeSource)}
          data={sources}
        />
        <Text size="sm" c="dimmed">
          {t(source === 'transfer' ? 'pledge.transferExplained' : 'pledge.balanceExplained')}
        </Text>
        {pledge.isError && <Problem error={pledge.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={pledge.isPending} disabled={!amountMinor}>
            {t('pledge.submit')}
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}
