import type { Call, KeyedCall, PublicCall } from '../../http/endpoint';
import { answerPage, pageWanted } from '../../http/lists/raw-list';
import { rawJson, replay } from '../../http/reply';
import type { CookieSessions } from './cookie-sessions';
import { INVITATION_SORTS } from './invitations.queries';
import type { InvitationsService } from './invitations.service';
import type { SignedInAnswers } from './signed-in.view';
import type { AcceptanceBody, InvitationList, InvitationParams, InvitationView, NewInvitationBody } from './users.schemas';

export class InvitationsController {
  constructor(
    private readonly invitations: InvitationsService,
    private readonly cookies: Pick<CookieSessions, 'deviceOf'>,
    private readonly answers: SignedInAnswers,
  ) {}

  list = async ({ query }: Call<{ query: InvitationList }>) => {
    const wanted = pageWanted(query, INVITATION_SORTS);
    return answerPage<InvitationView>(await this.invitations.list(wanted), wanted);
  };

  invite = async ({ body, principal, idempotency }: KeyedCall<{ body: NewInvitationBody }>) => {
    const { email, role, storeIds = null, customerId = null } = body;
    const { answer, replayed } = await this.invitations.invite({
      inviterId: principal.userId,
      email,
      role,
      storeIds,
      customerId,
      ...(idempotency && { claim: idempotency }),
      answerOf: (json) => ({ status: 201, body: json, headers: {} }),
    });
    return replayed ? replay<InvitationView>(answer) : rawJson<InvitationView>(answer.body, { status: answer.status });
  };

  revoke = ({ params }: Call<{ params: InvitationParams }>) => this.invitations.revoke(params.invitationId);

  accept = async ({ body, request }: PublicCall<{ body: AcceptanceBody }>) => {
    const deviceOf = (email: string) => this.cookies.deviceOf(request, email);
    const outcome = await this.invitations.accept({ ...body, deviceOf, userAgent: request.userAgent });
    return 'challenge' in outcome ? this.answers.challenge(outcome) : this.answers.reply(outcome, body.session);
  };
}
