import type { Lang } from './lang.ts'

type Section = { readonly title: string; readonly body: readonly string[] }

/** The text that belongs to PRIVACY_NOTICE_VERSION: whoever changes a sentence here raises the version there. */
export const privacyNotice: Readonly<Record<Lang, readonly Section[]>> = {
  zh: [
    {
      title: '谁在处理您的信息',
      body: [
        '本平台由您所在的区组织运营，用于社区与结对村之间的农产品团购和小区慈善基金公示。有问题请找您所在社区的工作人员。',
      ],
    },
    {
      title: '我们收集什么',
      body: [
        '登录方给我们的编号和称呼；您填写的小区、楼号、单元、房号；您愿意填写的手机号（可以不填）。',
        '您自己打开邮件提醒时填写的邮箱（可以不填）：先发验证码确认是您的，只用来给您发提醒，随时可以关闭或删除；30 分钟内没有确认的会自动删除。打开短信或微信提醒时，您的登录编号和登记的手机号会交给本区的短信或微信服务，只用来给您发提醒。',
        '您的订单：买了什么、多少、多少钱、何时付款与退款。您申请售后时写的话和拍的照片（照片里的拍摄地点等信息会去掉）。付款由持牌支付机构完成，我们看不到您的银行卡号和支付密码。',
        '您在“有事来聊”里说的事：您写的话、地点、照片（拍摄地点等信息会去掉）和评价；您提的提案、对提案的异议和投票。社区工作人员替您家记下的事，只记房号。',
        '社区工作人员或您这栋楼的楼长替您家下单时，只记房号、买了什么和下单人的称呼，不记您的姓名和电话。您当楼长时，邻居认得的称呼由社区工作人员登记，替邻居下的单上会写着它。',
        '为保持登录和记住菜篮、小区、语言，网站使用必要的 Cookie，不用于广告，也不接入第三方统计。',
      ],
    },
    {
      title: '用来做什么',
      body: [
        '按户计算限购、备货、分拣、取货和退款。',
        '社区工作人员或本楼楼长核对您是否住在这一户。手机号只在取货、退款联系不上时，以及您自己打开短信提醒时使用，平时打码显示，谁在什么时候为什么查看都有记录。',
        '慈善基金账目公开的只有成交编号、村、合作社和金额，没有您的姓名、住址、订单内容。当天的明细次日才公开。',
      ],
    },
    {
      title: '给谁看',
      body: [
        '合作社只看到各商品的总份数，看不到任何人；售后申请只看到商品、原因和照片，看不到是谁、说了什么。社区工作人员能看到本社区的住户号、取货码和售后申请。楼长只看到自己替邻居下的单，和本楼谁登记了哪一户、等着核实；看不到邻居自己的订单和电话。支付机构收到订单号和金额。您打开的提醒经过邮件服务商和短信、微信服务商，里面没有商品、住址和取货码。除此之外不提供给任何人，法律要求的除外。',
        '请人把菜送上门的，我们只登记房号和志愿者的称呼，不写原因；工作人员和志愿者看得到，不用送了就删掉。',
        '您反映的事，社区受理以前只有您和社区看得到。公开的是社区写的话和社区选的照片，没有您的姓名、房号和电话；不宜公开的不公开。您的原话和照片给社区、监督员和承办单位看；房号只有您同意时才给承办单位。投票是您自己的，谁也看不到您投了什么；评价只公开合计。',
        '您做代付链接时，拿到链接的人能看到商品、合作社和金额，看不到您的房号、姓名、电话和取货码；付好、过期或收回以后，什么也看不到。',
      ],
    },
    {
      title: '存多久、存在哪里',
      body: [
        '信息存放在中国境内。订单和退款记录按财务规定保存；售后照片在申请 90 天后删除；您注销登记后，住户信息、手机号和邮箱会删除或做去标识处理。',
      ],
    },
    {
      title: '您的权利',
      body: [
        '您可以查看、更正、删除自己的信息，撤回同意，注销登记。请向社区工作人员提出，我们在 15 个工作日内答复。撤回同意不影响已经完成的订单。',
      ],
    },
  ],
  en: [
    {
      title: 'Who handles your data',
      body: [
        'This service is run on behalf of your district for group buying between communities and paired villages and for publishing the compounds’ charity funds. For any question, ask your community worker.',
      ],
    },
    {
      title: 'What we collect',
      body: [
        'The identifier and name given by your sign-in provider; the compound, building, unit and room you enter; a mobile number if you choose to give one.',
        'An e-mail address, if you turn on reminders by e-mail: it is confirmed by a code first, used for your reminders only, and can be turned off or deleted at any time; one that is not confirmed within 30 minutes is deleted by itself. If you turn on text messages or WeChat, your sign-in identifier and the mobile number you gave go to the district’s message service, for your reminders only.',
        'Your orders: what, how much, at what price, when paid and refunded. What you write and photograph when you claim (where and with what a photo was taken is removed). Payment is made by a licensed provider; we never see your card number or payment password.',
        'What you say in “matters”: your words, the place, photos (where and with what they were taken is removed) and your ratings; proposals you make, objections and votes. Of what a worker writes down for your household only the room is kept.',
        'When a community worker or the leader of your building orders for your household, only the room, the goods and the name of who ordered are kept, not your name or number. If you are a building leader, the name your neighbours know you by is registered by a worker and stands on what you order for them.',
        'Cookies that are needed to keep you signed in and to remember basket, compound and language. No advertising and no third-party analytics.',
      ],
    },
    {
      title: 'What for',
      body: [
        'To count limits per household, prepare, sort, hand over and refund.',
        'A community worker or the leader of your building confirms that you live there. Your number is used only when you cannot be reached for pick-up or a refund, and for text messages you turned on yourself; it is shown masked, and who looked, when and why is recorded.',
        'The fund’s public ledger holds the sale’s number, village, co-op and amounts: no name, no address, nothing of what you bought. A day’s entries become public the day after.',
      ],
    },
    {
      title: 'Who sees it',
      body: [
        'Co-ops see totals per item and never a person; of a claim they see goods, reason and photos, not whose it is or what was written. Workers see the household numbers, pick-up codes and claims of their own community. A building leader sees what they ordered for neighbours, and which rooms of the building have somebody waiting to be confirmed; never a neighbour’s own orders or number. The payment provider receives the order number and the amount. Reminders you turned on pass through mail and message services; no goods, address or pick-up code stands in them. Nobody else does, unless the law requires it.',
        'Where goods are brought to your door, only the room and the volunteer’s name are registered, never why; workers and that volunteer see it, and it is deleted when it ends.',
        'Before the community has taken up a matter only you and the community see it. What is public is the community’s wording and the photos it chose, without your name, room or number; what is not fit for it is not made public. Your own words and photos are seen by the community, the supervisor and the body that does the work; your room by that body only if you agree. A vote is yours: nobody sees what you voted; of ratings only sums are public.',
        'Whoever has a pay-for-me link that you made sees the goods, the co-op and the sum; no room, name, number or code; and nothing once it is paid, has run out or is withdrawn.',
      ],
    },
    {
      title: 'How long and where',
      body: [
        'The data is kept in mainland China. Orders and refunds are kept as accounting rules require; photos of a claim are deleted 90 days after it; when you cancel your registration, household data, number and e-mail address are deleted or de-identified.',
      ],
    },
    {
      title: 'Your rights',
      body: [
        'You may see, correct and delete your data, withdraw consent and cancel your registration. Ask your community worker; you get an answer within 15 working days. Withdrawing does not affect orders already completed.',
      ],
    },
  ],
}
