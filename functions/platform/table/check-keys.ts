import type { IndexKey, Key } from './keys.ts'

/**
 * Keys of checks before a payment in `market`: patterns 126 to 129 of `keys.ts`. Apart, because hooks make them and the fund
 * asks them, and nobody else needs them.
 */
export const checkKeys = {
  check: (checkId: string): Key => ({ PK: `HOOK#CHECK#${checkId}`, SK: 'CHECK' }),
  /** What signs, apart from what is listed and shown. */
  checkSigning: (checkId: string): Key => ({ PK: `HOOK#CHECK#${checkId}`, SK: 'KEYS' }),
  checkScope: (kind: string, scopeId: string): Key => ({ PK: `HOOK#CHECKS#${kind}#${scopeId}`, SK: 'SCOPE' }),
  /** Which checks of a scope were on from a moment on. Never touched again. */
  checkChange: (kind: string, scopeId: string, at: string, revision: number): Key => ({
    PK: `HOOK#CHECKS#${kind}#${scopeId}`,
    SK: `CHANGE#${at}#${String(revision).padStart(9, '0')}`,
  }),
  /** `at` first, so that they sort by their moment. */
  checkAsked: (checkId: string, at: string, questionId: string): Key => ({
    PK: `HOOK#QUESTIONS#${checkId}`,
    SK: `${at}#${questionId}`,
  }),
} as const

export const checkIndex = {
  checks: (scope: string, checkId: string): IndexKey => ({ GSI1PK: 'HOOK#ALL-CHECKS', GSI1SK: `${scope}#${checkId}` }),
} as const
