import { parseInput, type AnyField, type Issue } from '../../src/http/fields/field';

/** Reads a value as a body. */
export const parse = (field: AnyField, value: unknown): { value?: unknown; issues: Issue[] } => {
  const issues: Issue[] = [];
  const parsed = parseInput('body', field.joi.required(), value, issues);
  return issues.length > 0 ? { issues } : { value: parsed, issues };
};
export const accepted = (field: AnyField, value: unknown): unknown => {
  const { value: parsed, issues } = parse(field, value);
  expect(issues).toEqual([]);
  return parsed;
};
export const refusal = (field: AnyField, value: unknown): string =>
  parse(field, value)
    .issues.map(({ message }) => message)
    .join('; ');
export const fromQuery = (field: AnyField, value: unknown): unknown => {
  const issues: Issue[] = [];
  const parsed = parseInput('query', field.joi.tailor('text'), value, issues);
  return issues.length > 0 ? issues : parsed;
};
