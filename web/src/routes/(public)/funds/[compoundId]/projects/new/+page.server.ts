import { randomUUID } from 'node:crypto'
import { redirect } from '@sveltejs/kit'
import { purposes } from '#shared/contracts/fund.ts'
import { getProposal, propose } from '#shared/contracts/governance.ts'
import { getCompound } from '#shared/contracts/places.ts'
import type { Problem } from '#shared/contracts/route.ts'
import { fenFromText, yuanInput } from '#web/lib/format/money.ts'
import { askingOf } from '#shared/domain/governance/asking.ts'
import { emergencyPurposes } from '#shared/domain/governance/rules.ts'
import { BUDGET_ROWS } from '#web/lib/projects/act-fields.ts'
import { api } from '#web/lib/server/api.ts'
import { dataOrError, failed, neededToken } from '#web/lib/server/problems.ts'
import { publicRead } from '#web/lib/server/public-reads.ts'
import { worksHere } from '#web/lib/server/works-here.ts'
import { say } from '#web/lib/text/lang.ts'
import { projectWords } from '#web/lib/text/projects.ts'
import type { Actions, PageServerLoad, RequestEvent } from './$types'

type Typed = Readonly<Record<string, string>>

/** A new proposal, or one that came back to be changed. */
export const load: PageServerLoad = async (event) => {
  const token = await neededToken(event)
  const { compoundId } = event.params
  const proposalId = event.url.searchParams.get('proposal') ?? undefined
  const compound = dataOrError(await publicRead(getCompound, { params: { compoundId } }), event)
  const returned =
    proposalId === undefined
      ? undefined
      : dataOrError(await api(getProposal, { params: { proposalId } }, { token }), event)
  const me = await event.locals.visitor.me()
  const isEmergency =
    returned === undefined && event.url.searchParams.has('emergency') && worksHere(me, compound.communityId)
  const mayPropose =
    me?.memberships.some(
      ({ role, scopeId, compoundId: home }) =>
        (role === 'resident' && home === compoundId) ||
        ((role === 'worker' || role === 'committee') && scopeId === compound.communityId),
    ) ?? false
  return {
    compound,
    // Part of the form: sent twice it proposes one.
    proposalId: returned?.proposalId ?? randomUUID(),
    isRevision: returned !== undefined,
    before: returned === undefined ? slipOf(event.url.searchParams) : typedOf(returned),
    mayPropose,
    isEmergency,
    // Of what came back, as it was submitted first.
    asking: returned?.asking ?? askingOf[compound.type],
    purposes: isEmergency ? emergencyPurposes : purposes,
    rows: BUDGET_ROWS,
  }
}

/** A slip of aid that the project is to pay, as its list links to it; the API looks whether it is so. */
function slipOf(search: URLSearchParams): Typed | undefined {
  const [slipId, approvedOn, fen] = ['slip', 'on', 'fen'].map((name) => search.get(name) ?? '')
  if (!slipId || !approvedOn || !/^\d{1,9}$/.test(fen ?? '')) return undefined
  const amount1 = yuanInput(Number(fen))
  return { purpose: 'hardship', slipId, approvedOn, slipFen: fen ?? '', amount1 }
}

function typedOf(proposal: {
  readonly title: string
  readonly purpose: string
  readonly why: string
  readonly lines: readonly { readonly what: string; readonly amountFen: number }[]
}): Typed {
  const { title, purpose, why, lines } = proposal
  const rows = lines.flatMap(({ what, amountFen }, at) => [
    [`what${at + 1}`, what],
    [`amount${at + 1}`, yuanInput(amountFen)],
  ])
  return { title, purpose, why, ...(Object.fromEntries(rows) as Typed) }
}

export const actions: Actions = {
  default: async (event) => {
    const token = await neededToken(event)
    const form = await event.request.formData()
    const typed: Typed = Object.fromEntries(
      [...form].map(([name, value]) => [name, String(value).replaceAll(/\r\n?/g, '\n').trim()]),
    )
    const written = Array.from({ length: BUDGET_ROWS }, (_, at) => at + 1).filter(
      (n) => typed[`what${n}`] || typed[`amount${n}`],
    )
    const amounts = written.map((n) => [n, fenFromText(typed[`amount${n}`] ?? '') ?? 0] as const)
    const { badAmount, badCount } = say(projectWords, event.locals.lang)
    const wrong = amounts.filter(([, amountFen]) => amountFen <= 0).map(([n]) => [`amount${n}`, badAmount])
    if (typed['emergency'] !== undefined && !isCount(typed['termDays'])) wrong.push(['termDays', badCount])
    if (wrong.length > 0) {
      const fields = Object.fromEntries(wrong) as Record<string, string>
      return refused(event, typed, { type: '', title: '', status: 400, code: 'INVALID', fields })
    }
    const purpose = purposes.find((each) => each === typed['purpose']) ?? 'public-service'
    const body = {
      ...{ compoundId: event.params.compoundId, title: typed['title'] ?? '', purpose, why: typed['why'] ?? '' },
      lines: amounts.map(([n, amountFen]) => ({ what: typed[`what${n}`] ?? '', amountFen })),
      ...(typed['emergency'] === undefined ? {} : { emergency: emergencyOf(typed) }),
      ...(typed['slipId'] ? { aidSlip: aidSlipOf(typed) } : {}),
    }
    const proposalId = typed['proposalId'] ?? ''
    const answer = await api(propose, { params: { proposalId }, body }, { token })
    if (!answer.ok) return refused(event, typed, answer.problem, written)
    redirect(303, `/projects/${proposalId}`)
  },
}

function emergencyOf(typed: Typed) {
  const { danger = '', from = '', termDays = '' } = typed
  return { danger, from, termDays: Number(termDays) }
}

function aidSlipOf({ slipId = '', approvedOn = '', slipFen = '' }: Typed) {
  return { slipId, approvedOn, amountFen: Number(slipFen) }
}

const isCount = (text: string | undefined) => /^\d{1,3}$/.test(text ?? '')

function refused(event: RequestEvent, typed: Typed, problem: Problem, written: readonly number[] = []) {
  const renamed = Object.entries(problem.fields ?? {}).map(([name, said]) => {
    const row = /^lines\.(\d+)\.(what|amountFen)$/.exec(name)
    if (row === null) return [name.replace(/^emergency\./, ''), said]
    return [`${row[2] === 'what' ? 'what' : 'amount'}${written[Number(row[1])] ?? 1}`, said]
  })
  return failed({ ...problem, fields: Object.fromEntries(renamed) as Record<string, string> }, event.locals.lang, {
    typed,
  })
}
