import { Tabs } from '@mantine/core';
import type { ReactNode } from 'react';
import { useSearchParams } from 'react-router';

export interface PageTab {
  value: string;
  title: string;
  content: ReactNode;
}

/** Parts of a page, of which one is open: the one in its address, so that it can be linked to, else the first. */
export function PageTabs({ tabs }: { tabs: readonly [PageTab, ...PageTab[]] }) {
  const [search, setSearch] = useSearchParams();
  const asked = search.get('tab');
  const open = tabs.find(({ value }) => value === asked) ?? tabs[0];
  const show = (tab: string | null): void => {
    const next = new URLSearchParams(search);
    next.set('tab', tab ?? tabs[0].value);
    setSearch(next, { replace: true });
  };
  return (
    <Tabs value={open.value} onChange={show} keepMounted={false}>
      <Tabs.List mb="md">
        {tabs.map(({ value, title }) => (
          <Tabs.Tab key={value} value={value}>
            {title}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map(({ value, content }) => (
        <Tabs.Panel key={value} value={value}>
          {content}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
