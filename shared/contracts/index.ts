import { aidRoutes } from './aid.ts'
import { cashRoutes } from './cash.ts'
import { catalogueRoutes } from './catalogue.ts'
import { claimsRoutes } from './claims.ts'
import { deliveriesRoutes } from './deliveries.ts'
import { fundRoutes } from './fund.ts'
import { fundAlertRoutes } from './fund-alerts.ts'
import { fundCharityRoutes } from './fund-charity.ts'
import { fundCommunityRoutes } from './fund-communities.ts'
import { fundDayRoutes } from './fund-days.ts'
import { fundInflowRoutes } from './fund-inflow.ts'
import { manualEntryRoutes } from './fund-manual-entries.ts'
import { projectRoutes } from './fund-projects.ts'
import { fundStatementRoutes } from './fund-statement.ts'
import { governanceRoutes } from './governance.ts'
import { paperRoutes } from './governance-paper.ts'
import { groupBuysRoutes } from './group-buys.ts'
import { hooksRoutes } from './hooks.ts'
import { checkRoutes } from './hooks-checks.ts'
import { mattersRoutes } from './matters.ts'
import { importHotline } from './matters-hotline.ts'
import { notificationsRoutes } from './notifications.ts'
import { ordersRoutes } from './orders.ts'
import { paymentsRoutes } from './payments.ts'
import { reconciliationRoutes } from './payments-reconciliation.ts'
import { photosRoutes } from './photos.ts'
import { placesRoutes } from './places.ts'
import { agreementRoutes } from './places-agreements.ts'
import { listBodies } from './places-bodies.ts'
import { gridRoutes } from './places-grids.ts'
import { importPlaces } from './places-import.ts'
import { rankingsRoutes } from './rankings.ts'
import { remittanceRoutes } from './fund-remittances.ts'
import { settlementRoutes } from './settlement.ts'
import { sunshineRoutes } from './sunshine.ts'
import { sunshineBookRoutes } from './sunshine-book.ts'
import { systemRoutes } from './system.ts'
import type { Route } from './route.ts'

/** Every route of the API by the context that answers it: the stack, OpenAPI, the role matrix all read this one list. */
export const routesByContext: Readonly<Record<string, readonly Route[]>> = {
  places: [...placesRoutes, ...agreementRoutes, listBodies, ...gridRoutes, importPlaces],
  catalogue: catalogueRoutes,
  'group-buys': groupBuysRoutes,
  orders: ordersRoutes,
  deliveries: deliveriesRoutes,
  claims: claimsRoutes,
  payments: [...paymentsRoutes, ...reconciliationRoutes],
  cash: cashRoutes,
  photos: photosRoutes,
  notifications: notificationsRoutes,
  fund: [
    ...fundRoutes,
    ...fundDayRoutes,
    ...fundInflowRoutes,
    ...fundStatementRoutes,
    ...fundCommunityRoutes,
    ...fundCharityRoutes,
    ...fundAlertRoutes,
    ...remittanceRoutes,
    ...manualEntryRoutes,
    ...projectRoutes,
  ],
  governance: [...governanceRoutes, ...paperRoutes],
  aid: aidRoutes,
  matters: [...mattersRoutes, importHotline],
  rankings: rankingsRoutes,
  sunshine: [...sunshineRoutes, ...sunshineBookRoutes],
  settlement: settlementRoutes,
  hooks: [...hooksRoutes, ...checkRoutes],
  system: systemRoutes,
}
