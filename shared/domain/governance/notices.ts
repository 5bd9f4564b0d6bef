import type { ProposalNews } from '#shared/contracts/notifications.ts'
import type { Proposal } from './proposal.ts'

/** Whom a step concerns: somebody by name, or all of the committee; and what they are told. */
export type ToldOfProposal =
  | { readonly to: 'person'; readonly personId: string; readonly news: ProposalNews }
  | { readonly to: 'committee'; readonly news: ProposalNews }

/**
 * What people are told of a proposal's newest step: its author what becomes of it, an objector that there is an answer, the
 * committee that it has to vote or to sign. Nobody is told of what they did themselves.
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

function told(proposal: Proposal, { facts, personId }: Proposal['steps'][number]): ToldOfProposal[] {
  const author = (news: ProposalNews): ToldOfProposal[] =>
    proposal.author.personId === undefined ? [] : [{ to: 'person', personId: proposal.author.personId, news }]
  switch (facts.act) {
    case 'submit':
      // Two signatures within two days, or it was no emergency.
      return proposal.state === 'signing' ? [{ to: 'committee', news: 'sign' }] : []
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
    case 'open':
      return [{ to: 'committee', news: proposal.state === 'ratifying' ? 'ratify' : 'vote' }]
    case 'decide':
      return author(facts.passed ? 'passed' : 'not-passed')
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
