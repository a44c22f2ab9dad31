import { AppError } from '../../src/kernel/app-error';

/** The refusal an attempt ends in, to look at its code, status and details. Anything else it throws goes on. */
export function refusalOf(attempt: () => unknown): AppError {
  try {
    attempt();
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('Nothing was refused');
}
