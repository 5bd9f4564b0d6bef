/** The kinds of goods, as the shop and the co-op name them. */
export const categoryWords = {
  cat_leaf: ['叶菜', 'leaf vegetables'],
  cat_root: ['根茎', 'roots'],
  cat_melon: ['瓜类', 'melons'],
  cat_solanaceous: ['茄果', 'tomato, pepper, eggplant'],
  cat_bean: ['豆类', 'beans'],
  cat_mushroom: ['菌菇', 'mushrooms'],
  cat_allium: ['葱蒜', 'onions'],
  cat_herb: ['香草', 'herbs'],
  cat_fruit: ['水果', 'fruit'],
  cat_other: ['其他', 'other'],
} as const
