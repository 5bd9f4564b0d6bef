type Sentence = readonly [zh: string, en: string]

/** What each refusal and failure means for the person at the page, and what to do about it. */
export const problemSentences: Readonly<Record<string, Sentence>> = {
  OFFER_SOLD_OUT: [
    '卖完了，或剩下的不够这么多。请减少数量或换一样。',
    'Sold out, or not that many are left. Take fewer or choose something else.',
  ],
  GROUP_BUY_CLOSED: ['这个团购已经截止了。', 'This group buy has closed.'],
  CHANNEL_OFF: ['这里还没有开通这种提醒。', 'This kind of reminder is not set up here.'],
  EMAIL_NOT_CONFIRMED: ['请先确认邮箱。', 'Please confirm an address first.'],
  CODE_JUST_SENT: ['刚刚发过验证码，请等一分钟再试。', 'A code was just sent. Please wait a minute.'],
  TOO_MANY_CODES: ['今天发的验证码太多了，请明天再试。', 'Too many codes today. Please try again tomorrow.'],
  EMAIL_NOT_SENT: ['验证码没有发出去，请过一会儿再试。', 'The code could not be sent. Please try again in a while.'],
  EMAIL_REFUSED: ['邮箱不收信，请检查有没有写错。', 'The address takes no mail. Please check it.'],
  CODE_EXPIRED: ['验证码已失效，请重新获取。', 'The code has run out. Please get another one.'],
  WRONG_CODE: ['验证码不对，请再看一下邮件。', 'That is not the code. Please look at the letter again.'],
  TOO_LATE_TO_REMIND: ['这个团购快截止了，不再提醒。', 'It closes soon: it is too late for a reminder.'],
  GROUP_BUY_NOT_OPEN: ['这个团购还没有开始。', 'This group buy has not opened yet.'],
  LIMIT_REACHED: [
    '超过了每户限购数量（同住的家人买的也算在内）。',
    'More than one household may buy (what your family bought counts too).',
  ],
  PRICE_CHANGED: [
    '价格刚刚变了，请看一下新价格再提交。',
    'The price has just changed. Please look at the new price and send again.',
  ],
  UNKNOWN_OFFER: ['这件商品已经下架了。', 'This item is no longer offered.'],
  NOT_YOUR_COMPOUND: [
    '这个团购不送您登记的小区。',
    'This group buy does not deliver to the compound you registered in.',
  ],
  PAIRING_ENDED: [
    '您的社区与这个村的结对已经结束，暂时不能下单。',
    'Your community is no longer paired with this village, so it cannot be ordered from.',
  ],
  TOO_MANY_GROUP_BUYS: [
    '一单最多包含 10 个团购，请分开下单。',
    'One order takes at most 10 group buys. Please split it.',
  ],
  TOO_MANY_LINES: [
    '菜篮最多放 30 样，请先下单或去掉几样。',
    'The basket takes 30 items. Order first, or take some out.',
  ],
  QUANTITY_TOO_LARGE: ['数量太大了。', 'That is too many.'],
  PICK_UP_POINT_NEEDED: ['请选一个自提点。', 'Please choose a pick-up point.'],
  UNKNOWN_PICK_UP_POINT: [
    '这个自提点不在您的小区，请重新选择。',
    'That pick-up point is not in your compound. Please choose again.',
  ],
  BELOW_MINIMUM_CHARGE: [
    '金额低于支付平台的最低收款额，请再选一点。',
    'The amount is below what the payment provider accepts. Please add something.',
  ],
  ABOVE_MAXIMUM_CHARGE: [
    '金额超过了一次能付的最多数，请分开下单。',
    'The amount is more than one payment may be. Please split the order.',
  ],
  ORDER_ID_REUSED: [
    '这笔订单已经提交过了，请到“订单”里查看。',
    'This order was already sent. Please look under Orders.',
  ],
  ORDER_ALREADY_PAID: ['这笔订单已经付过款了。', 'This order is already paid.'],
  ORDER_EXPIRED: [
    '订单超时未付款，已经取消，菜已放回。请重新下单。',
    'The order ran out of time and its goods went back. Please order again.',
  ],
  ORDER_CANCELLED: ['这笔订单已经取消。', 'This order was cancelled.'],
  TOO_MANY_CHECKOUTS: [
    '打开付款页的次数太多了，请重新下单。',
    'The payment page was opened too many times. Please order again.',
  ],
  TOO_MANY_PAY_LINKS: [
    '这一单的代付链接做得太多了，请用已经发出去的那个。',
    'Too many pay-for-me links were made for this order. Please use the one you sent.',
  ],
  PAY_LINK_NEEDED: [
    '先做一个代付链接，再延长保留时间。',
    'Make a pay-for-me link first, then the hold can be lengthened.',
  ],
  CLOSES_TOO_SOON: [
    '团购快截止了，不能再多留，请尽快付款。',
    'The group buy is about to close, so the goods cannot be held longer. Please pay soon.',
  ],
  HELD_LONGER_ELSEWHERE: [
    '这一户已有一单在多留，付好或取消那一单，才能再多留一单。',
    'Another unpaid order of this household is held longer already. Pay or cancel that one first.',
  ],
  PAY_LINK_ENDED: [
    '这个代付链接已经失效，请让对方重新发一个。',
    'This pay-for-me link is no longer good. Please ask for a new one.',
  ],
  PAYMENT_UNDER_WAY: [
    '正在和支付平台核对，请稍等再看。',
    'We are checking with the payment provider. Please look again in a moment.',
  ],
  ORDER_NOT_PAID: ['这笔订单还没有付款。', 'This order is not paid.'],
  NOTHING_TO_REFUND: ['这笔订单已经全部退款。', 'Everything of this order is already refunded.'],
  REFUND_TOO_LARGE: ['退款金额超过了还没退的部分。', 'The refund is more than what is not refunded yet.'],
  GOODS_NOT_CONFIRMED: [
    '这个团购还没有成团，不能取货。',
    'The group buy is not confirmed yet, so nothing can be handed out.',
  ],
  PICK_UP_NOT_BEGUN: [
    '还没到取货的日子；货已到的话，请按份数取。',
    'The day of pick-up has not come. If the goods are there, hand them out by portions.',
  ],
  NOTHING_TO_HAND_OUT: ['没有可取的了，可能刚刚已经取走。', 'Nothing is left; it may just have been handed out.'],
  TOO_MANY_PORTIONS: ['份数超过了还没取的，请看一下再填。', 'That is more than what is left. Please look again.'],
  HANDED_OUT_IN_FUTURE: [
    '取货时间还没到：这台设备的时间快了，请校准。',
    'The time of the hand-out has not come yet: the clock of this device is ahead.',
  ],
  HANDED_OUT_TOO_LONG_AGO: [
    '取货时间超过了 7 天，请联网后重新登记。',
    'The hand-out is more than seven days old. Please record it anew.',
  ],
  NOT_WEIGHED: ['要称重的商品还没有称，称好再发。', 'Goods sold by weight are not weighed yet. Weigh them first.'],
  GROUP_BUY_NOT_DECIDED: [
    '团购还没有处理完成团，请过一分钟再试。',
    'The group buy is not decided yet. Please try again in a minute.',
  ],
  DELIVERY_CHECKED: ['这批货已经清点过了，不能再改。', 'This delivery was counted already and cannot be changed.'],
  DELIVERY_CHANGED: [
    '送货单刚被改过，请看一下最新内容再确认。',
    'The delivery note has just been changed. Please look at it again.',
  ],
  LESS_THAN_HANDED_OUT: [
    '到货份数不能少于已经发出的份数。',
    'Less arrived than was already handed out. Please check the numbers.',
  ],
  OFFER_NOT_COUNTED: ['有商品还没有清点，没到货请填 0。', 'Something was not counted. If nothing arrived, write 0.'],
  MORE_REFUSED_THAN_ARRIVED: [
    '拒收的份数不能比到货的还多。',
    'More was refused than arrived. Please check the numbers.',
  ],
  NOT_WEIGHED_GOODS: ['这件商品不按实重结算，不用称。', 'These goods are not sold by their weight.'],
  WEIGHT_TOO_LARGE: ['太重了，请看一下单位是不是克。', 'That is too heavy. Is it in grams?'],
  NOT_ARRIVED: ['还没有清点到货，请先清点。', 'The goods are not counted yet. Count them first.'],
  WEIGHING_FINISHED: ['称重已经结束，不能再改。', 'Weighing is finished and cannot be changed.'],
  LINES_NOT_WEIGHED: ['还有没称的，请称完，或者选择按标重算。', 'Some lines are not weighed yet.'],
  NOTHING_TO_WEIGH: ['这个团购没有要称重的商品。', 'Nothing of this group buy has to be weighed.'],
  TOO_MANY_PICK_UPS: [
    '这个订单取货的次数太多了，请联系管理员。',
    'Handed out too often. Please ask the administrator.',
  ],
  PICK_UP_ID_REUSED: [
    '这次取货已经登记过了，请刷新页面查看。',
    'This hand-out was already recorded. Please reload the page.',
  ],
  PICK_UP_UNDONE: ['这次取货已经撤销过了。', 'This hand-out was already undone.'],
  UNKNOWN_LINE: ['订单里没有这一行。', 'The order has no such line.'],
  REFUND_ID_REUSED: ['这笔退款已经提交过了，请刷新页面查看。', 'This refund was already sent. Please reload the page.'],
  TOO_MANY_GIVE_BACKS: [
    '这个订单改的次数太多了，请联系社区工作人员。',
    'This order was changed too often. Please ask your community worker.',
  ],
  TOO_MANY_AT_ONCE: ['一次退的样数太多了，请分几次退。', 'Too many at once. Please give back in parts.'],
  REFUND_WINDOW_OVER: [
    '已过退款期限，支付平台不再受理，请线下处理。',
    'The refund period is over; please settle it another way.',
  ],
  CLAIM_NOT_YET: [
    '还没到取货的时候，拿到菜以后再说。',
    'Pick-up has not begun. Please tell us once you have the goods.',
  ],
  CLAIM_WINDOW_OVER: [
    '售后期已过，不能再申请了，请直接联系社区工作人员。',
    'The after-sales time is over. Please ask your community worker.',
  ],
  TOO_MANY_CLAIMS: [
    '这一单申请售后的次数太多了，请直接联系社区工作人员。',
    'Too many claims about this order. Please ask your community worker.',
  ],
  CLAIM_ID_REUSED: ['这个申请已经提交过了，请刷新页面查看。', 'This claim was already sent. Please reload the page.'],
  CLAIM_DECIDED: ['这个申请已经有人处理了。', 'Somebody has already decided this claim.'],
  OWN_CLAIM: [
    '这是您自己家的，或是您代下的单，请别的工作人员处理。',
    'This is your own household’s, or an order that you placed. Please let somebody else decide it.',
  ],
  UNKNOWN_PHOTO: ['照片没有传好，请重新选。', 'The photo did not arrive. Please choose it again.'],
  PHOTO_ID_REUSED: ['照片没有传好，请重新选。', 'The photo did not arrive. Please choose it again.'],
  TOO_MANY_PHOTOS: ['照片传得太多了，请明天再试。', 'Too many photos. Please try again tomorrow.'],
  DUPLICATE_LINE: ['同一样商品只写一次。', 'Each item only once.'],
  CONSENT_OUTDATED: [
    '隐私告知有了新版本，请重新阅读并同意。',
    'The privacy notice has changed. Please read it and agree again.',
  ],
  UNKNOWN_BUILDING: ['小区里没有这栋楼，请检查楼号。', 'The compound has no such building. Please check the number.'],
  UNKNOWN_ROOM: ['没有这个单元或房号，请检查。', 'There is no such unit or room. Please check.'],
  MOVED_RECENTLY: [
    '30 天内已经换过一次住处。确实又搬了家，请联系社区工作人员。',
    'You have moved within the last 30 days. If you moved again, ask your community worker.',
  ],
  CLAIM_VERIFIED: ['这一户已经核实，不能退回。', 'This household is confirmed already and cannot be turned down.'],
  CLAIM_REJECTED: [
    '这个登记已经退回，要请住户重新登记。',
    'This claim was turned down; the resident has to claim again.',
  ],
  LISTING_CHANGED: [
    '别人刚刚改过这件商品，请看一下最新内容再保存。',
    'Somebody has just changed this listing. Please look at it again before saving.',
  ],
  TOO_MANY_LISTINGS: ['商品数量已到上限。', 'There are already as many listings as allowed.'],
  NOT_PAIRED: ['所选小区里有不是结对社区的。', 'One of the compounds is not in a paired community.'],
  BAD_WINDOW: [
    '时间先后不对：开始、截止、提货要依次往后。',
    'The times are out of order: opening, closing, then pick-up.',
  ],
  BAD_PRICE_STEPS: [
    '降价的档位不对：份数要在库存之内，价格要比原价低。',
    'A price step is wrong: within the stock, and cheaper than before.',
  ],
  OUT_OF_REACH: [
    '库存全部卖完也达不到成团条件，请改小条件或加库存。',
    'Even the whole stock could not meet the condition: lower it or add stock.',
  ],
  UNKNOWN_LISTING: ['有商品已经不存在。', 'One of the listings no longer exists.'],
  LISTING_PAUSED: ['有商品已暂停销售，请先恢复或去掉。', 'One of the listings is paused. Resume it or leave it out.'],
  DUPLICATE_OFFER: ['同一件商品选了两次。', 'One listing was chosen twice.'],
  GROUP_BUY_EXISTS: ['这个团购已经开过了。', 'This group buy already exists.'],
  GROUP_BUY_CANCELLED: ['这个团购已取消，不能每周重开。', 'This group buy was cancelled and cannot be repeated.'],
  TOO_MANY_REPEATS: [
    '每周自动开的团购太多了，请先停掉几个。',
    'Too many group buys are repeated each week. Stop some first.',
  ],
  NO_PICK_UP_POINT: ['所选小区里有还没设自提点的。', 'One of the compounds has no pick-up point yet.'],
  CASH_DIFFERS: ['金额对不上，请核对。', 'The amount does not agree. Please check it.'],
  CASH_ID_REUSED: [
    '这个编号已经登记过别的，请刷新页面。',
    'That is recorded as something else. Please reload the page.',
  ],
  OWN_ORDER: ['这是您自己家的订单，请别的工作人员办。', 'This is your own household’s order: ask another worker.'],
  PLACED_BY_YOU: [
    '这一单是您代下的，请另一位把钱退给住户。只有一位工作人员时，请区管理员办。',
    'You placed this order for the household: somebody else hands the money back, or an administrator where there is nobody.',
  ],
  CASH_MOVED: ['刚有现金进出，请重新点一遍。', 'Cash has just moved. Please count again.'],
  CASH_LAID_OUT: ['有人垫了钱，请先登记补入，再清点。', 'Money was laid out: put it in first, then count.'],
  TOO_MANY_COUNTS: ['今天清点的次数太多了。', 'Counted too often today.'],
  NOT_COUNTED: ['上次存银行以后还没有清点。', 'Nobody has counted since the last banking.'],
  MORE_THAN_IN_TILL: ['存款金额比账上的现金还多，请核对。', 'That is more than the till holds. Please check the sum.'],
  MORE_THAN_COUNTED: [
    '存款金额比上次清点的还多，后来收的请先清点。',
    'That is more than was counted last. What came since is counted first.',
  ],
  NOT_IN_CASH: [
    '这一单不是现金付的，钱会原路退回。',
    'This order was not paid in cash; its money goes back by itself.',
  ],
  REFUND_UNDER_WAY: [
    '支付平台还在办这笔退款，请过一刻钟再看。',
    'The payment provider is still at it. Please look again in a quarter of an hour.',
  ],
  REFUND_DISPUTED: [
    '付款人向银行申请过退款，不能再退现金。',
    'The payer went to the bank about it: no cash is handed back.',
  ],
  HANDED_BACK: ['这笔钱已经退过了。', 'This was handed back already.'],
  NOT_VERIFIED_THERE: [
    '楼长要是这栋楼里核实过的住户，请先核实。',
    'A building leader is a confirmed resident of that building. Please confirm the household first.',
  ],
  TOO_MANY_LEADERS: [
    '这栋楼的楼长满了，请先结束一位。',
    'The building has all the leaders it may have. Please end one first.',
  ],
  TOO_MANY_DOORS: ['登记送上门的住户太多了。', 'Too many households are registered for delivery.'],
  CERTIFICATE_FIXED: ['提货已经结束，合格证不能再改。', 'Pick-up has ended: the certificate stays as it is.'],
  CERTIFICATE_CHANGED: [
    '合格证刚被别人改过，请看过再改。',
    'Somebody has just changed this certificate. Please look at it again.',
  ],
  BAD_HARVEST_DAY: ['采收日期不对，请检查。', 'The day of harvest cannot be right.'],
  STATEMENT_MOVED: [
    '金额刚有变化，请按新的金额再看一遍。',
    'The figures have just changed. Please look at the new ones.',
  ],
  WRONG_STATE: ['这张结算单的状态已经变了，请看最新内容。', 'This statement has moved on. Please look at it again.'],
  TOO_MANY_STEPS: ['来回次数太多，请打电话商量。', 'This went back and forth too often. Please call each other.'],
  PAYOUT_ID_REUSED: [
    '这笔付款已登记过别的内容，请重新打开页面。',
    'This payout was recorded otherwise. Open the page anew.',
  ],
  UNKNOWN_STATEMENT: ['有一张结算单不是这家合作社的。', 'One of the statements is not this co-op’s.'],
  DUPLICATE_STATEMENT: ['同一张结算单选了两次。', 'One statement was chosen twice.'],
  NOT_CONFIRMED: [
    '有结算单合作社还没确认，或者已经付过款。',
    'One of the statements is not confirmed, or is paid already.',
  ],
  FOUR_EYES: ['这一步要由另一位来办。', 'This step is for another person.'],
  TRANSFER_ID_REUSED: [
    '这个登记号已经用过，请刷新再登记。',
    'This form has recorded another transfer; please reload the page.',
  ],
  TRANSFER_MOVED: ['刚被别人更正过，请看过再改。', 'Somebody has just put it right; please look again.'],
  TOO_MANY_STATEMENTS: ['一笔付款最多 30 张结算单。', 'A payment covers at most 30 statements.'],
  OWES_BACK: ['合作社有要退回的钱，要一起扣除。', 'The co-op owes money back: it is taken off first.'],
  MONEY_IS_OUT: ['钱已经转出，退回来以后才能放弃。', 'Money has moved; it has to come back first.'],
  TOO_MANY_TRANSFERS: [
    '登记的转账太多，余下的请并入下一笔。',
    'Too many transfers; the rest evens out with the next one.',
  ],
  TOO_MANY_CORRECTIONS: ['更正次数太多，请找区里负责人。', 'It was put right too often; please talk to the district.'],
  SUM_DIFFERS: ['转账金额和结算单合计不一样，请核对。', 'The transfer is not the sum of the statements.'],
  BAD_DAY: ['付款日期不对，请检查。', 'The day of payment cannot be right.'],
  BANK_REFERENCE_USED: ['这个银行流水号已经登记过。', 'This bank reference has been used already.'],
  INVALID: ['有几处填得不对，请看红字。', 'Some fields need another look; see the red notes.'],
  UNAUTHENTICATED: ['登录已过期，请重新登录。', 'You have been signed out. Please sign in again.'],
  FORBIDDEN: ['您没有这项权限。', 'You are not allowed to do this.'],
  NOT_FOUND: ['没有找到，可能已被删除，或者不属于您。', 'Not found: it may be gone, or it is not yours.'],
  BUSY: ['现在人多，系统忙不过来，请稍等几秒再试一次。', 'The system is busy. Please try again in a few seconds.'],
  UNREACHABLE: [
    '没有连上服务器，不确定是否成功。请再试一次，不会重复下单或扣款。',
    'The server could not be reached. Please try again; nothing is done twice.',
  ],
  BROKEN: [
    '系统出了问题，我们已经记录下来。请稍后再试。',
    'Something broke; it has been recorded. Please try again later.',
  ],
}
