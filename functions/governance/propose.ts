import { type Asking, type ProposalContent, propose as route } from '#shared/contracts/governance.ts'
import { askingOf } from '#shared/domain/governance/asking.ts'
import { faultOfEmergency } from '#shared/domain/governance/decide-emergency.ts'
import { mayRevise } from '#shared/domain/governance/possible-acts.ts'
import { after, foldSteps } from '#shared/domain/governance/proposal.ts'
import { actorsOf } from '#shared/domain/governance/persons.ts'
import { days } from '#shared/domain/governance/rules.ts'
import { hasEnded } from '#shared/domain/governance/transitions.ts'
import type { Step } from '#shared/domain/governance/steps.ts'
import { refused } from '#shared/kernel/outcome.ts'
import { plusMs } from '#shared/kernel/time.ts'
import { Busy } from '#functions/platform/busy.ts'
import { governanceDayMs } from '#functions/platform/governance-day.ts'
import { http } from '#functions/platform/http.ts'
import { Forbidden, Missing } from '#functions/platform/missing.ts'
import { personOf } from '#functions/platform/proposal-person.ts'
import { enterEmergencyWay } from './emergency-way.ts'
import { nameAidSlip } from './name-aid-slip.ts'
import { getCompound, getProposalRecord, pageOfCompound, saveStep } from './proposal-store.ts'
import { proposalView } from './proposal-view.ts'

const ATTEMPTS_MAX = 5
/** Of one person in one compound, at a time. */
const OPEN_MAX = 5
const LOOKED_AT = 100

export const propose = http(
  route,
  async ({ params: { proposalId }, body: { compoundId, ...sent } }, { caller, now }) => {
    const compound = await getCompound(compoundId)
    if (compound === undefined) throw new Missing()
    const { name: compoundName, communityId } = compound
    const askingHere = askingOf[compound.type]
    const places = { proposalId, compoundId, compoundName, communityId }
    const person = personOf(caller, places)
    const { emergency } = sent
    const mayEmergency = emergency === undefined ? actorsOf.submit : actorsOf['submit-emergency']
    const actor = mayEmergency.find((each) => person.actors.includes(each))
    if (actor === undefined) {
      if (emergency !== undefined) throw new Forbidden()
      if (person.claimsOnly) return refused('NOT_VERIFIED', '社区核实住户后才能提案')
      throw new Forbidden()
    }
    const { personId, memberId, householdId } = person
    const stepOf = (content: ProposalContent, asking: Asking): Step => ({
      ...{ at: now, actor, personId, memberId },
      ...(householdId === undefined ? {} : { householdId }),
      facts: { act: 'submit', content, asking },
      until: plusMs(now, (emergency === undefined ? days.triage : days.sign) * governanceDayMs()),
    })
    const fault = emergency && faultOfEmergency(sent, askingHere)
    if (fault !== undefined) return fault
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const record = await getProposalRecord(proposalId)
      // A revision keeps its slip of aid, whether or not it is named again.
      const aidSlip = sent.aidSlip ?? record?.proposal.content.aidSlip
      const content: ProposalContent = aidSlip === undefined ? sent : { ...sent, aidSlip }
      // … and is asked about as when it was submitted first, whatever its compound counts as by now.
      const step = stepOf(content, record?.proposal.asking ?? askingHere)
      if (record === undefined) {
        if (await hasManyBeside(proposalId, compoundId, personId))
          return refused('TOO_MANY_PROPOSALS', `最多同时有 ${OPEN_MAX} 件没有办完的提案`)
        // Nobody signs in vain: whether it is open when the second one signs is asked once more.
        const way = emergency && (await enterEmergencyWay(places, foldSteps([step]), now))
        if (way?.kind === 'refused') return way
      } else {
        const isTheirs = record.item.authorId === personId && record.item.compoundId === compoundId
        if (!isTheirs) return refused('PROPOSAL_ID_REUSED')
        const isSame = JSON.stringify(record.proposal.content) === JSON.stringify(content)
        if (!mayRevise(record.proposal, person) || emergency !== undefined) {
          return isSame ? proposalView(record, person, now) : refused('NOT_NOW', '提案已经交上去了，现在不能改')
        }
      }
      const named = await nameAidSlip(proposalId, compoundId, content, record?.proposal.content)
      if (named.kind === 'refused') return named
      const proposal = record === undefined ? foldSteps([step]) : after(record.proposal, step)
      if ((await saveStep(places, proposal, named.writes)) !== 'saved') continue
      const saved = await getProposalRecord(proposalId)
      if (saved !== undefined) return proposalView(saved, person, now)
    }
    throw new Busy()
  },
  { freshRoles: true },
)

/** Not counting itself: the same request may be under way twice. */
async function hasManyBeside(proposalId: string, compoundId: string, personId: string): Promise<boolean> {
  const { items } = await pageOfCompound(compoundId, LOOKED_AT, undefined)
  const open = items.filter(
    (item) => item.authorId === personId && item.proposalId !== proposalId && !hasEnded(item.state),
  )
  return open.length >= OPEN_MAX
}
