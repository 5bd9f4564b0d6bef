import type { Account } from '../local/sign-in/index.ts'
import { shanghaiDay } from '../../shared/kernel/time.ts'
import { buildDistrictContent } from './seed/district.ts'
import { readSeedTexts } from './seed/read-data.ts'
import type { DistrictContent, PersonSeed } from './seed/types.ts'

/** The seeded people as the sign-in page shows them: name, and what they do where. */
export function seededAccounts(): Account[] {
  const content = buildDistrictContent(readSeedTexts(), shanghaiDay(new Date().toISOString()))
  return content.people.map((person) => ({ sub: person.subject, name: person.name, note: noteOf(person, content) }))
}

const communityRoles = { worker: '社区工作者', committee: '基金管委会委员', supervisor: '基金监督员' } as const

function noteOf(person: PersonSeed, content: DistrictContent): string {
  switch (person.role) {
    case 'resident': {
      const compound = content.compounds.find((each) => each.compoundId === person.household?.compoundId)
      return `居民 · ${compound?.communityName ?? ''} ${compound?.name ?? ''}`.trim()
    }
    case 'leader':
      return `楼长 · ${content.compounds.find((each) => each.compoundId === person.household?.compoundId)?.name ?? ''}`
    case 'coop':
      return `合作社社员 · ${content.coops.find((each) => each.coopId === person.scopeId)?.name ?? ''}`
    case 'body':
      return `责任单位经办人 · ${content.bodies.find((each) => each.bodyId === person.scopeId)?.name ?? ''}`
    case 'worker':
    case 'committee':
    case 'supervisor': {
      const community = content.communities.find((each) => each.communityId === person.scopeId)?.name ?? ''
      return `${communityRoles[person.role]} · ${community}`
    }
    case 'charity':
      return `慈善组织经办人 · ${content.district.charityName}`
    case 'admin':
      return `管理员 · ${content.district.name}`
  }
}
