import type { Deployment } from './runner';

/** In words: what was applied, and what in the history a person should look at. */
export function reportOf({ applied, edited, unknown }: Deployment): { readonly done: string; readonly warnings: readonly string[] } {
  const warnings = [];
  if (edited.length > 0) warnings.push(named('Changed on disk after they were applied', edited));
  if (unknown.length > 0) warnings.push(named('In the database, but not in this version', unknown));
  return { done: applied.length === 0 ? 'Nothing to apply.' : named('Applied', applied), warnings };
}

const named = (heading: string, names: readonly string[]): string => `${heading}:\n  ${names.join('\n  ')}`;
