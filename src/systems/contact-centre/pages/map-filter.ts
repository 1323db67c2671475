import type { MapFilter } from '../statistics.ts';

/** What the map shows, from its address: the open ones unless another state, or `any`, is asked for. */
export function mapFilter(query: Readonly<Record<string, string | undefined>>): MapFilter {
  const state = query.state || 'open';
  return {
    ...(state !== 'any' ? { state } : {}),
    ...(query.branch ? { branch: query.branch } : {}),
    ...(query.organisation ? { organisation: query.organisation } : {}),
  };
}
