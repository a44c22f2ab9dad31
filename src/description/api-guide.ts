import { olderPathsTable } from './older-paths';

/** What holds for every request, for the front page of the API's description. Markdown. */
export const API_GUIDE = `Orders, stock, customers and their overview, for many organizations in one installation.

## Signing in
\`POST /auth/login\` answers an \`accessToken\`, sent with every request as \`Authorization: Bearer …\`, and a \`refreshToken\` for
\`POST /auth/refresh\` when it has expired. Everything a request reads or changes belongs to the organization of its caller; the id of another
organization's resource is answered like an unknown one. What a role may do is a set of permissions; each operation names the one it needs.

Browsers may ask for \`"session": "cookie"\` instead: the tokens are set as HTTP-only cookies, and every change sends the answer's
\`csrfToken\` (it is also in the cookie \`__Host-qm-csrf\`) as \`X-CSRF-Token\` from a page of the same host or of an allowed origin. An account with
a second factor is answered a \`challenge\`, which \`POST /auth/two-factor/verify\` exchanges together with a code. Too many wrong passwords or
codes are answered 429 with \`Retry-After\`; another device is not held up by it.

## Users
Admins invite people (\`POST /users/invitations\` mails a link; its token goes to \`POST /auth/accept-invitation\` or the registration) or create
them. A role is admin, manager, staff (also called employee), viewer or customer. A membership may be limited to some stores: lists, stock and
figures then hold those only, and what belongs to another store of the organization is refused with 403 \`STORE_FORBIDDEN\`. What is changed,
disabled or removed acts on the user's next request; the last admin stays. Members of several organizations name one at the login, with
\`organizationId\`. A forgotten password is replaced with a link from \`POST /auth/forgot-password\`; that and a change of the password end all
sessions of the account.

## Values
JSON in camelCase. Ids are UUIDs, instants ISO 8601 in UTC, business dates plain days. Instants are sent with a zone and at most
milliseconds; text is trimmed and put into NFC. **Money and quantities are text** (\`"12.50"\`), so that no
client rounds them; input also takes a JSON number that is exact. Unknown keys and values that would have to be rounded are refused.
A body has at most 256 kB (lists of rows 4 MB, what needs no login 16 kB) and, for each 16 bytes of that, one value: texts, numbers, lists and
objects together, and never more than 131,072.

## Lists
\`?pageSize=&cursor=\` pages by position: pass \`pagination.nextCursor\` of one answer with the next request, with the same sort and filters.
\`?page=\` pages by number and adds \`total\`. \`?sort=-orderedAt\`: a leading minus sorts downwards. Several values of one
filter are separated by commas: \`?status=pending,confirmed\`.

## Sending a request again
Commands that make or book something take an \`Idempotency-Key\`; those that move money need one. A request with a key that was seen before
answers what the first one did, with \`Idempotency-Replayed: true\`, and does nothing again; the same key with another body is refused.

## Trying first
Commands that move stock or money take \`?dryRun=true\`: everything is done, rolled back, and the answer (200 with \`Dry-Run: true\`, also
where the real thing is answered 201) shows what would have happened.

## Changing what another may have changed
The answer of a single resource carries an \`ETag\`. Sent back as \`If-Match\`, a change is made only to that version, else it is refused with 412.

## Errors
\`{ "error": { "code", "message", "details", "requestId" } }\`. The code is for programs and stays the same, the message is for people; quote the
request id when you report a problem. With \`Accept: application/problem+json\` the same comes as RFC 9457: \`type\`, \`title\`, \`status\`,
\`detail\`, \`code\`, \`details\`, \`requestId\`; refusals before a request is looked at (what is not HTTP, more load than the server takes
on) and the last line of a stream keep the first form. 429 and 503 say in \`Retry-After\` how many seconds to wait.

## Older paths
\`/api\` is another name of the current version, \`/api/v1\`. Paths of older descriptions of this system, and all that is below them, lead to the
same routes:

${olderPathsTable()}`;
