import { Alert, Anchor, Button, Paper, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '../api/client.js';
import { Page } from '../shell/page.js';
import { Problem } from '../shell/states.js';

/** Where the link of a mail leads. It asks for a click: programs that look through mails open links, too. */
export function VerifyEmailPage() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [secret] = useState(() => window.location.hash.slice(1));
  const verify = useMutation({
    mutationFn: () => api('/email-verifications', { method: 'POST', body: { secret } }),
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <Page title={t('verifyEmail.title')} size="xs">
      <Paper p="lg">
        <Stack align="flex-start">
          {verify.isSuccess ? (
            <Alert color="green" variant="light" role="status" title={t('verifyEmail.done')}>
              <Anchor component={Link} to="/account">
                {t('account.title')}
              </Anchor>
            </Alert>
          ) : (
            <>
              <Text>{t('verifyEmail.explained')}</Text>
              {verify.isError && <Problem error={verify.error} />}
              <Button loading={verify.isPending} disabled={secret === ''} onClick={() => verify.mutate()}>
                {t('verifyEmail.confirm')}
              </Button>
            </>
          )}
        </Stack>
      </Paper>
    </Page>
  );
}
