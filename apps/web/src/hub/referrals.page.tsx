import type { ReferralLink } from '@foodshed/contracts';
import { Button, Code, CopyButton, Group, Paper, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { api, fieldError } from '../api/client.js';
import { useList } from '../api/lists.js';
import { useSession } from '../api/session.js';
import { useFormat } from '../format.js';
import { Page } from '../shell/page.js';
import { ReferralTable } from '../shell/referral-table.js';
import { Loaded, Problem } from '../shell/states.js';

function Links({ hubId }: { hubId: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const path = `/hubs/${hubId}/referral-links`;
  const list = useList<ReferralLink>(path);
  const { instance } = useSession();
  // Whoever follows it may never have seen this network, and there are others.
  const linkTo = (code: string): string =>
    `${window.location.origin}/r/${code}?${new URLSearchParams({ instance: instance?.slug ?? '' })}`;
  const [label, setLabel] = useState('');
  const create = useMutation({
    mutationFn: () => api(path, { method: 'POST', body: { label } }),
    onSuccess: async () => {
      setLabel('');
      await client.invalidateQueries({ queryKey: [path] });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <Paper>
      <Stack>
        <Title order={2} size="h4">
          {t('links.title')}
        </Title>
        <Group component="form" onSubmit={submit} align="flex-end">
          <TextInput
            label={t('links.label')}
            description={t('links.labelHint')}
            value={label}
            required
            onChange={(event) => setLabel(event.currentTarget.value)}
            error={fieldError(create.error, 'label')}
          />
          <Button type="submit" loading={create.isPending}>
            {t('links.create')}
          </Button>
        </Group>
        {create.isError && <Problem error={create.error} />}
        <Loaded query={list}>
          {() =>
            list.items!.length === 0 ? (
              <Text c="dimmed">{t('links.none')}</Text>
            ) : (
              <Table.ScrollContainer minWidth={520}>
                <Table>
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>{t('links.label')}</Table.Th>
                      <Table.Th>{t('links.link')}</Table.Th>
                      <Table.Th className="amount">{t('links.uses')}</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {list.items!.map((link) => (
                      <Table.Tr key={link.linkId}>
                        <Table.Td>{link.label}</Table.Td>
                        <Table.Td>
                          <Group gap="xs" wrap="nowrap">
                            <Code data-testid="referral-link">{linkTo(link.code)}</Code>
                            <CopyButton value={linkTo(link.code)}>
                              {({ copied, copy }) => (
                                <Button size="compact-xs" variant="default" onClick={copy}>
                                  {t(copied ? 'action.copied' : 'action.copy')}
                                </Button>
                              )}
                            </CopyButton>
                          </Group>
                        </Table.Td>
                        <Table.Td className="amount">{format.number(link.uses)}</Table.Td>
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </Table.ScrollContainer>
            )
          }
        </Loaded>
      </Stack>
    </Paper>
  );
}

/** A hub's links, and the buyers it brought: to whom, how and when. */
export function ReferralsPage() {
  const { t } = useTranslation();
  const { hubId } = useParams();
  return (
    <Page title={t('referrals.title')} lead={t('referrals.lead')}>
      <Links hubId={hubId!} />
      <ReferralTable path={`/hubs/${hubId}/referrals`} side="hub" noneNext={t('referrals.noneNext')} />
    </Page>
  );
}
