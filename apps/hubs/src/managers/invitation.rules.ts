import { DomainError, type ManagerInvitationState } from '@foodshed/contracts';

/** An invitation is good this long. */
export const INVITATION_LIFETIME_MS = 30 * 86_400_000;
/** So many may wait for an answer in one enterprise; as many managers it may have. */
export const MOST_MANAGERS = 50;

/** What may become of an invitation in which state; an answer is final. */
const answers: Record<ManagerInvitationState, readonly ManagerInvitationState[]> = {
  pending: ['accepted', 'declined', 'withdrawn'],
  accepted: [],
  declined: [],
  withdrawn: [],
};

export type InvitationAnswer = Exclude<ManagerInvitationState, 'pending'>;

/** The state after an answer. @throws invalid-state when it was answered before, or is too old to be accepted */
export function answeredInvitation(
  invitation: { state: ManagerInvitationState; expiresAt: string },
  answer: InvitationAnswer,
  now: string,
): InvitationAnswer {
  if (!answers[invitation.state].includes(answer)) {
    throw new DomainError('invalid-state', { detail: `This invitation was ${invitation.state} already.` });
  }
  if (answer === 'accepted' && Date.parse(invitation.expiresAt) <= Date.parse(now)) {
    throw new DomainError('invalid-state', { detail: 'This invitation is too old; ask for another.' });
  }
  return answer;
}
