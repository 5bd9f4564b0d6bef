import { describe, expect, it } from 'vitest'
import { matterActs, type MatterAct } from '#shared/contracts/matters.ts'
import { matterActorFor } from '#shared/domain/matters/decide-act.ts'
import { acts, decide, does, hours, people, person, raise, upTo } from './matters-story.ts'

/**
 * Who may do what, where the role allows it, written out by hand. Columns: a person with the role alone; one who raised the
 * matter; one who lives with who did; one of the body that has it; one of a body that had it before; one who has answered it
 * and left the body since; who assigned it.
 */
const y = 'may'
const n = 'FOUR_EYES'
const columns = ['alone', 'reporter', 'spouse', 'lead', 'helper', 'left the body', 'assigner'] as const
type Verdict = typeof y | typeof n
type Row = readonly [Verdict, Verdict, Verdict, Verdict, Verdict, Verdict, Verdict]
const matrix: Readonly<
  Record<string, { state: Parameters<typeof upTo>[0]; act: MatterAct; row: Row; as?: 'supervisor' }>
> = {
  triage: { state: 'collected', act: acts.triage, row: [y, n, n, y, y, y, y] },
  decline: { state: 'triaged', act: acts.decline, row: [y, n, n, y, y, y, y] },
  assign: { state: 'triaged', act: acts.assign, row: [y, n, n, y, y, y, y] },
  rule: { state: 'disputed', act: acts.overrule, row: [y, n, n, n, n, n, n] },
  'rule by the supervisor': { state: 'disputed', act: acts.overrule, row: [y, n, n, n, n, n, n], as: 'supervisor' },
  allow: { state: 'handling', act: acts.allow, row: [y, n, n, n, n, n, y] },
  deny: { state: 'handling', act: acts.deny, row: [y, n, n, n, n, n, y] },
  verify: { state: 'answered', act: acts.verify, row: [y, n, n, n, n, n, y] },
  'send-back': { state: 'answered', act: acts['send-back'], row: [y, n, n, n, n, n, y] },
  'link-proposal': { state: 'handling', act: acts.proposal, row: [y, n, n, n, n, n, y] },
  supervise: { state: 'handling', act: acts.supervise, row: [y, n, n, n, n, n, y], as: 'supervisor' },
  escalate: { state: 'handling', act: acts.escalate, row: [y, y, y, y, y, y, y] },
  redact: { state: 'handling', act: acts.redact, row: [y, n, n, n, n, n, y] },
  'supervise a dispute': { state: 'disputed', act: acts.supervise, row: [y, n, n, n, n, n, n], as: 'supervisor' },
  reopen: { state: 'verified', act: acts.reopen, row: [y, y, y, n, n, n, y] },
}

function matterFor(state: Parameters<typeof upTo>[0], act: MatterAct) {
  const matter = upTo(state)
  if (act.act === 'allow' || act.act === 'deny') return does(matter, 'property', acts.extend, hours(5))
  if (act.act === 'supervise') return does(matter, 'second', acts.escalate, hours(5))
  if (act.act === 'rule') return matter
  return matter
}

describe.each(Object.entries(matrix))('%s', (_name, { state, act, row, as }) => {
  const role = as === 'supervisor' ? { isSupervisor: true } : { isWorker: true }
  // In a state that no body has touched yet, those columns are of people with the role alone.
  const who = {
    alone: person('alone', role),
    reporter: { ...people.reporter, ...role },
    spouse: { ...people.spouse, ...role },
    lead: person('lead', { ...role, bodyIds: ['property'] }),
    helper: person('helper', { ...role, bodyIds: ['owners'] }),
    'left the body': person('property', role),
    assigner: person('worker', role),
  } as const

  it.each(columns.map((column, at) => [column, row[at]] as const))('%s: %s', (column, verdict) => {
    let matter = matterFor(state, act)
    if (column === 'left the body' && state === 'handling') matter = does(matter, 'property', acts.report, hours(5))
    const decided = decide(matter, who[column], act, hours(6))
    if (decided.kind === 'forbidden') throw new Error('the role may')
    expect(decided.kind === 'refused' ? decided.code : decided.kind === 'step' ? y : decided.kind).toBe(verdict)
  })
})

describe('who lives with somebody, or once belonged somewhere', () => {
  it('judges no more than they do: the spouse of who handled it, a household by its own word, a body left behind', () => {
    const worker = (change: object) => person('w2', { isWorker: true, ...change })
    const home = { ...people.property, householdId: 'c-2.1', homeIds: ['c-2.1'] }
    const answered = does(upTo('handling'), home, acts.answer, hours(5))
    const verdict = (who: ReturnType<typeof person>) => decide(answered, who, acts.verify, hours(6))
    expect(verdict(worker({ householdId: 'c-2.1' }))).toMatchObject({ code: 'FOUR_EYES' })
    expect(verdict(worker({ homeIds: ['c-1.1.1.101'] }))).toMatchObject({ code: 'FOUR_EYES' })
    expect(verdict(worker({ bodyIdsEver: ['owners'] }))).toMatchObject({ code: 'FOUR_EYES' })
    expect(verdict(worker({}))).toMatchObject({ kind: 'step' })
  })

  it('takes no complaint into a matter of their own body', () => {
    const into = upTo('handling')
    const both = person('both', { isWorker: true, bodyIds: ['property'] })
    expect(decide(raise(), both, acts.merge, hours(6), { bodies: new Map(), into })).toMatchObject({
      code: 'FOUR_EYES',
    })
    const second = decide(raise(), 'second', acts.merge, hours(6), { bodies: new Map(), into })
    expect(second).toMatchObject({ kind: 'step' })
  })

  it('does not end a matter that their own body handles, though it was filed for their household', () => {
    const filed = upTo('handling')
    const matter = { ...filed, reporters: [{ householdId: 'c-1.1.1.102', since: filed.raisedAt }] }
    const member = { ...people.neighbour, bodyIds: ['property'], bodyIdsEver: ['property'] }
    expect(decide(matter, member, acts.withdraw, hours(6))).toMatchObject({ code: 'FOUR_EYES' })
  })
})

describe('roles', () => {
  const roleOf: Readonly<Record<MatterAct['act'], readonly string[]>> = {
    add: ['reporter', 'worker', 'second'],
    withdraw: ['reporter'],
    triage: ['worker', 'second'],
    redact: ['worker', 'second', 'supervisor'],
    decline: ['worker', 'second'],
    merge: ['worker', 'second'],
    assign: ['worker', 'second'],
    accept: ['property'],
    dispute: ['property'],
    rule: ['worker', 'second', 'supervisor'],
    report: ['property', 'owners'],
    extend: ['property'],
    allow: ['worker', 'second'],
    deny: ['worker', 'second'],
    answer: ['property'],
    verify: ['worker', 'second'],
    'send-back': ['worker', 'second'],
    reopen: ['reporter', 'worker', 'second'],
    escalate: ['worker', 'second'],
    supervise: ['supervisor'],
    'link-proposal': ['worker', 'second'],
  }

  it.each(matterActs.map((act) => [act, roleOf[act]] as const))('%s is for %s', (act, may) => {
    const matter = upTo('handling')
    const allowed = Object.entries(people).filter(([, each]) => matterActorFor(matter, act, each) !== undefined)
    expect(allowed.map(([name]) => name).sort()).toEqual([...may].sort())
  })

  it('a household for which a worker filed it reports it, whoever of it', () => {
    const filed = upTo('handling')
    const matter = {
      ...filed,
      reporters: [{ householdId: 'c-1.1.1.102', since: filed.raisedAt }],
    }
    expect(matterActorFor(matter, 'withdraw', people.neighbour)).toBe('resident')
    expect(matterActorFor(matter, 'withdraw', people.reporter)).toBeUndefined()
    // Who moved in since has nothing to do with it.
    const since = { ...people.neighbour, homeSince: hours(1, filed.raisedAt) }
    expect(matterActorFor(matter, 'withdraw', since)).toBeUndefined()
  })
})
