import type {
  Enterprise,
  GiftSource,
  GiftView,
  GiverRef,
  LedgerAccount,
  ReceiverRef,
} from '@foodshed/contracts';
import { Button, Checkbox, Group, NativeSelect, Paper, Stack, Text, Textarea } from '@mantine/core';
import { type UseQueryResult, useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, fieldError } from '../api/client.js';
import { useIdempotencyKey } from '../api/idempotency.js';
import { type PageOf, useThing } from '../api/lists.js';
import { useSession } from '../api/session.js';
import { useFormat } from '../format.js';
import { AmountInput } from '../shell/amount-input.js';
import { Loaded, Problem } from '../shell/states.js';
import { useVoices } from '../shell/voices.js';

/** What a giver has in the ledger and has not earmarked, on the account that `balance` or `administration` is. */
function useAvailable(giver: GiverRef): { query: UseQueryResult; of: (source: GiftSource) => number } {
  const query = useThing<PageOf<LedgerAccount>>('/accounts', { ownerKind: giver.kind, ownerId: giver.id });
  const { instance } = useSession();
  const of = (source: GiftSource): number => {
    const own = giver.kind === 'instance' ? 'developing' : 'pending';
    const purpose = source === 'administration' ? source : own;
    const found = query.data?.items.find(
      ({ account }) => account.purpose === purpose && account.currency === instance?.currency,
    );
    return found ? Math.max(0, found.standingMinor - found.reservedMinor) : 0;
  };
  return { query, of };
}

/** A gift of the giver's own choice: how much, out of what, with which words. Nothing is chosen for them. */
export function GiftForm({ receiver, done }: { receiver: ReceiverRef; done: (gift: GiftView) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { instance } = useSession();
  const voices = useVoices().filter(({ owner }) => owner.id !== receiver.id);
  const isForDeveloping = receiver.kind === 'pitch' || receiver.kind === 'team';
  // Most people give as themselves.
  const [chosen, setChosen] = useState(voices.length - 1);
  const { owner: giver } = voices[chosen]!;
  const sources = (['balance', 'administration', 'transfer', 'cash'] as const).filter((source) => {
    if (source === 'administration') return giver.kind === 'instance';
    return source !== 'balance' || giver.kind !== 'instance' || isForDeveloping;
  });
  const available = useAvailable(giver);
  // Who has nothing here yet gives what they carry.
  const usual = available.of('balance') > 0 ? 'balance' : 'cash';
  const [wanted, setSource] = useState<GiftSource | null>(null);
  const source = sources.find((one) => one === (wanted ?? usual)) ?? sources[0]!;
  const [isForMembers, setForMembers] = useState(false);
  const [amountMinor, setAmountMinor] = useState<number | null>(null);
  const [platformPartMinor, setPlatformPartMinor] = useState<number | null>(null);
  const [message, setMessage] = useState('');
  const [isUnnamed, setUnnamed] = useState(false);
  const hubs = useThing<PageOf<Enterprise>>('/enterprises', { role: 'hub', limit: 200 }, source === 'cash');
  const [chosenHub, setHub] = useState('');
  const hubId = chosenHub || hubs.data?.items[0]?.enterpriseId;
  const [idempotencyKey, ended] = useIdempotencyKey();
  const give = useMutation({
    mutationFn: () =>
      api<GiftView>('/gifts', {
        method: 'POST',
        idempotencyKey,
        body: {
          giver,
          receiver: { ...receiver, kind: isForMembers ? 'team' : receiver.kind },
          amountMinor,
          platformPartMinor: platformPartMinor ?? 0,
          source,
          ...(source === 'cash' ? { hubId } : {}),
          message,
          isUnnamed,
        },
      }),
    onSuccess: done,
    onSettled: (_gift, error) => ended(error),
  });
  const sourceLabel = (value: GiftSource): string => {
    if (value === 'balance') return t(`pledge.balance.${giver.kind}`);
    return value === 'cash' ? t('give.cash') : t(`pledge.source.${value}`);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    give.mutate();
  };
  const currency = instance?.currency ?? 'EUR';
  const isInLedger = source === 'balance' || source === 'administration';
  return (
    <Loaded query={available.query}>
      {() => (
        <Paper component="form" onSubmit={submit}>
          <Stack>
            <AmountInput
              label={t('give.amount')}
              currency={currency}
              value={amountMinor}
              onChange={setAmountMinor}
              error={fieldError(give.error, 'amountMinor')}
            />
            {receiver.kind === 'pitch' && (
              <NativeSelect
                label={t('give.who')}
                value={String(isForMembers)}
                onChange={(event) => setForMembers(event.currentTarget.value === 'true')}
                data={[
                  { value: 'false', label: t('give.byShares') },
                  { value: 'true', label: t('give.equally') },
                ]}
              />
            )}
            {voices.length > 1 && (
              <NativeSelect
                label={t('give.as')}
                value={String(chosen)}
                onChange={(event) => setChosen(Number(event.currentTarget.value))}
                data={voices.map(({ label }, index) => ({ value: String(index), label }))}
              />
            )}
            <NativeSelect
              label={t('give.from')}
              value={source}
              onChange={(event) => setSource(event.currentTarget.value as GiftSource)}
              data={sources.map((value) => ({ value, label: sourceLabel(value) }))}
            />
            <Text size="sm" c="dimmed">
              {isInLedger
                ? t('give.available', { amount: format.money(available.of(source), currency) })
                : t(source === 'cash' ? 'give.cashExplained' : 'give.transferExplained')}
            </Text>
            {source === 'cash' && (
              <NativeSelect
                label={t('give.hub')}
                value={hubId}
                onChange={(event) => setHub(event.currentTarget.value)}
                data={(hubs.data?.items ?? []).map(({ enterpriseId, name }) => ({
                  value: enterpriseId,
                  label: name,
                }))}
              />
            )}
            <Textarea
              label={t('give.message')}
              description={t('give.messageHint')}
              maxLength={1_000}
              autosize
              minRows={2}
              value={message}
              onChange={(event) => setMessage(event.currentTarget.value)}
            />
            <Checkbox
              label={t('give.unnamed')}
              checked={isUnnamed}
              onChange={(event) => setUnnamed(event.currentTarget.checked)}
            />
            <AmountInput
              label={t('give.platformPart')}
              currency={currency}
              value={platformPartMinor}
              onChange={setPlatformPartMinor}
            />
            <Text size="sm" c="dimmed">
              {t('give.platformPartHint')}
            </Text>
            {give.isError && <Problem error={give.error} />}
            <Group justify="flex-end">
              <Button
                type="submit"
                loading={give.isPending}
                disabled={!amountMinor || (source === 'cash' && !hubId)}
              >
                {t('give.submit')}
              </Button>
            </Group>
          </Stack>
        </Paper>
      )}
    </Loaded>
  );
}
