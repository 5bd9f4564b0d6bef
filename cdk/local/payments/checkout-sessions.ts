import { cancelIntent } from './cancel-intent.ts'
import { sessionDefaults } from './defaults.ts'
import { methodTypes, type ExtraOf, type Line, type LineItemDoc, type SessionDoc } from './documents.ts'
import { invalidParam, notFound, refused } from './errors.ts'
import { newId } from './ids.ts'
import type { Params } from './params.ts'
import { emit, nowSeconds, noCause, type Cause, type Sandbox } from './sandbox.ts'
import type { Stored } from './store.ts'

const minLifeSeconds = 30 * 60
const maxLifeSeconds = 24 * 3600
const maxLineItems = 100
const maxTotalFen = 99_999_999 // eight digits

/** ¥12.30 of 1230 fen. */
export function yuan(fen: number): string {
  return `¥${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`
}

function readUrl(params: Params, name: string, text: string): string {
  // The placeholder is not a legal part of a URL; any id in its place is.
  const url = URL.parse(text.replaceAll('{CHECKOUT_SESSION_ID}', 'cs_test'))
  if (!url || !/^https?:$/.test(url.protocol)) throw invalidParam(params.path(name), 'Not a valid URL', 'url_invalid')
  return text
}

function readLine(item: Params): Line {
  item.only('price_data', 'quantity')
  const quantity = item.atLeast('quantity', 1) ?? item.missing('quantity')
  const priceData = item.object('price_data') ?? item.missing('price_data')
  priceData.only('currency', 'product_data', 'unit_amount')
  readCurrency(priceData)
  const product = priceData.object('product_data') ?? priceData.missing('product_data')
  product.only('name', 'description', 'images', 'metadata')
  const name = product.required('name', 250)
  product.string('description', 500)
  product.strings('images')
  const unitFen = priceData.atLeast('unit_amount', 0) ?? priceData.missing('unit_amount')
  return { id: newId('li_'), name, quantity, unitFen, metadata: product.metadata() }
}

/** The line item as the API shows it. */
export function lineItemDoc(line: Line, created: number): LineItemDoc {
  const amount = line.unitFen * line.quantity
  return {
    id: line.id,
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: amount,
    amount_tax: 0,
    amount_total: amount,
    currency: 'cny',
    description: line.name,
    metadata: line.metadata,
    price: {
      id: line.id.replace('li_', 'price_'),
      object: 'price',
      active: false,
      billing_scheme: 'per_unit',
      created,
      currency: 'cny',
      custom_unit_amount: null,
      livemode: false,
      lookup_key: null,
      metadata: {},
      nickname: null,
      product: line.id.replace('li_', 'prod_'),
      recurring: null,
      tax_behavior: 'unspecified',
      tiers_mode: null,
      transform_quantity: null,
      type: 'one_time',
      unit_amount: line.unitFen,
      unit_amount_decimal: String(line.unitFen),
    },
    quantity: line.quantity,
  }
}

/** All line items of a session. */
export function lineItemsOf(session: Stored<'checkout.session'>): LineItemDoc[] {
  return session.extra.lineItems.map((line) => lineItemDoc(line, session.doc.created))
}

function readCurrency(params: Params): 'cny' {
  const currency = params.required('currency').toLowerCase()
  if (currency !== 'cny')
    throw invalidParam(params.path('currency'), `Invalid currency: ${currency}. The payment sandbox takes cny.`)
  return 'cny'
}

/**
 * The allowed methods out of those that are eligible here. WeChat Pay needs to know its client, and only a browser pays on this
 * page. (`payment_method_types` left this API version; it is refused as unknown.)
 */
function readMethods(params: Params): { types: string[]; options: SessionDoc['payment_method_options'] } {
  const allowed = params.choices('allowed_payment_method_types', methodTypes)
  if (new Set(allowed).size < allowed.length) {
    throw invalidParam('allowed_payment_method_types', 'allowed_payment_method_types must not repeat.')
  }
  const options = params.object('payment_method_options')?.only('wechat_pay', 'alipay', 'card')
  const client = options?.object('wechat_pay')?.only('client').oneOf('client', ['web'])
  if (allowed.includes('wechat_pay') && client === undefined) {
    throw invalidParam(
      'payment_method_options[wechat_pay][client]',
      'You must provide `payment_method_options[wechat_pay][client]` as `web` when `wechat_pay` is allowed.',
      'parameter_missing',
    )
  }
  const types = methodTypes.filter((type) => (type === 'wechat_pay' ? client !== undefined : true))
  return {
    types: allowed.length === 0 ? types : allowed,
    options: client === undefined ? {} : { wechat_pay: { app_id: null, client } },
  }
}

function readExpiry(params: Params, created: number): number {
  const expiresAt = params.integer('expires_at')
  if (expiresAt === undefined) return created + maxLifeSeconds
  if (expiresAt < created + minLifeSeconds) {
    throw invalidParam(
      'expires_at',
      'The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.',
    )
  }
  if (expiresAt > created + maxLifeSeconds) {
    throw invalidParam(
      'expires_at',
      'The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.',
    )
  }
  return expiresAt
}

function readTotal(sandbox: Sandbox, lines: Line[]): number {
  const total = lines.reduce((sum, line) => sum + line.unitFen * line.quantity, 0)
  if (total < sandbox.minimumFen) {
    const message = `The Checkout Session's total amount due must add up to at least ${yuan(sandbox.minimumFen)} cny`
    throw invalidParam('line_items', message, 'amount_too_small')
  }
  if (total > maxTotalFen) {
    const message = `The Checkout Session's total amount due must be no more than ${yuan(maxTotalFen)} cny`
    throw invalidParam('line_items', message, 'amount_too_large')
  }
  return total
}

/** POST /v1/checkout/sessions */
export function createSession(sandbox: Sandbox, params: Params): Stored<'checkout.session'> {
  params.only(
    'mode',
    'line_items',
    'allowed_payment_method_types',
    'payment_method_options',
    'success_url',
    'cancel_url',
    'expires_at',
    'metadata',
    'client_reference_id',
    'payment_intent_data',
    'locale',
    'customer_email',
    'ui_mode',
    'submit_type',
    'currency',
    'expand',
  )
  const created = nowSeconds(sandbox)
  if (params.oneOf('mode', ['payment']) === undefined) params.missing('mode')
  params.oneOf('ui_mode', ['hosted_page'])
  if (params.has('currency')) readCurrency(params)
  const items = params.objects('line_items')
  if (items.length === 0) params.missing('line_items')
  if (items.length > maxLineItems) throw invalidParam('line_items', `You can pass at most ${maxLineItems} line items.`)
  const lineItems = items.map(readLine)
  const methods = readMethods(params)
  const intent = params.object('payment_intent_data')?.only('metadata', 'description', 'transfer_group')
  const extra: ExtraOf<'checkout.session'> = {
    lineItems,
    intent: {
      metadata: intent?.metadata() ?? {},
      description: intent?.string('description', 1000) ?? null,
      transferGroup: intent?.string('transfer_group') ?? null,
    },
  }
  const email = params.string('customer_email', 512) ?? null
  const cancelUrl = params.string('cancel_url')
  const doc = sessionDoc(sandbox, {
    created,
    total: readTotal(sandbox, lineItems),
    methods,
    expiresAt: readExpiry(params, created),
    successUrl: readUrl(params, 'success_url', params.required('success_url')),
    cancelUrl: cancelUrl === undefined ? null : readUrl(params, 'cancel_url', cancelUrl),
    metadata: params.metadata(),
    reference: params.string('client_reference_id', 200) ?? null,
    locale: params.string('locale') ?? null,
    email,
    submitType: params.string('submit_type') ?? null,
  })
  sandbox.store.insert('checkout.session', doc, extra, { dueMs: doc.expires_at * 1000 })
  return { doc, extra }
}

interface SessionParts {
  created: number
  total: number
  methods: ReturnType<typeof readMethods>
  expiresAt: number
  successUrl: string
  cancelUrl: string | null
  metadata: Record<string, string>
  reference: string | null
  locale: string | null
  email: string | null
  submitType: string | null
}

function sessionDoc(sandbox: Sandbox, parts: SessionParts): SessionDoc {
  const id = newId('cs_test_')
  return {
    ...sessionDefaults,
    id,
    object: 'checkout.session',
    amount_subtotal: parts.total,
    amount_total: parts.total,
    cancel_url: parts.cancelUrl,
    client_reference_id: parts.reference,
    created: parts.created,
    customer_details: null,
    customer_email: parts.email,
    expires_at: parts.expiresAt,
    locale: parts.locale,
    metadata: parts.metadata,
    payment_intent: null,
    payment_method_options: parts.methods.options,
    allowed_payment_method_types: parts.methods.types,
    payment_method_types: parts.methods.types,
    payment_status: 'unpaid',
    status: 'open',
    submit_type: parts.submitType,
    success_url: parts.successUrl,
    url: `${sandbox.baseUrl()}/pay/${id}`,
  }
}

/** Reads a session as it is now: one whose time is over expires before anyone sees it open. */
export function loadSession(sandbox: Sandbox, id: string): Stored<'checkout.session'> | undefined {
  const session = sandbox.store.get('checkout.session', id)
  if (session?.doc.status === 'open' && sandbox.nowMs() >= session.doc.expires_at * 1000)
    closeSession(sandbox, session, noCause)
  return session
}

function closeSession(sandbox: Sandbox, session: Stored<'checkout.session'>, cause: Cause): void {
  const { doc, extra } = session
  doc.status = 'expired'
  doc.url = null
  sandbox.store.write(() => {
    if (doc.payment_intent !== null) cancelIntent(sandbox, doc.payment_intent)
    sandbox.store.update('checkout.session', doc, extra, { ref: doc.payment_intent })
    emit(sandbox, 'checkout.session.expired', doc, cause)
  })
}

/** POST /v1/checkout/sessions/:id/expire. Only while open. */
export function expireSession(sandbox: Sandbox, id: string, params: Params, cause: Cause): Stored<'checkout.session'> {
  params.only('expand')
  const session = loadSession(sandbox, id)
  if (!session) throw notFound('checkout.session', id, 'session')
  if (session.doc.status !== 'open') {
    throw refused(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${session.doc.status}\`.`,
    )
  }
  closeSession(sandbox, session, cause)
  return session
}
