/** Who looks at pages. */
export type Who = 'visitor' | 'buyer' | 'hub' | 'producer' | 'developer' | 'steward';

export const PAGES: Record<Who, string[]>;
export function routesOf(source: string): string[];
export function nameOf(route: string): string;
