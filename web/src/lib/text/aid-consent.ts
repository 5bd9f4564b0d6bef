import type { Lang } from './lang.ts'

type Section = { readonly title: string; readonly body: string }

/**
 * The text that belongs to AID_CONSENT_VERSION: whoever changes a sentence here raises the version there. It is agreed to apart
 * from the privacy notice (PIPL arts. 29, 30): what is kept, why it is needed, who sees it, how long, and how to take it back.
 */
export const aidConsent: Readonly<Record<Lang, readonly Section[]>> = {
  zh: [
    {
      title: '记什么',
      body: '您写的困难、想申请多少钱、交给谁，还有您的房号。这些是敏感个人信息，只写办这件事用得着的。',
    },
    {
      title: '为什么要记',
      body: '社区要上门看望，管委会要审议，慈善组织要付款。不写这些就没法办，但不影响您用别的功能。',
    },
    {
      title: '谁能看',
      body: '本社区工作人员（上门前）、小区慈善基金管委会成员（审议时）、慈善组织（同意以后付款时）。和您家有关系的要回避。监督员只看办到哪一步，看不到内容。谁在什么时候看过，都有记录，您随时能查。',
    },
    {
      title: '不公开',
      body: '对外只公开“困难帮扶”四个字、同意的金额和日期。没有姓名、房号、原因。邻居不投票，也看不到。',
    },
    {
      title: '存多久',
      body: '没人办的，90 天后删除；没同意的，30 天后删除；同意的，180 天后删除。只留下谁在什么时候办了哪一步，三年多以后也删除。',
    },
    { title: '可以撤回', body: '随时可以撤回，写的内容马上删除。撤回以前已经付的款不受影响。' },
  ],
  en: [
    {
      title: 'What is kept',
      body: 'Your difficulty in your words, the sum, who gets it, and your room. It is sensitive personal information: write only what is needed.',
    },
    {
      title: 'Why',
      body: 'A worker visits you, the committee decides, the charity pays. Without it nothing can be done; everything else here works for you all the same.',
    },
    {
      title: 'Who sees it',
      body: 'Workers of your community before the visit, the fund’s committee while it decides, the charity when it is to pay. Whoever is bound to your household steps aside. The supervisor sees the steps, not the words. You see who read it and when.',
    },
    {
      title: 'Nothing of it is public',
      body: 'Everybody sees “household aid”, the approved sum and the day: no name, no room, no reason. Neighbours neither vote on it nor see it.',
    },
    {
      title: 'How long',
      body: 'Deleted after 90 days if nobody acts, 30 days after a refusal, 180 days after an approval. What stays is who did what when; that is deleted after a little more than three years.',
    },
    {
      title: 'Taking it back',
      body: 'At any time, and what you wrote is deleted at once. A payment made before is not affected.',
    },
  ],
}
