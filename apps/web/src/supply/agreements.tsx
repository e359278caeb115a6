import type { SupplyAgreement, SupplyAnswer, SupplySide } from '@foodshed/contracts';
import { Badge, Button, Group, Modal, Paper, Stack, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { useEnterpriseNames, useList } from '../api/lists.js';
import { useFormat } from '../format.js';
import { More } from '../shell/more.js';
import { Loaded, Nothing, Problem } from '../shell/states.js';
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
    <Loaded query={list}>
      {() =>
        list.items!.length === 0 ? (
          <Nothing title={t(`supply.none.${side}`)}>{t(`supply.noneNext.${side}`)}</Nothing>
        ) : (
          <Paper>
            <Table.ScrollContainer minWidth={720}>
              <Table>
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t(`supply.other.${side}`)}</Table.Th>
                    <Table.Th>{t('order.state')}</Table.Th>
                    <Table.Th>{t('supply.prices')}</Table.Th>
                    <Table.Th>{t('supply.since')}</Table.Th>
                    <Table.Th className="amount">{t('supply.answer')}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {list.items!.map((agreement) => (
                    <Table.Tr key={agreement.agreementId}>
                      <Table.Td>{nameOf(agreement)}</Table.Td>
                      <Table.Td>
                        <Badge variant="dot" color={color[agreement.state]}>
                          {t(`supplyState.${agreement.state}`)}
                        </Badge>
                      </Table.Td>
                      <Table.Td>{t(`supply.pricesSetBy.${agreement.pricesSetBy}`)}</Table.Td>
                      <Table.Td>
                        {format.date(agreement.endedAt ?? agreement.answeredAt ?? agreement.proposedAt)}
                      </Table.Td>
                      <Table.Td>
                        <Answers side={side} agreement={agreement} other={nameOf(agreement)} />
                      </Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
            <More list={list} />
          </Paper>
        )
      }
    </Loaded>
  );
}
