import type { ManagersOf } from '@foodshed/contracts';
import { Button, Group, NumberInput, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { useForgetSession, useSession } from '../api/session.js';
import { useFormat } from '../format.js';
import { Problem } from '../shell/states.js';

type Shares = { personId: string; shareBps: number }[];

/** Who manages now, with what share of a hub's commission; each may be changed, and anybody else be removed. */
export function SharesForm(props: { enterpriseId: string; current: ManagersOf; isHub: boolean }) {
  const { enterpriseId, current, isHub } = props;
  const { t } = useTranslation();
  const format = useFormat();
  const { person } = useSession();
  const forget = useForgetSession();
  const [shares, setShares] = useState<Shares>(() =>
    current.managers.map(({ personId, shareBps }) => ({ personId, shareBps })),
  );
  const save = useMutation({
    mutationFn: (managers: Shares) =>
      api(`/enterprises/${enterpriseId}/managers`, { method: 'PUT', body: { managers } }),
    onSuccess: forget,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate(shares);
  };
  const ofHubBps = 10_000 - shares.reduce((sum, { shareBps }) => sum + shareBps, 0);
  return (
    <Paper component="form" onSubmit={submit}>
      <Stack>
        <Title order={2} size="h4">
          {t('managers.present')}
        </Title>
        <Table.ScrollContainer minWidth={300}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('people.name')}</Table.Th>
                {isHub && <Table.Th>{t('managers.share')}</Table.Th>}
                <Table.Th>{t('managers.remove')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {current.managers.map(({ personId, displayName }) => {
                const name = displayName ?? t('managers.former');
                const shareBps = shares.find((share) => share.personId === personId)?.shareBps ?? 0;
                const set = (percent: number): void =>
                  setShares(
                    shares.map((share) =>
                      share.personId === personId ? { personId, shareBps: Math.round(percent * 100) } : share,
                    ),
                  );
                return (
                  <Table.Tr key={personId}>
                    <Table.Td>{name}</Table.Td>
                    {isHub && (
                      <Table.Td>
                        <NumberInput
                          aria-label={t('managers.shareOf', { name })}
                          suffix=" %"
                          min={0}
                          max={100}
                          decimalScale={2}
                          w={110}
                          value={shareBps / 100}
                          onChange={(value) => set(Number(value) || 0)}
                        />
                      </Table.Td>
                    )}
                    <Table.Td>
                      {personId !== person?.personId && (
                        <Button
                          size="compact-xs"
                          color="red"
                          variant="outline"
                          aria-label={t('managers.removeOf', { name })}
                          loading={save.isPending}
                          onClick={() =>
                            save.mutate(
                              current.managers
                                .filter((manager) => manager.personId !== personId)
                                .map((manager) => ({
                                  personId: manager.personId,
                                  shareBps: manager.shareBps,
                                })),
                            )
                          }
                        >
                          {t('managers.remove')}
                        </Button>
                      )}
                    </Table.Td>
                  </Table.Tr>
                );
              })}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
        {isHub && (
          <Group justify="space-between">
            <Text size="sm" c={ofHubBps < 0 ? 'red' : 'dimmed'}>
              {ofHubBps < 0
                ? t('managers.tooMuch')
                : t('managers.ofHub', { share: format.percent(ofHubBps) })}
            </Text>
            <Button type="submit" loading={save.isPending} disabled={ofHubBps < 0}>
              {t('managers.save')}
            </Button>
          </Group>
        )}
        {save.isError && <Problem error={save.error} />}
      </Stack>
    </Paper>
  );
}
