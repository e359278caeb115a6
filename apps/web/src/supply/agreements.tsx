import type { SupplyAgreement, SupplyAnswer, SupplySide } from '@foodshed/contracts';
import { Badge, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { useEnterpriseNames, useList } from '../api/lists.js';
import { useFormat } from '../format.js';
import { ListTable } from '../shell/data-table.js';
import { Problem } from '../shell/states.js';
import { supplyPath } from './proposal-form.js';

const color = {
  requested: 'yellow',
  offered: 'yellow',
  accepted: 'leaf',
  declined: 'gray',
  ended: 'gray',
} as const;

/** What this side may do with an agreement; the service decides again. */
function Answers({
  side,
  agreement,
  other,
}: {
  side: SupplySide;
  agreement: SupplyAgreement;
  other: string;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [asking, { open, close }] = useDisclosure();
  const { agreementId, state, version } = agreement;
  const answer = useMutation({
    mutationFn: (to: SupplyAnswer['state']) =>
      api(`${supplyPath}/${agreementId}/state`, { method: 'PUT', body: { state: to, version } }),
    onSuccess: async () => {
      close();
      await client.invalidateQueries();
    },
  });
  const isWaiting = state === 'requested' || state === 'offered';
  return (
    <Stack gap="xs">
      <Group gap="xs" wrap="nowrap" justify="flex-end">
        {isWaiting && agreement.proposedBy !== side && (
          <>
            <Button
              size="compact-sm"
              loading={answer.isPending}
              aria-label={t('supply.acceptNamed', { name: other })}
              onClick={() => answer.mutate('accepted')}
            >
              {t('supply.accept')}
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              loading={answer.isPending}
              aria-label={t('supply.declineNamed', { name: other })}
              onClick={() => answer.mutate('declined')}
            >
              {t('supply.decline')}
            </Button>
          </>
        )}
        {isWaiting && agreement.proposedBy === side && (
          <Button
            size="compact-sm"
            variant="default"
            loading={answer.isPending}
            aria-label={t('supply.takeBackNamed', { name: other })}
            onClick={() => answer.mutate('ended')}
          >
            {t('supply.takeBack')}
          </Button>
        )}
        {state === 'accepted' && (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={t('supply.endNamed', { name: other })}
            onClick={open}
          >
            {t('supply.end')}
          </Button>
        )}
      </Group>
      {answer.isError && <Problem error={answer.error} />}
      <Modal opened={asking} onClose={close} title={t('supply.endSure', { name: other })}>
        <Stack>
          <Text size="sm">{t('supply.endExplained')}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('action.cancel')}
            </Button>
            <Button color="red" loading={answer.isPending} onClick={() => answer.mutate('ended')}>
              {t('supply.endNow')}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Stack>
  );
}

/** Who sells whose goods on what terms: for a hub its producers, for a producer its hubs. */
export function Agreements({ side, enterpriseId }: { side: SupplySide; enterpriseId: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const list = useList<SupplyAgreement>(supplyPath, { as: side, enterpriseId });
  const otherOf = ({ hubId, producerId }: SupplyAgreement): string => (side === 'hub' ? producerId : hubId);
  const names = useEnterpriseNames(list.items?.map(otherOf) ?? []);
  const nameOf = (agreement: SupplyAgreement): string => names.get(otherOf(agreement)) ?? '';
  return (
    <ListTable
      list={list}
      none={t(`supply.none.${side}`)}
      noneNext={t(`supply.noneNext.${side}`)}
      minWidth={720}
      keyOf={(agreement) => agreement.agreementId}
      columns={[
        { title: t(`supply.other.${side}`), cell: nameOf },
        {
          title: t('order.state'),
          cell: ({ state }) => (
            <Badge variant="dot" color={color[state]}>
              {t(`supplyState.${state}`)}
            </Badge>
          ),
        },
        { title: t('supply.prices'), cell: ({ pricesSetBy }) => t(`supply.pricesSetBy.${pricesSetBy}`) },
        {
          title: t('supply.since'),
          cell: (agreement) => format.date(agreement.endedAt ?? agreement.answeredAt ?? agreement.proposedAt),
        },
        {
          title: t('supply.answer'),
          isAmount: true,
          cell: (agreement) => <Answers side={side} agreement={agreement} other={nameOf(agreement)} />,
        },
      ]}
    />
  );
}
