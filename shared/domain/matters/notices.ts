import type { MatterNews } from '#shared/contracts/notifications.ts'
import type { Matter } from './matter.ts'
import { isWithBody } from './transitions.ts'

/** Whom a step concerns, and what they are told: who raised it, the body that has it, the supervisor. */
export type Told = { readonly to: 'reporters' | 'lead' | 'supervisors'; readonly news: MatterNews }

/** What people are told of a matter's newest step. Nobody is told of what they did themselves, or of what changes nothing. */
export function tellOf(matter: Matter): Told[] {
  const step = matter.steps.at(-1)
  if (step === undefined) return []
  const reporters = (news: MatterNews): Told => ({ to: 'reporters', news })
  const lead = (news: MatterNews): Told => ({ to: 'lead', news })
  const { facts } = step
  // The second reopening calls the supervisor by itself.
  const called: Told[] = matter.escalated && facts.act !== 'supervise' ? [{ to: 'supervisors', news: 'escalate' }] : []
  switch (facts.act) {
    case 'triage':
    case 'decline':
    case 'merge':
    case 'answer':
    case 'verify':
      return [reporters(facts.act)]
    case 'link-proposal':
      return [reporters(facts.act), ...(matter.lead === undefined ? [] : [lead(facts.act)])]
    case 'withdraw':
    case 'deny':
      return matter.lead === undefined ? [] : [lead(facts.act)]
    // Somebody has to rule within a working day.
    case 'dispute':
      return [{ to: 'supervisors', news: 'dispute' }]
    case 'assign':
    case 'allow':
      return [reporters(facts.act), lead(facts.act)]
    case 'rule':
    case 'supervise':
      return [reporters(facts.act), ...(matter.lead === undefined ? [] : [lead(facts.act)])]
    case 'send-back':
      return [reporters('send-back'), lead('send-back'), ...called]
    case 'come-back':
      return [reporters('come-back'), ...(matter.lead === undefined ? [] : [lead('come-back')]), ...called]
    case 'reopen': {
      // They were told that it goes on as a proposal.
      const isUnlinked = step.actor === 'worker' && matter.cameBack?.step === matter.steps.length
      return [
        ...(isUnlinked ? [reporters('come-back')] : []),
        ...(isWithBody(matter.state) ? [lead('reopen')] : []),
        ...called,
      ]
    }
    case 'remind':
      return isWithBody(matter.state) ? [lead('remind')] : []
    case 'overdue':
      return [reporters('overdue'), ...(isWithBody(matter.state) ? [lead('overdue')] : [])]
    case 'overtime':
    case 'escalate':
      return called
    case 'close':
      return [reporters(facts.solved ? 'solved' : 'unsolved')]
    default:
      return []
  }
}
