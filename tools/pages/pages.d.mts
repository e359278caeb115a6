/** Who looks at pages. */
export type Who = 'visitor' | 'buyer' | 'hub' | 'producer' | 'developer' | 'steward' | 'operator';

export const PAGES: Record<Who, string[]>;
export function routesOf(source: string): string[];
export function nameOf(route: string): string;
