import { Alert, Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { useThing } from '../api/lists.js';
import { Loaded, Problem } from '../shell/states.js';
import type { Language } from '../text/languages.js';

export interface Me {
  email: string;
  emailVerifiedAt: string | null;
  language: Language;
}

/** The address, and whether it is confirmed; if not, what that means and another mail. */
export function EmailState() {
  const { t } = useTranslation();
  const me = useThing<Me>('/me');
  const ask = useMutation({ mutationFn: () => api('/me/email-verification', { method: 'POST' }) });
  return (
    <Loaded query={me}>
      {({ email, emailVerifiedAt }) => (
        <Stack gap="xs" align="flex-start">
          <Group gap="xs">
            <Text>{email}</Text>
            <Badge color={emailVerifiedAt ? 'green' : 'yellow'} variant="dot" data-testid="email-state">
              {t(emailVerifiedAt ? 'account.emailVerified' : 'account.emailUnverified')}
            </Badge>
          </Group>
          {!emailVerifiedAt && (
            <>
              <Text size="sm">{t('account.emailUnverifiedExplained')}</Text>
              {ask.isError && <Problem error={ask.error} />}
              {ask.isSuccess ? (
                <Alert color="green" variant="light" role="status">
                  {t('account.mailSent')}
                </Alert>
              ) : (
                <Button size="xs" variant="default" loading={ask.isPending} onClick={() => ask.mutate()}>
                  {t('account.sendMail')}
                </Button>
              )}
            </>
          )}
        </Stack>
      )}
    </Loaded>
  );
}
