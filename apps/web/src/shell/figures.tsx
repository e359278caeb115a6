import { Paper, SimpleGrid, Text } from '@mantine/core';

/** A row of the few numbers that matter on a page. */
export function Figures({
  items,
}: {
  items: { label: string; value: string; hint?: string; testId?: string }[];
}) {
  return (
    <SimpleGrid cols={{ base: 2, md: Math.min(items.length, 4) }} spacing="sm">
      {items.map((item) => (
        <Paper key={item.label} p="sm">
          <Text size="sm" c="dimmed">
            {item.label}
          </Text>
          <Text fz={{ base: 20, sm: 26 }} fw={650} className="amount" data-testid={item.testId}>
            {item.value}
          </Text>
          {item.hint && (
            <Text size="xs" c="dimmed">
              {item.hint}
            </Text>
          )}
        </Paper>
      ))}
    </SimpleGrid>
  );
}
