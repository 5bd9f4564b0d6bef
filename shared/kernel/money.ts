import * as z from 'zod'
import { assert } from './assert.ts'

declare const fenBrand: unique symbol

/** Money: a whole number of fen (1/100 yuan). May be negative in ledger postings, never fractional. */
export type Fen = number & { readonly [fenBrand]: true }

/** The most that one amount may be: ten million yuan. A larger one is a bug or an attack, not a vegetable. */
export const FEN_MAX = 1_000_000_000

export function fen(amount: number): Fen {
  assert(Number.isSafeInteger(amount), `fen must be a safe integer: ${amount}`)
  return amount as Fen
}

export const ZERO_FEN: Fen = fen(0)

export function addFen(...amounts: readonly Fen[]): Fen {
  return fen(amounts.reduce((sum: number, amount) => sum + amount, 0))
}

export function timesFen(amount: Fen, count: number): Fen {
  assert(Number.isSafeInteger(count), `a count is a whole number: ${count}`)
  return fen(amount * count)
}

/**
 * Price of a weight at a price per 斤 (500 g), rounded half-up to whole fen: the one rounding a weighed line has.
 */
export function priceOfWeightFen(perJinFen: Fen, weightGrams: number): Fen {
  assert(Number.isSafeInteger(weightGrams) && weightGrams >= 0, `grams are whole and not negative: ${weightGrams}`)
  return fen(Math.floor((perJinFen * weightGrams + 250) / 500))
}

/** Unit price of a portion, per so many grams (500 for 斤, 1000 for kg), rounded half-up to whole fen. For display only. */
export function unitPriceFen(portionFen: Fen, portionGrams: number, perGrams: number): Fen {
  assert(portionGrams > 0, 'a portion weighs something')
  return fen(Math.floor((2 * portionFen * perGrams + portionGrams) / (2 * portionGrams)))
}

/** `8.60` for 860 fen: digits only, so that each page puts its own sign and words around it. */
export function yuan(amount: number): string {
  assert(Number.isSafeInteger(amount), `fen must be a safe integer: ${amount}`)
  const sign = amount < 0 ? '-' : ''
  const absolute = Math.abs(amount)
  return `${sign}${Math.floor(absolute / 100)}.${String(absolute % 100).padStart(2, '0')}`
}

/** An amount of money that somebody sends us: whole fen, not negative, not absurd. */
export const fenSchema = z
  .int()
  .min(0)
  .max(FEN_MAX)
  .transform((amount) => amount as Fen)

/** Like `fenSchema`, for amounts that must be something. */
export const positiveFenSchema = z
  .int()
  .min(1)
  .max(FEN_MAX)
  .transform((amount) => amount as Fen)

/** A total of many amounts: it grows with what is sold and has no cap of its own. */
export const fenSumSchema = z
  .int()
  .min(0)
  .transform((amount) => amount as Fen)
