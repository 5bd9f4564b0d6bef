import type { Lang } from '#web/lib/text/lang.ts'
import type { Visitor } from '#web/lib/server/visitor.ts'

declare global {
  namespace App {
    interface Locals {
      lang: Lang
      visitor: Visitor
    }
    interface Error {
      message: string
      /** Stable code of a refusal or problem, or the request id that support can look for. */
      code?: string
      requestId?: string
    }
    interface PageData {
      lang: Lang
      title?: string
    }
  }
}

export {}
