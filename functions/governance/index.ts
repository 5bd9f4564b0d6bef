import { httpHandler } from '#functions/platform/http.ts'
import { actOnProposal } from './act-on-proposal.ts'
import { getProposal, listOpenProposals, listProposals } from './get-proposal.ts'
import { getProjectPhoto } from './project-photos.ts'
import { enterPaperBallot, listPaperBallots } from './paper-ballots.ts'
import { propose } from './propose.ts'
import { castVote, exportVotes, rateProposal } from './votes.ts'

export const handler = httpHandler(
  listProposals,
  listOpenProposals,
  getProposal,
  propose,
  actOnProposal,
  castVote,
  enterPaperBallot,
  listPaperBallots,
  exportVotes,
  getProjectPhoto,
  rateProposal,
)
