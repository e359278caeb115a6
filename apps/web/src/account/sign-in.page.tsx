import { Anchor, Button, Paper, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { api, fieldError } from '../api/client.js';
import { useForgetSession } from '../api/session.js';
import { Page } from '../shell/page.js';
import { Problem } from '../shell/states.js';

/** Only a path of this site is followed after signing in. */
export function safeReturn(to: string | null): string {
  return to && /^\/(?![/\\])/.test(to) ? to : '/home';
}

export function SignInPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const forget = useForgetSession();
  const [search] = useSearchParams();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useMutation({
    mutationFn: () => api('/session', { method: 'POST', body: { email, password }, inChosenInstance: true }),
    onSuccess: async () => {
      await forget();
      await navigate(safeReturn(search.get('to')), { replace: true });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    signIn.mutate();
  };
  return (
    <Page title={t('signIn.title')} size="xs">
      <Paper component="form" onSubmit={submit} p="lg">
        <Stack>
          <TextInput
            label={t('signIn.email')}
            type="email"
            autoComplete="username"
            required
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            error={fieldError(signIn.error, 'email')}
          />
          <PasswordInput
            label={t('signIn.password')}
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
          />
          {signIn.isError && <Problem error={signIn.error} />}
          <Button type="submit" loading={signIn.isPending}>
            {t('action.signIn')}
          </Button>
          <Text size="sm">
            {t('signIn.new')}{' '}
            <Anchor component={Link} to={`/register?${search}`}>
              {t('signIn.register')}
            </Anchor>
          </Text>
        </Stack>
      </Paper>
    </Page>
  );
}
