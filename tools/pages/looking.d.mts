import type { Browser, Page } from 'playwright-core';
import type { Who } from './pages.mjs';

export interface Way {
  readonly locale: string;
  readonly colorScheme: 'light' | 'dark';
  readonly width: number;
  readonly name: string;
}

export interface Figures {
  /** Milliseconds until something was painted. */
  readonly paintMs: number;
  /** Milliseconds until everything that was fetched was shown. */
  readonly shownMs: number;
  /** Compressed bytes of the page's scripts. */
  readonly scriptBytes: number;
  /** How much of the page moved without anybody having done anything; 0 is nothing. */
  readonly shift: number;
}

export const WAYS: Way[];

export class Looking {
  constructor(options: {
    browser: Browser;
    url: string;
    instance: string;
    people: Partial<Record<Who, { email: string; password: string }>>;
  });
  begin(): Promise<void>;
  window(who: Who, way: Way): Promise<Page>;
  open(page: Page, who: Who, route: string): Promise<void>;
}

export function figuresOf(page: Page): Promise<Figures>;
export function interactiveMs(page: Page): Promise<number>;
