import type { MatterSummary, MatterView } from '#shared/contracts/matters.ts'
import { isFirstReporter, isReporter, matterActorsFor, photosOf } from '#shared/domain/matters/decide-act.ts'
import type { Matter, Said } from '#shared/domain/matters/matter.ts'
import type { MatterPerson } from '#shared/domain/matters/persons.ts'
import { isPublicNow, possibleMatterActs } from '#shared/domain/matters/possible-acts.ts'
import type { MatterStep } from '#shared/domain/matters/steps.ts'
import { householdLabel } from '#shared/domain/places/household-id.ts'
import type { Instant } from '#shared/kernel/time.ts'
import { householdItem } from '#functions/platform/table/items/places.ts'
import { keys } from '#functions/platform/table/keys.ts'
import { get } from '#functions/platform/table/table.ts'
import type { Listed, LoadedMatter } from './matter-store.ts'
import { getMatterRating, isFollowingMatter, ratesUnder } from './voices-store.ts'

export function matterSummary({ item, followers }: Listed): MatterSummary {
  const { matterId, compoundId, compoundName, state, category, kind, title, where, raisedAt, dueAt } = item
  const { isPublic, lead, extended, extensionAsked, escalated, reopened } = item
  return {
    ...{ matterId, compoundId, compoundName, state, category, title, where, raisedAt },
    ...(kind === undefined ? {} : { kind }),
    ...(dueAt === undefined ? {} : { dueAt }),
    ...(lead === undefined ? {} : { lead }),
    ...{ isPublic, extended, extensionAsked, escalated, reopened, followers },
  }
}

/** How much of a matter somebody is shown. */
export type Sight = 'nothing' | 'published' | 'original'

/** `oversees`: works for the community, supervises it, or is an administrator. */
export function sightOf(matter: Matter, person: MatterPerson | undefined, oversees: boolean): Sight {
  if (oversees) return 'original'
  if (person !== undefined) {
    if (isFirstReporter(matter, person) || matterActorsFor(matter, person).includes('body')) return 'original'
    // A body that had it before still sees what it did, and who raised one that was merged what becomes of it; neither what was
    // told to others.
    const hadIt = person.bodyIds.some((bodyId) => matter.bodyIds.includes(bodyId))
    if ((hadIt || isReporter(matter, person)) && matter.published !== undefined) return 'published'
  }
  return isPublicNow(matter) ? 'published' : 'nothing'
}

/** A matter as this person sees it: no persons. */
export async function matterView(
  loaded: LoadedMatter,
  person: MatterPerson | undefined,
  oversees: boolean,
  now: Instant,
): Promise<MatterView> {
  const { item, matter } = loaded
  const sight = sightOf(matter, person, oversees)
  const shown = new Set(sight === 'original' ? photosOf(matter) : (matter.published?.photoIds ?? []))
  const hidden = new Set(sight === 'original' ? [] : (matter.published?.withheld ?? []))
  const words = (step: number, text: string) => (hidden.has(step) ? WITHHELD : text)
  const withPhotos = (said: Said) => ({ ...saidView(said, shown), text: words(said.step, said.text) })
  const { published, declined, dispute, extension, supervision, ratings, tookDays, reports, answer, verification } =
    matter
  const seesReason = sight === 'original'
  return {
    ...matterSummary(loaded),
    communityId: item.communityId,
    channel: matter.channel,
    ...(matter.ticketNumber === undefined || sight !== 'original' ? {} : { ticketNumber: matter.ticketNumber }),
    ...(published === undefined ? {} : { text: published.text }),
    photoIds: [...(published?.photoIds ?? [])],
    ...(sight === 'original' ? { original: await originalView(matter, person, oversees, item.compoundId) } : {}),
    ...(declined === undefined
      ? {}
      : {
          declined: { note: words(declined.step, declined.note), tellWhere: words(declined.step, declined.tellWhere) },
        }),
    ...assignedParts(matter),
    ...(dispute === undefined ? {} : { dispute: disputeView(dispute, words) }),
    ...(extension === undefined ? {} : { extension: extensionView(extension, words) }),
    reports: reports.map(withPhotos),
    ...(answer === undefined ? {} : { answer: { ...withPhotos(answer), outcome: answer.outcome } }),
    ...(verification === undefined
      ? {}
      : { verification: { ...withPhotos(verification), solved: verification.solved } }),
    ...(supervision === undefined
      ? {}
      : { supervision: { at: supervision.at, text: words(supervision.step, supervision.text) } }),
    ...(matter.rateUntil === undefined ? {} : { rateUntil: matter.rateUntil }),
    ...(ratings === undefined ? {} : { ratings }),
    ...(tookDays === undefined ? {} : { tookDays }),
    history: matter.steps.map((step, at) => historyLine(step, seesReason, hidden.has(at + 1))),
    ...(sight === 'original' && matter.published !== undefined ? { withheld: [...matter.published.withheld] } : {}),
    ...(await ownParts(loaded, person, now)),
  }
}

/** What stands where words were that the branch has taken off the page. */
const WITHHELD = '（这段话没有公开）'

function saidView({ at, step, text, photoIds }: Said, shown: ReadonlySet<string>) {
  return { at, step, text, photoIds: photoIds.filter((photoId) => shown.has(photoId)) }
}

type Words = (step: number, text: string) => string

function disputeView({ step, note, ruling }: NonNullable<Matter['dispute']>, words: Words) {
  const ruled = ruling && { upheld: ruling.upheld, note: words(ruling.step, ruling.note) }
  return { note: words(step, note), ...(ruled === undefined ? {} : { ruling: ruled }) }
}

function extensionView({ step, note, days, decided }: NonNullable<Matter['extension']>, words: Words) {
  return { note: words(step, note), days, decided }
}

function assignedParts({
  helpers,
  termDays,
  basis,
  disputeUntil,
  mergedFrom,
  mergedInto,
  proposalId,
  cameBack,
}: Matter) {
  return {
    helpers: [...helpers],
    ...(termDays === undefined ? {} : { termDays }),
    ...(basis === undefined ? {} : { basis }),
    ...(disputeUntil === undefined ? {} : { disputeUntil }),
    mergedFrom: mergedFrom.length,
    ...(mergedInto === undefined ? {} : { mergedInto }),
    ...(proposalId === undefined ? {} : { proposalId }),
    ...(cameBack === undefined
      ? {}
      : { cameBack: { proposalId: cameBack.proposalId, proposalEnded: cameBack.proposalEnded } }),
  }
}

async function originalView(
  matter: Matter,
  person: MatterPerson | undefined,
  oversees: boolean,
  compoundId: string,
): Promise<NonNullable<MatterView['original']>> {
  const { content, more, lead } = matter
  const isTheirs = person !== undefined && isFirstReporter(matter, person)
  const isLead = lead !== undefined && (person?.bodyIds.includes(lead.bodyId) ?? false)
  const mayKnow = isTheirs || oversees || (isLead && content.sharesAddress)
  // Whose own it is reads what they said, and what a worker wrote down for them; not what others added whose matters were merged.
  const isForThem = (said: (typeof more)[number]) => said.isWorker || said.personId === person?.personId
  const readable = isTheirs && !oversees ? more.filter(isForThem) : more
  const householdId = matter.reporters[0]?.householdId
  const household =
    mayKnow && householdId !== undefined ? await get(householdItem, keys.household(compoundId, householdId)) : undefined
  return {
    where: content.where,
    text: content.text,
    photoIds: [...content.photoIds],
    more: readable.map(({ at, step, text, photoIds }) => ({ at, step, text, photoIds: [...photoIds] })),
    ...(household === undefined ? {} : { address: householdLabel(household) }),
  }
}

/** What is said with an act; why a body is or is not the right one, and why the branch looks closer, concerns everybody. */
function noteOf(facts: MatterStep['facts']): string | undefined {
  return 'note' in facts ? facts.note : undefined
}

function bodyNameOf(facts: MatterStep['facts']): string | undefined {
  return 'lead' in facts ? facts.lead?.name : undefined
}

function historyLine(
  { at, actor, facts, term }: MatterStep,
  seesReason: boolean,
  isWithheld: boolean,
): MatterView['history'][number] {
  // Why somebody was not content is theirs; that it was reopened is not.
  const note = isWithheld || (facts.act === 'reopen' && !seesReason) ? undefined : noteOf(facts)
  const body = bodyNameOf(facts)
  return {
    ...{ at, act: facts.act, actor },
    ...(body === undefined ? {} : { body }),
    ...(note === undefined ? {} : { note }),
    ...(term === undefined ? {} : { until: term.until }),
  }
}

async function ownParts({ item, matter, followers }: LoadedMatter, person: MatterPerson | undefined, now: Instant) {
  if (person === undefined) return { mayDo: [], mine: false, following: false }
  const isFollowing = await isFollowingMatter(item.matterId, matter.mergedFrom, person.personId)
  const voterId = ratesUnder(matter, person, isFollowing)
  const { round } = matter
  const rating =
    voterId === undefined || round === undefined ? undefined : await getMatterRating(item.matterId, round, voterId)
  return {
    mayDo: possibleMatterActs(matter, person, now, isFollowing, followers),
    mine: isReporter(matter, person),
    following: isFollowing,
    ...(rating === undefined
      ? {}
      : { myRating: { answered: rating.answered, solved: rating.solved, score: rating.score } }),
  }
}
