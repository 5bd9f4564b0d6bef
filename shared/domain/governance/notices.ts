import type { ProposalNews } from '#shared/contracts/notifications.ts'
import { isRatedLow, type Proposal } from './proposal.ts'
import type { Step } from './steps.ts'
import { isOnNotice } from './transitions.ts'

/** Those who have a part in every proposal of a community, of a district the charity. */
export type ToldGroup = 'workers' | 'committee' | 'supervisors' | 'charity'

/** Whom a step concerns: somebody by name, or all of a group; and what they are told. */
export type ToldOfProposal =
  | { readonly to: 'person'; readonly personId: string; readonly news: ProposalNews }
  | { readonly to: ToldGroup; readonly news: ProposalNews }

/**
 * What people are told of a proposal's newest step: its author what becomes of it, an objector that there is an answer, whoever
 * has to act next that it has come to them, and all of these that nobody has acted in time. Nobody is told of what they did themselves.
 */
export function tellOfProposal(proposal: Proposal): ToldOfProposal[] {
  const step = proposal.steps.at(-1)
  if (step === undefined) return []
  return told(proposal, step).filter((each) => each.to !== 'person' || each.personId !== step.personId)
}

/** What every household of the compound is told: that it is asked, and how it ended. Where the committee decides alone, nothing. */
export function tellHomesOfProposal({ vote, steps }: Proposal): ProposalNews | undefined {
  const facts = steps.at(-1)?.facts
  if (facts === undefined || vote === undefined) return undefined
  if (!vote.rules.some(({ electorate }) => electorate === 'households')) return undefined
  if (facts.act === 'open') return 'home-vote'
  if (facts.act === 'decide') return facts.passed ? 'home-passed' : 'home-not-passed'
  const isCutOff = (facts.act === 'lapse' || facts.act === 'abandon') && vote.tallies === undefined
  return isCutOff ? 'home-void' : undefined
}

/** Those of them who are told by name. */
export function peopleTold(proposal: Proposal): { readonly personId: string; readonly news: ProposalNews }[] {
  return tellOfProposal(proposal).flatMap((each) => (each.to === 'person' ? [each] : []))
}

function told(proposal: Proposal, { facts, personId }: Step): ToldOfProposal[] {
  const author = (news: ProposalNews): ToldOfProposal[] =>
    proposal.author.personId === undefined ? [] : [{ to: 'person', personId: proposal.author.personId, news }]
  switch (facts.act) {
    case 'submit':
      // Two signatures within two days, or it was no emergency.
      return [proposal.state === 'signing' ? { to: 'committee', news: 'sign' } : { to: 'workers', news: 'to-triage' }]
    case 'triage':
      return author('taken-up')
    case 'return':
      return author('returned')
    case 'answer':
    case 'rule': {
      const objector = proposal.objections.find(({ objectionId }) => objectionId === facts.objectionId)?.personId
      const news = facts.act === 'answer' ? 'objection-answered' : 'objection-ruled'
      return [
        ...(objector === undefined || objector === personId
          ? []
          : [{ to: 'person', personId: objector, news } as const]),
        ...(proposal.state === 'returned' ? author('returned') : []),
      ]
    }
    case 'object':
      return [{ to: 'workers', news: 'to-answer' }]
    case 'insist':
      return [{ to: 'supervisors', news: 'to-rule' }]
    case 'open':
      return [
        { to: 'committee', news: proposal.state === 'ratifying' ? 'ratify' : 'vote' },
        { to: 'supervisors', news: 'to-opine' },
      ]
    case 'finish':
      return proposal.state === 'finished' ? [{ to: 'supervisors', news: 'to-accept' }] : []
    case 'accept':
      return proposal.state === 'accepted' ? [{ to: 'committee', news: 'to-approve' }] : []
    case 'approve':
      return [{ to: 'charity', news: 'to-pay' }]
    case 'rated':
      return isRatedLow(facts.counts) ? [{ to: 'supervisors', news: 'to-review' }] : []
    case 'overdue':
      return [...lateOf(proposal, facts.objectionId), ...author('overdue')]
    case 'decide': {
      // The work of an emergency may be finished by the time it is ratified.
      const waits = proposal.state === 'finished' ? [{ to: 'supervisors', news: 'to-accept' } as const] : []
      return [...author(facts.passed ? 'passed' : 'not-passed'), ...waits]
    }
    case 'confirm-owners':
      return author(proposal.state === 'rejected' ? 'not-passed' : 'passed')
    case 'decline':
      return author('not-passed')
    case 'lapse':
      return author('lapsed')
    case 'abandon':
      return author('abandoned')
    case 'pay':
      return author('paid')
    case 'close':
      return author('project-closed')
    default:
      return []
  }
}

/** Who should have acted, whoever supervises, and who waits for it. */
function lateOf({ state, objections }: Proposal, objectionId: string | undefined): ToldOfProposal[] {
  const group = isOnNotice(state) ? 'workers' : whoActs[state]
  const groups = new Set<ToldGroup>([...(group === undefined ? [] : [group]), 'supervisors'])
  const objector = objections.find((each) => each.objectionId === objectionId)?.personId
  return [
    ...[...groups].map((to) => ({ to, news: 'overdue' }) as const),
    ...(objector === undefined ? [] : [{ to: 'person', personId: objector, news: 'overdue' } as const]),
  ]
}

/** Of those who may: those who do so as a rule. Residents accept together with the supervisor, who is told. */
const whoActs: Readonly<Partial<Record<Proposal['state'], ToldGroup>>> = {
  submitted: 'workers',
  triaged: 'workers',
  deliberated: 'workers',
  reserved: 'workers',
  executing: 'workers',
  finished: 'supervisors',
  accepted: 'committee',
  approved: 'charity',
}
