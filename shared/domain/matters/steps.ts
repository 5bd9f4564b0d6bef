import type { BodyName, Channel, MatterAct, MatterActor, MatterContent, RatingSums } from '#shared/contracts/matters.ts'
import type { Instant } from '#shared/kernel/time.ts'

/** Whose matter it is: a person who said it in the app, or a household for whom a worker filed it. Neither: it was told. */
export type Reporter = { readonly personId?: string | undefined; readonly householdId?: string | undefined }

export type RaiseFacts = {
  readonly act: 'raise'
  readonly channel: Channel
  readonly content: MatterContent
  readonly reporter: Reporter
  /** Of the hotline: its own number, and when somebody called. */
  readonly ticket?: { readonly ticketNumber: string; readonly receivedAt: Instant } | undefined
}

type ActOf<Name extends MatterAct['act']> = Extract<MatterAct, { readonly act: Name }>

/** Bodies by the names that they had then. */
export type AssignFacts = Omit<ActOf<'assign'>, 'leadId' | 'helperIds'> & {
  readonly lead: BodyName
  readonly helpers: readonly BodyName[]
}
export type RuleFacts = Omit<ActOf<'rule'>, 'leadId'> & { readonly lead?: BodyName | undefined }
export type SuperviseFacts = Omit<ActOf<'supervise'>, 'leadId'> & { readonly lead?: BodyName | undefined }

export type MatterSystemFacts =
  | { readonly act: 'remind' | 'overdue' | 'overtime' }
  | { readonly act: 'presume' }
  /** The matters that were merged into this one, and whose they are. */
  | { readonly act: 'take-in'; readonly matterIds: readonly string[]; readonly reporters: readonly Reporter[] }
  /** The proposal that it went on as ended without being carried out. */
  | { readonly act: 'come-back'; readonly proposalId: string }
  | { readonly act: 'close'; readonly solved: boolean; readonly tookDays: number; readonly ratings: RatingSums }

export type MatterFacts =
  | Exclude<MatterAct, { act: 'assign' | 'rule' | 'supervise' }>
  | RaiseFacts
  | AssignFacts
  | RuleFacts
  | SuperviseFacts
  | MatterSystemFacts

/** When what a step leads to is due; counted when the step is taken, for calendars are announced year by year. */
export type Term = {
  readonly until: Instant
  /** The last working day of the term begins. */
  readonly remindAt: Instant
  /** Overdue for so long that it is the supervisor's. */
  readonly overtimeAt: Instant
}

/** One thing that happened to a matter, kept for good. The system's have no person. */
export type MatterStep = {
  readonly at: Instant
  readonly actor: MatterActor
  readonly personId?: string | undefined
  readonly memberId?: string | undefined
  readonly householdId?: string | undefined
  /** For which body somebody acted. */
  readonly bodyId?: string | undefined
  readonly facts: MatterFacts
  readonly term?: Term | undefined
  /** Of an assignment: until when it may be disputed. Of a verification, a declining and a linking: until when it may be reopened. */
  readonly until?: Instant | undefined
  /** Of a verification: when ratings are counted. */
  readonly closeAt?: Instant | undefined
}
