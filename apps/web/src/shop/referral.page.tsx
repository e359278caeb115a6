import { Alert, Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api } from '../api/client.js';
import { useThing } from '../api/lists.js';
import { useSession, useSessionQuery } from '../api/session.js';
import { useFormat } from '../format.js';
import { Page } from '../shell/page.js';
import { Loaded, Problem } from '../shell/states.js';

interface ReferralLinkInfo {
  code: string;
  hubId: string;
  hubName: string;
}

/** A hub's referral link: says whose it is and what it does, and is used only when the buyer presses the button. */
export function ReferralPage() {
  const { t } = useTranslation();
  const { code } = useParams();
  const format = useFormat();
  const session = useSession();
  const sessionQuery = useSessionQuery();
  const link = useThing<ReferralLinkInfo>(`/referral-links/${code}`);
  const use = useMutation({
    mutationFn: () =>
      api<{ countsUntil: string }>(`/referral-links/${code}/uses`, { method: 'POST', body: {} }),
  });
  return (
    <Page title={t('referral.title', { hub: link.data?.hubName ?? '' })} size="sm">
      <Loaded query={link}>
        {({ hubName, hubId }) => (
          <Stack>
            <Text>{t('referral.explained', { hub: hubName })}</Text>
            {use.isSuccess ? (
              <Alert color="leaf" role="status" title={t('referral.used', { hub: hubName })}>
                <Stack align="flex-start" gap="xs">
                  {t('referral.usedUntil', { until: format.date(use.data.countsUntil) })}
                  <Button component={Link} to={`/hubs/${hubId}`}>
                    {t('referral.toShop')}
                  </Button>
                </Stack>
              </Alert>
            ) : (
              <Group>
                {session.person ? (
                  <Button loading={use.isPending} onClick={() => use.mutate()}>
                    {t('referral.use', { hub: hubName })}
                  </Button>
                ) : (
                  !sessionQuery.isPending && (
                    <>
                      <Button component={Link} to={`/register?to=/r/${code}`}>
                        {t('signIn.register')}
                      </Button>
                      <Button variant="default" component={Link} to={`/sign-in?to=/r/${code}`}>
                        {t('action.signIn')}
                      </Button>
                    </>
                  )
                )}
                <Anchor component={Link} to={`/hubs/${hubId}`}>
                  {t('referral.without')}
                </Anchor>
              </Group>
            )}
            {use.isError && <Problem error={use.error} />}
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
