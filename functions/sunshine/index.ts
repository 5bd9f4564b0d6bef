import { httpHandler } from '#functions/platform/http.ts'
import {
  answerDisclosureObjection,
  insistOnObjection,
  objectToDisclosure,
  ruleOnDisclosureObjection,
} from './act-on-disclosure.ts'
import { getBook, listBooks, openBook } from './books.ts'
import { correctFundAccounts, publishAccounts } from './publish-accounts.ts'
import { exportPublication, getDisclosure, listDisclosures, listSunshineTasks } from './read-disclosures.ts'
import { recordEntry, reverseEntry } from './record-entry.ts'

export const handler = httpHandler(
  listDisclosures,
  listSunshineTasks,
  getDisclosure,
  exportPublication,
  publishAccounts,
  correctFundAccounts,
  objectToDisclosure,
  answerDisclosureObjection,
  insistOnObjection,
  ruleOnDisclosureObjection,
  listBooks,
  getBook,
  openBook,
  recordEntry,
  reverseEntry,
)
