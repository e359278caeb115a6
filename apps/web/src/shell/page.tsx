import { Container, Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';

/** One page: its title is also the window's, its actions stand beside it. */
export function Page(props: {
  title: string;
  lead?: ReactNode;
  actions?: ReactNode;
  size?: string;
  children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${props.title} · Foodshed`;
  }, [props.title]);
  return (
    <Container size={props.size ?? 'lg'} px={0}>
      <Stack gap="lg">
        <Group className="page-head" justify="space-between" align="flex-end">
          <div>
            <Title order={1} size="h2">
              {props.title}
            </Title>
            {props.lead && (
              <Text c="dimmed" mt={4} maw={680}>
                {props.lead}
              </Text>
            )}
          </div>
          {props.actions && <Group gap="xs">{props.actions}</Group>}
        </Group>
        {props.children}
      </Stack>
    </Container>
  );
}
