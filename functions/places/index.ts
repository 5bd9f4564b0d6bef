import { httpHandler } from '#functions/platform/http.ts'
import { appointLeader } from './appoint-leader.ts'
import { claimHousehold } from './claim-household.ts'
import { endLeader } from './end-leader.ts'
import { getAgreement } from './get-agreement.ts'
import { getCompound } from './get-compound.ts'
import { getMe } from './get-me.ts'
import { importPlaces } from './import-places.ts'
import { listAgreements } from './list-agreements.ts'
import { listBodies } from './list-bodies.ts'
import { listCommunities } from './list-communities.ts'
import { listCompounds } from './list-compounds.ts'
import { listGrids, listMyGrids } from './list-grids.ts'
import { listHouseholdMembers } from './list-household-members.ts'
import { listLeaders } from './list-leaders.ts'
import { listPairings } from './list-pairings.ts'
import { listVillages } from './list-villages.ts'
import { confirmNeighbour } from './confirm-neighbour.ts'
import { rejectHouseholdMember } from './reject-household-member.ts'
import { verifyHouseholdMember } from './verify-household-member.ts'
import { viewPhone } from './view-phone.ts'

export const handler = httpHandler(
  listCompounds,
  getCompound,
  listCommunities,
  listVillages,
  listBodies,
  listGrids,
  listMyGrids,
  listPairings,
  listAgreements,
  getAgreement,
  getMe,
  claimHousehold,
  listHouseholdMembers,
  verifyHouseholdMember,
  rejectHouseholdMember,
  confirmNeighbour,
  viewPhone,
  listLeaders,
  appointLeader,
  endLeader,
  importPlaces,
)
