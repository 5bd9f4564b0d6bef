import type { Listing } from '#shared/contracts/catalogue.ts'

type Kind = Pick<Listing, 'category' | 'picture'>

/** From the most telling part of a name to the least: 西红柿 before 柿, 西瓜 before 瓜, 白萝卜 before 白菜. */
const kinds: readonly (readonly [RegExp, Kind['category'], string])[] = [
  [/番茄|西红柿|圣女果/, 'solanaceous', 'tomato'],
  [/茄/, 'solanaceous', 'eggplant'],
  [/椒/, 'solanaceous', 'pepper'],
  [/土豆|马铃薯|红薯|地瓜|芋|山药/, 'root', 'potato'],
  [/萝卜|莲藕|藕|笋|牛蒡/, 'root', 'root'],
  [/西瓜/, 'fruit', 'watermelon'],
  [/甜瓜|香瓜|哈密瓜|蜜瓜|木瓜/, 'fruit', 'melon'],
  [/黄瓜|丝瓜|苦瓜|西葫芦/, 'melon', 'cucumber'],
  [/瓜/, 'melon', 'melon'],
  [/玉米/, 'other', 'corn'],
  [/豆芽/, 'other', 'bean'],
  [/豆|豌/, 'bean', 'bean'],
  [/菇|木耳|银耳|菌/, 'mushroom', 'mushroom'],
  [/葱|蒜|韭|姜|洋葱/, 'allium', 'allium'],
  [/香菜|芫荽|茴香|薄荷|紫苏|荆芥/, 'herb', 'herb'],
  [/苹果/, 'fruit', 'apple'],
  [/梨/, 'fruit', 'pear'],
  [/草莓/, 'fruit', 'strawberry'],
  [/葡萄|提子|桑葚|蓝莓/, 'fruit', 'grape'],
  [/樱桃/, 'fruit', 'fruit'],
  [/桃|李子|杏(?!鲍)/, 'fruit', 'peach'],
  [/橙|橘|桔|柑|柚|枣|柿|石榴|猕猴桃|香蕉|芒果|山楂|果$/, 'fruit', 'fruit'],
  [/圆白菜|卷心菜|包菜|甘蓝|娃娃菜|大白菜/, 'leaf', 'cabbage'],
  [/菜|苗|蒿|苋|芹/, 'leaf', 'leaf'],
]

/** Kind and drawing of a product by its name, where nobody said: for a start, the co-op may change both. */
export function guessKind(name: string): Kind {
  // 杏鲍菇 is a mushroom, though it begins like an apricot; 豆芽 is no pod.
  const [, category = 'other', picture = 'leaf'] = kinds.find(([pattern]) => pattern.test(name)) ?? []
  return { category, picture }
}
