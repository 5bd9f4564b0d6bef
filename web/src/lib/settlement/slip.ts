/** What somebody typed from a bank's slip, as they typed it. */
export type SlipTyped = {
  readonly amount?: string
  readonly bankReference?: string
  readonly transferredOn?: string
  readonly words?: string
}

/** A form of a payout that was refused: which one, what was typed, and what is wrong with it. */
export type PayoutTrouble = {
  readonly about: 'forth' | 'back' | 'correct' | 'void' | 'extend' | 'drop'
  readonly payoutId: string
  readonly transferId: string
  readonly typed: SlipTyped
  readonly errors: Readonly<Record<string, string>>
}
