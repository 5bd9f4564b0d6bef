import { methodTypes, type ExtraOf, type LineItemDoc, type SessionDoc } from './documents.ts'
import { invalidParam, notFound, refused } from './errors.ts'
import { newId } from './ids.ts'
import type { Params } from './params.ts'
import { cancelIntent } from './payments.ts'
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

function readLineItem(item: Params, created: number): LineItemDoc {
  item.only('price_data', 'quantity')
  const quantity = item.atLeast('quantity', 1) ?? item.missing('quantity')
  const priceData = item.object('price_data') ?? item.missing('price_data')
  priceData.only('currency', 'product_data', 'unit_amount')
  const currency = readCurrency(priceData)
  const product = priceData.object('product_data') ?? priceData.missing('product_data')
  product.only('name', 'description', 'images', 'metadata')
  const name = product.required('name', 250)
  product.string('description', 500)
  product.strings('images')
  const unitAmount = priceData.atLeast('unit_amount', 0) ?? priceData.missing('unit_amount')
  return {
    id: newId('li_'),
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: unitAmount * quantity,
    amount_tax: 0,
    amount_total: unitAmount * quantity,
    currency,
    description: name,
    metadata: product.metadata(),
    price: {
      id: newId('price_'),
      object: 'price',
      active: false,
      billing_scheme: 'per_unit',
      created,
      currency,
      custom_unit_amount: null,
      livemode: false,
      lookup_key: null,
      metadata: {},
      nickname: null,
      product: newId('prod_'),
      recurring: null,
      tax_behavior: 'unspecified',
      tiers_mode: null,
      transform_quantity: null,
      type: 'one_time',
      unit_amount: unitAmount,
      unit_amount_decimal: String(unitAmount),
    },
    quantity,
  }
}

function readCurrency(params: Params): 'cny' {
  const currency = params.required('currency').toLowerCase()
  if (currency !== 'cny')
    throw invalidParam(params.path('currency'), `Invalid currency: ${currency}. The payment sandbox takes cny.`)
  return 'cny'
}

function readMethods(params: Params): { types: string[]; options: SessionDoc['payment_method_options'] } {
  const types = params.choices('payment_method_types', methodTypes)
  if (types.length === 0) params.missing('payment_method_types')
  if (new Set(types).size < types.length)
    throw invalidParam('payment_method_types', 'payment_method_types must not repeat.')
  const options = params.object('payment_method_options')?.only('wechat_pay', 'alipay', 'card')
  const client = options?.object('wechat_pay')?.only('client').oneOf('client', ['web'])
  if (types.includes('wechat_pay') && client === undefined) {
    throw invalidParam(
      'payment_method_options[wechat_pay][client]',
      'You must provide `payment_method_options[wechat_pay][client]` as `web` when `payment_method_types` includes `wechat_pay`.',
      'parameter_missing',
    )
  }
  return { types, options: client === undefined ? {} : { wechat_pay: { app_id: null, client } } }
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

function readTotal(sandbox: Sandbox, lineItems: LineItemDoc[]): number {
  const total = lineItems.reduce((sum, item) => sum + item.amount_total, 0)
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
    'payment_method_types',
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
  params.oneOf('mode', ['payment']) ?? params.missing('mode')
  params.oneOf('ui_mode', ['hosted_page'])
  if (params.has('currency')) readCurrency(params)
  const items = params.objects('line_items')
  if (items.length === 0) params.missing('line_items')
  if (items.length > maxLineItems) throw invalidParam('line_items', `You can pass at most ${maxLineItems} line items.`)
  const lineItems = items.map((item) => readLineItem(item, created))
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
    id,
    object: 'checkout.session',
    adaptive_pricing: null,
    after_expiration: null,
    allow_promotion_codes: null,
    allowed_payment_method_types: null,
    amount_subtotal: parts.total,
    amount_total: parts.total,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: null,
    cancel_url: parts.cancelUrl,
    client_reference_id: parts.reference,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created: parts.created,
    currency: 'cny',
    currency_conversion: null,
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    customer: null,
    customer_account: null,
    customer_creation: 'if_required',
    customer_details: null,
    customer_email: parts.email,
    discounts: [],
    expires_at: parts.expiresAt,
    integration_identifier: null,
    invoice: null,
    invoice_creation: null,
    livemode: false,
    locale: parts.locale,
    managed_payments: null,
    metadata: parts.metadata,
    mode: 'payment',
    origin_context: null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection: 'if_required',
    payment_method_configuration_details: null,
    payment_method_options: parts.methods.options,
    payment_method_types: parts.methods.types,
    payment_status: 'unpaid',
    permissions: null,
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: 'open',
    submit_type: parts.submitType,
    subscription: null,
    success_url: parts.successUrl,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page',
    url: `${sandbox.baseUrl()}/pay/${id}`,
    wallet_options: null,
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
