import { Alert, Button, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, fieldError } from '../api/client.js';
import { Problem } from '../shell/states.js';

const texts = {
  email: {
    title: 'account.changeEmail',
    explained: 'account.changeEmailExplained',
    field: 'account.newEmail',
    done: 'account.emailChanged',
  },
  newPassword: {
    title: 'account.changePassword',
    explained: 'account.changePasswordExplained',
    field: 'account.newPassword',
    done: 'account.passwordChanged',
  },
} as const;

/** Changes the address or the password, which needs the present password; says what else that ends. */
export function CredentialForm({ field }: { field: keyof typeof texts }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [value, setValue] = useState('');
  const [currentPassword, setCurrentPassword] = useState('');
  const text = texts[field];
  const change = useMutation({
    mutationFn: () => api('/me', { method: 'PATCH', body: { [field]: value, currentPassword } }),
    onSuccess: async () => {
      setValue('');
      setCurrentPassword('');
      await client.invalidateQueries();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    change.mutate();
  };
  const shared = {
    label: t(text.field),
    required: true,
    value,
    onChange: (event: { currentTarget: { value: string } }) => setValue(event.currentTarget.value),
    error: fieldError(change.error, field),
  };
  const toggle = { 'aria-label': t('signIn.showPassword') };
  return (
    <Paper component="form" onSubmit={submit}>
      <Stack align="flex-start">
        <Title order={2} size="h4">
          {t(text.title)}
        </Title>
        <Text size="sm">{t(text.explained)}</Text>
        {field === 'email' ? (
          <TextInput {...shared} type="email" autoComplete="email" w="100%" />
        ) : (
          <PasswordInput
            {...shared}
            description={t('register.passwordRule')}
            autoComplete="new-password"
            minLength={10}
            w="100%"
            visibilityToggleButtonProps={toggle}
          />
        )}
        <PasswordInput
          label={t('account.currentPassword')}
          autoComplete="current-password"
          required
          w="100%"
          value={currentPassword}
          onChange={(event) => setCurrentPassword(event.currentTarget.value)}
          error={fieldError(change.error, 'currentPassword')}
          visibilityToggleButtonProps={toggle}
        />
        {change.isError && <Problem error={change.error} />}
        {change.isSuccess && (
          <Alert color="green" variant="light" role="status">
            {t(text.done)}
          </Alert>
        )}
        <Button type="submit" variant="default" loading={change.isPending}>
          {t(text.title)}
        </Button>
      </Stack>
    </Paper>
  );
}
