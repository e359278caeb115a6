import { Button, Paper, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { api, fieldError } from '../api/client.js';
import { useForgetSession } from '../api/session.js';
import { Page } from '../shell/page.js';
import { Problem } from '../shell/states.js';
import { safeReturn } from './sign-in.page.js';

/** A buyer opens an account and is signed in at once. */
export function RegisterPage() {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const forget = useForgetSession();
  const [search] = useSearchParams();
  const [form, setForm] = useState({ displayName: '', email: '', password: '' });
  const register = useMutation({
    mutationFn: async () => {
      await api('/people', { method: 'POST', body: { ...form, language: i18n.language } });
      await api('/session', { method: 'POST', body: { email: form.email, password: form.password } });
    },
    onSuccess: async () => {
      await forget();
      await navigate(safeReturn(search.get('to')), { replace: true });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    register.mutate();
  };
  return (
    <Page title={t('register.title')} lead={t('register.lead')} size="xs">
      <Paper component="form" onSubmit={submit} p="lg">
        <Stack>
          <TextInput
            label={t('register.name')}
            autoComplete="name"
            required
            value={form.displayName}
            onChange={(event) => setForm({ ...form, displayName: event.currentTarget.value })}
            error={fieldError(register.error, 'displayName')}
          />
          <TextInput
            label={t('signIn.email')}
            type="email"
            autoComplete="email"
            required
            value={form.email}
            onChange={(event) => setForm({ ...form, email: event.currentTarget.value })}
            error={fieldError(register.error, 'email')}
          />
          <PasswordInput
            label={t('signIn.password')}
            description={t('register.passwordRule')}
            autoComplete="new-password"
            required
            minLength={10}
            value={form.password}
            onChange={(event) => setForm({ ...form, password: event.currentTarget.value })}
            error={fieldError(register.error, 'password')}
            visibilityToggleButtonProps={{ 'aria-label': t('signIn.showPassword') }}
          />
          {register.isError && <Problem error={register.error} />}
          <Button type="submit" loading={register.isPending}>
            {t('register.submit')}
          </Button>
        </Stack>
      </Paper>
    </Page>
  );
}
