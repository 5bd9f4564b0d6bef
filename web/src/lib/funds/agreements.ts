import type { listAgreements } from '#shared/contracts/places-agreements.ts'
import type { Output } from '#shared/contracts/route.ts'

type PairedVillage = Output<typeof listAgreements>['items'][number]
export type AgreementVersion = PairedVillage['versions'][number]

type Village = Pick<PairedVillage, 'villageName' | 'fromDay' | 'toDay'> & {
  readonly versions: readonly Pick<AgreementVersion, 'standing' | 'endsSoon' | 'followedBy'>[]
}

/** Paired today, and nothing of what is sold today is donated. */
export function isWithoutAgreement({ fromDay, toDay, versions }: Village, today: string): boolean {
  return fromDay <= today && today <= toDay && versions.every(({ standing }) => standing !== 'in-force')
}

/** In force, but for 30 days at most, and nobody has signed what comes after. */
export function endingVersion<V extends Village>({ versions }: V): V['versions'][number] | undefined {
  return versions.find(({ endsSoon, followedBy }) => endsSoon && followedBy === undefined)
}

/** The one that a short page shows: what holds today, else the newest, with how it stands. Newest first is how they come. */
export function shownVersion<V extends Village>({ versions }: V): V['versions'][number] | undefined {
  return versions.find(({ standing }) => standing === 'in-force') ?? versions[0]
}
