import type { SupplyAgreement } from '@foodshed/contracts';
import {
  Anchor,
  Button,
  Group,
  MultiSelect,
  NumberInput,
  Paper,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { DateTime } from 'luxon';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, fieldError } from '../api/client.js';
import { useEnterpriseNames, useList } from '../api/lists.js';
import { useSession } from '../api/session.js';
import { Problem } from '../shell/states.js';
import { supplyPath } from '../supply/proposal-form.js';

/** A new order cycle; its times are typed and shown in the instance's time zone. */
export function CycleForm({ hubId, close }: { hubId: string; close: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { instance, enterprises } = useSession();
  const zone = instance?.timeZone ?? 'UTC';
  const localNow = DateTime.now().setZone(zone);
  const typed = (at: DateTime): string => at.toFormat("yyyy-MM-dd'T'HH:mm");
  const [form, setForm] = useState({
    name: '',
    opensAt: typed(localNow),
    closesAt: typed(localNow.plus({ days: 5 }).set({ hour: 20, minute: 0 })),
    kind: 'pickup',
    place: '',
    times: '',
    hubFeePercent: 5,
    producerIds: [] as string[],
  });
  const query = { as: 'hub', enterpriseId: hubId, state: 'accepted', limit: 200 };
  const agreements = useList<SupplyAgreement>(supplyPath, query);
  const agreed = agreements.items?.map(({ producerId }) => producerId) ?? [];
  // A hub that produces sells its own goods without an agreement.
  const own = enterprises.filter((one) => one.enterpriseId === hubId && one.isProducer);
  const producerIds = [...own.map(({ enterpriseId }) => enterpriseId), ...agreed];
  const names = useEnterpriseNames(producerIds);
  const instant = (local: string): string | null => DateTime.fromISO(local, { zone }).toUTC().toISO();
  const create = useMutation({
    mutationFn: () =>
      api(`/hubs/${hubId}/cycles`, {
        method: 'POST',
        body: {
          name: form.name,
          opensAt: instant(form.opensAt),
          closesAt: instant(form.closesAt),
          handover: { kind: form.kind, place: form.place, times: form.times },
          hubFeeBps: Math.round(form.hubFeePercent * 100),
          selection: { producerIds: form.producerIds },
        },
      }),
    onSuccess: async () => {
      await client.invalidateQueries();
      close();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    create.mutate();
  };
  const set = (changes: Partial<typeof form>): void => setForm({ ...form, ...changes });
  return (
    <Paper component="form" onSubmit={submit}>
      <Stack>
        <Title order={2} size="h4">
          {t('cycles.new')}
        </Title>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            label={t('cycles.name')}
            required
            value={form.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
            error={fieldError(create.error, 'name')}
          />
          <NumberInput
            label={t('cycles.hubFee')}
            suffix=" %"
            min={0}
            max={50}
            decimalScale={2}
            value={form.hubFeePercent}
            onChange={(value) => set({ hubFeePercent: Number(value) || 0 })}
            error={fieldError(create.error, 'hubFeeBps')}
          />
          <TextInput
            type="datetime-local"
            label={t('cycles.opensAt')}
            required
            value={form.opensAt}
            onChange={(event) => set({ opensAt: event.currentTarget.value })}
            error={fieldError(create.error, 'opensAt')}
          />
          <TextInput
            type="datetime-local"
            label={t('cycles.closesAt')}
            required
            value={form.closesAt}
            onChange={(event) => set({ closesAt: event.currentTarget.value })}
            error={fieldError(create.error, 'closesAt')}
          />
          <TextInput
            label={t('cycles.place')}
            required
            value={form.place}
            onChange={(event) => set({ place: event.currentTarget.value })}
            error={fieldError(create.error, 'handover.place')}
          />
          <TextInput
            label={t('cycles.times')}
            placeholder={t('cycles.timesExample')}
            value={form.times}
            onChange={(event) => set({ times: event.currentTarget.value })}
          />
        </SimpleGrid>
        <SegmentedControl
          aria-label={t('cycles.handover')}
          value={form.kind}
          onChange={(kind) => set({ kind })}
          data={[
            { value: 'pickup', label: t('cycles.pickup') },
            { value: 'delivery', label: t('cycles.delivery') },
          ]}
        />
        <MultiSelect
          label={t('cycles.producers')}
          description={t('cycles.producersHint')}
          searchable
          required
          value={form.producerIds}
          onChange={(producerIds) => set({ producerIds })}
          data={producerIds.map((value) => ({ value, label: names.get(value) ?? value }))}
          error={fieldError(create.error, 'selection.producerIds')}
        />
        <Text size="sm">
          {agreements.items && producerIds.length === 0 && `${t('cycles.producersNone')} `}
          <Anchor component={Link} to={`/hubs/${hubId}/manage/producers`}>
            {t('cycles.producersAsk')}
          </Anchor>
        </Text>
        <Text size="sm" c="dimmed">
          {t('cycles.zone', { zone })}
        </Text>
        {create.isError && <Problem error={create.error} />}
        <Group justify="flex-end">
          <Button variant="subtle" onClick={close}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {t('cycles.open')}
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}
