import { httpHandler } from '#functions/platform/http.ts'
import { appealRanking, correctRanking, decideAppeal } from './act-on-ranking.ts'
import { freezeRanking } from './freeze-ranking.ts'
import { exportRanking, getRanking, listRankings, listRankingsOfBody } from './read-rankings.ts'

export const handler = httpHandler(
  listRankings,
  listRankingsOfBody,
  exportRanking,
  getRanking,
  freezeRanking,
  appealRanking,
  decideAppeal,
  correctRanking,
)
