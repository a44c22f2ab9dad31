import { failure } from '../../kernel/app-error';

/** A check that saw no row proves nothing: most likely it looked through the wrong eyes. */
export class NothingExamined extends failure(
  'NOTHING_EXAMINED',
  500,
  'The integrity check found nothing to examine, so it proves nothing',
) {}
