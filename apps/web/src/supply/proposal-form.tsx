import type { Enterprise, SupplySide } from '@foodshed/contracts';
import { Button, Checkbox, Group, Paper, Select, Stack, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, fieldError } from '../api/client.js';
import { useList } from '../api/lists.js';
import { Problem } from '../shell/states.js';

export const supplyPath = '/supply-agreements';

/** A hub asks a producer for its goods, or a producer offers them to a hub. */
export function ProposalForm({ side, enterpriseId }: { side: SupplySide; enterpriseId: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [otherId, setOtherId] = useState<string | null>(null);
  const [hubSetsPrices, setHubSetsPrices] = useState(false);
  const others = useList<Enterprise>(side === 'hub' ? '/producers' : '/hubs', { limit: 200 });
  const ids =
    side === 'hub'
      ? { hubId: enterpriseId, producerId: otherId }
      : { hubId: otherId, producerId: enterpriseId };
  const propose = useMutation({
    mutationFn: () =>
      api(supplyPath, {
        method: 'POST',
        body: { ...ids, proposedBy: side, pricesSetBy: hubSetsPrices ? 'hub' : 'producer' },
      }),
    onSuccess: async () => {
      setOtherId(null);
      setHubSetsPrices(false);
      await client.invalidateQueries({ queryKey: [supplyPath] });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    propose.mutate();
  };
  return (
    <Paper component="form" onSubmit={submit}>
      <Stack>
        <Title order={2} size="h4">
          {t(`supply.propose.${side}`)}
        </Title>
        <Group align="flex-end">
          <Select
            label={t(`supply.other.${side}`)}
            searchable
            required
            value={otherId}
            onChange={setOtherId}
            data={(others.items ?? [])
              .filter((other) => other.enterpriseId !== enterpriseId)
              .map((other) => ({ value: other.enterpriseId, label: other.name }))}
            error={fieldError(propose.error, side === 'hub' ? 'producerId' : 'hubId')}
          />
          <Button type="submit" loading={propose.isPending}>
            {t(`supply.send.${side}`)}
          </Button>
        </Group>
        <Checkbox
          label={t('supply.hubSetsPrices')}
          description={t('supply.hubSetsPricesHint')}
          checked={hubSetsPrices}
          onChange={(event) => setHubSetsPrices(event.currentTarget.checked)}
        />
        {propose.isError && <Problem error={propose.error} />}
      </Stack>
    </Paper>
  );
}
