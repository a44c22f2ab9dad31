import { failure } from '../../kernel/app-error';

export class InvalidMapping extends failure(
  'INVALID_IMPORT_MAPPING',
  422,
  'The mapping does not have the declared shape or contradicts itself',
) {}
export class UnreadableFile extends failure(
  'UNREADABLE_IMPORT_FILE',
  422,
  'The file is empty, damaged, or in an encoding that is not read',
) {}
export class MissingColumns extends failure(
  'IMPORT_COLUMNS_MISSING',
  422,
  "The file's header lacks columns the mapping names, or has one twice",
) {}
export class ImportInProgress extends failure('IMPORT_IN_PROGRESS', 409, 'Another import of this organization is running') {}
