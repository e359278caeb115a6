import type { Enterprise, ReferralLink } from '@foodshed/contracts';
import { Button, Paper, Stack, Text, Title } from '@mantine/core';
import { QRCodeSVG } from 'qrcode.react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useList, useThing } from '../api/lists.js';
import { Page } from '../shell/page.js';
import { Loaded, Nothing } from '../shell/states.js';
import { useLinkTo } from './referral-link.js';

/** A sheet to hang up or hand out: the hub's name, what it offers, and its link to scan or type. */
export function PosterPage() {
  const { t } = useTranslation();
  const { hubId = '', linkId } = useParams();
  const hub = useThing<Enterprise>(`/enterprises/${hubId}`);
  const list = useList<ReferralLink>(`/hubs/${hubId}/referral-links`, { limit: 200 });
  const link = list.items?.find((each) => each.linkId === linkId);
  const linkTo = useLinkTo();
  return (
    <Page
      title={t('poster.title')}
      lead={t('poster.lead')}
      size="sm"
      actions={
        <>
          <Button variant="default" component={Link} to={`/hubs/${hubId}/manage/referrals`}>
            {t('referrals.title')}
          </Button>
          <Button onClick={() => window.print()}>{t('action.print')}</Button>
        </>
      }
    >
      <Loaded query={list}>
        {() =>
          link ? (
            <Paper p="xl" className="poster">
              <Stack align="center" gap="lg" ta="center">
                <Title order={2} fz={{ base: 32, sm: 44 }}>
                  {hub.data?.name}
                </Title>
                <Text fz="lg">{hub.data?.description || t('poster.offer')}</Text>
                {/* Dark on white whatever the colour scheme: that is what cameras read. */}
                <QRCodeSVG
                  value={linkTo(link.code)}
                  title={t('poster.code', { label: link.label })}
                  size={280}
                  level="M"
                  marginSize={4}
                  bgColor="#ffffff"
                  fgColor="#000000"
                  style={{ maxWidth: '100%', height: 'auto' }}
                />
                <Text fw={600}>{t('poster.scan')}</Text>
                <Text ff="monospace" style={{ overflowWrap: 'anywhere' }}>
                  {linkTo(link.code)}
                </Text>
              </Stack>
            </Paper>
          ) : (
            <Nothing title={t('poster.none')}>{t('links.none')}</Nothing>
          )
        }
      </Loaded>
    </Page>
  );
}
