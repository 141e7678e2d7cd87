/** Invented people: a Chinese name and how it is spelled in letters. */
const surnames =
  '王wang 李li 张zhang 刘liu 陈chen 杨yang 赵zhao 黄huang 周zhou 吴wu 徐xu 孙sun 胡hu 朱zhu 高gao 林lin 何he 郭guo 马ma 罗luo 梁liang 宋song 郑zheng 谢xie 韩han 唐tang 冯feng 于yu 董dong 萧xiao 程cheng 曹cao 袁yuan 邓deng 许xu 傅fu 沈shen 曾zeng 彭peng 吕lv'
const firsts =
  '子zi 雨yu 思si 嘉jia 浩hao 志zhi 文wen 明ming 晓xiao 建jian 美mei 丽li 秀xiu 国guo 海hai 春chun 佳jia 俊jun 晨chen 梓zi 欣xin 宇yu 天tian 雅ya 永yong 振zhen 若ruo 伟wei 慧hui 景jing'
const seconds =
  '涵han 轩xuan 怡yi 杰jie 琳lin 峰feng 敏min 强qiang 霞xia 超chao 婷ting 磊lei 玲ling 辉hui 倩qian 军jun 燕yan 鹏peng 颖ying 斌bin 洁jie 波bo 悦yue 凯kai 萍ping 龙long 云yun 豪hao 蕾lei 博bo 莹ying 飞fei 彤tong 阳yang 瑶yao 森sen 瑞rui 静jing 远yuan 航hang'

type Syllable = { zh: string; latin: string }
const syllables = (text: string): Syllable[] =>
  text.split(' ').map((part) => ({ zh: part[0]!, latin: part.slice(1) }))
const parts = [syllables(surnames), syllables(firsts), syllables(seconds)] as const
const total = parts[0].length * parts[1].length * parts[2].length

/** A name in characters and in letters. */
export type Name = { zh: string; latin: string }

/** The n-th name of a seed. Different for every n below 48,000; 7919 is prime to that number. */
export function nameOf(seed: number, n: number): Name {
  const at = (n * 7919 + (seed % total) + total) % total
  const surname = parts[0][at % parts[0].length]!
  const first = parts[1][Math.floor(at / parts[0].length) % parts[1].length]!
  const second = parts[2][Math.floor(at / (parts[0].length * parts[1].length))]!
  return { zh: surname.zh + first.zh + second.zh, latin: surname.latin + first.latin + second.latin }
}
