import type { ProposalContent } from '#shared/contracts/governance.ts'
import { addFen } from '#shared/kernel/money.ts'
import { isInterested, type Interested } from './interest.ts'
import type { Facts, Step } from './steps.ts'

/**
 * An emergency 应急支出, as far as it differs: two of the committee sign instead of a meeting, a notice and a vote; the money is
 * set aside and the work begins at once; notice and vote run beside the work, and nothing of it is accepted or paid before the
 * committee has ratified it. Civil Code art. 281 knows such urgency of maintenance funds; this fund's is the district's own.
 */
export type Urgency = {
  readonly work: 'waiting' | 'begun' | 'finished'
  /** What the committee said; absent: nothing yet. */
  readonly ratified?: boolean
}

/** So many of different households. */
export const SIGNATURES = 2

type Signed = {
  readonly interested: Interested
  readonly partSteps: readonly { readonly part: string; readonly step: Step }[]
}

/** Signatures that count: who was found interested since has not signed. */
export function signaturesOf(proposal: Signed): Step[] {
  const signed = proposal.partSteps.filter(({ part }) => part === 'signer').map(({ step }) => step)
  return signed.filter((step) => !isInterested(proposal, step))
}

export function isSigned(proposal: Signed): boolean {
  return signaturesOf(proposal).length >= SIGNATURES
}

/** The one quote that is enough, where a proposal that was costed has its three. */
export function quoteOf({ emergency, lines }: ProposalContent): Extract<Facts, { act: 'cost' }> | undefined {
  if (emergency === undefined) return undefined
  const amountFen = addFen(...lines.map((line) => line.amountFen))
  return { act: 'cost', quotes: [{ from: emergency.from, amountFen }], chosen: 0, termDays: emergency.termDays }
}

/** How far the work is after an act. */
export function workAfter(act: Facts['act']): Urgency['work'] | undefined {
  switch (act) {
    case 'start':
    case 'refuse':
      return 'begun'
    case 'finish':
      return 'finished'
    default:
      return undefined
  }
}
