import type { ReferralLink } from '@foodshed/contracts';
import { Button, Code, CopyButton, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api, fieldError } from '../api/client.js';
import { useList } from '../api/lists.js';
import { useFormat } from '../format.js';
import { DataTable } from '../shell/data-table.js';
import { Page } from '../shell/page.js';
import { ReferralTable } from '../shell/referral-table.js';
import { Loaded, Problem } from '../shell/states.js';
import { useLinkTo } from './referral-link.js';

function Links({ hubId }: { hubId: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const path = `/hubs/${hubId}/referral-links`;
  const list = useList<ReferralLink>(path);
  const linkTo = useLinkTo();
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
              <DataTable
                rows={list.items!}
                keyOf={(link) => link.linkId}
                columns={[
                  { title: t('links.label'), cell: (link) => link.label },
                  {
                    title: t('links.link'),
                    cell: ({ code, linkId, label }) => (
                      <Group gap="xs">
                        <Code data-testid="referral-link">{linkTo(code)}</Code>
                        <CopyButton value={linkTo(code)}>
                          {({ copied, copy }) => (
                            <Button size="compact-xs" variant="default" onClick={copy}>
                              {t(copied ? 'action.copied' : 'action.copy')}
                            </Button>
                          )}
                        </CopyButton>
                        <Button
                          component={Link}
                          to={`${linkId}/poster`}
                          size="compact-xs"
                          variant="default"
                          aria-label={t('links.posterOf', { label })}
                        >
                          {t('links.poster')}
                        </Button>
                      </Group>
                    ),
                  },
                  { title: t('links.uses'), isAmount: true, cell: (link) => format.number(link.uses) },
                ]}
              />
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
