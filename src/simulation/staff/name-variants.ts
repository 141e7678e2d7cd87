/**
 * How characters get mistaken for each other, gathered by hand for this generator. It is the second reading: the
 * product has tables of its own, and what is here but not there is what a real roster will hold as well.
 */
const lookAlikes =
  '己已 末未 晴睛 祥详 岚岗 淑椒 宇字 辰晨 炜玮 萍苹 茜西 莹萤 瑶遥 钰玉 婷停 俊峻 倩情 凯恺 清请 洁浩 杨扬 王玉 申由 ' +
  '林材 明朋 磊垒 鑫金 昊吴 佳住 思恩 宁丁 丹舟 建健 军车 伟韦 静净 敏繁 勇男 超起 强张 梅海 芳方 红江 艳绝 娟捐 霞露 ' +
  '燕蒸 玲铃 颖颍 雪雷 琳淋 慧彗 晶品 蕾雷 璐路 欣欧 悦说 薇微 英央 兰三 琴琹 云去 翠卒 凤风 琼京 媛缓 菲非 怡治 雅推 ' +
  '涵函 诗侍 雯雪 彤丹 曹曾 刘对 陈阵 李季 孙小 周同 徐除 朱未 胡湖 郭廓 何向 高亮 罗逻 郑邓 梁粱 谢射 宋宗 唐康 许计 ' +
  '韩朝 冯马 彭膨 肖尚 田由 董懂 潘播 袁衰 蔡祭 蒋奖 余佘 于干 杜社 叶口 程呈 魏巍 苏办 吕昌 丁了 任仁 卢户 姚桃 沈忱'

const traditionals =
  '张張 陈陳 刘劉 杨楊 黄黃 赵趙 吴吳 孙孫 马馬 郑鄭 谢謝 韩韓 冯馮 邓鄧 许許 蒋蔣 肖蕭 叶葉 苏蘇 吕呂 卢盧 钟鍾 陆陸 ' +
  '谭譚 邹鄒 赖賴 龙龍 钱錢 汤湯 万萬 严嚴 罗羅 连連 华華 庞龐 阎閻 颜顏 贺賀 鲍鮑 欧歐 龚龔 韦韋 伦倫 宁寧 齐齊 兴興 ' +
  '聂聶 单單 麦麥 乔喬 伟偉 强強 军軍 杰傑 涛濤 刚剛 辉輝 鹏鵬 飞飛 凯凱 帅帥 锋鋒 阳陽 亮亮 畅暢 晖暉 炜煒 玮瑋 聪聰 ' +
  '东東 栋棟 轩軒 钊釗 铭銘 骏駿 钧鈞 泽澤 进進 达達 诚誠 义義 欢歡 娟娟 丽麗 艳艷 颖穎 红紅 莹瑩 悦悅 兰蘭 凤鳳 琼瓊 ' +
  '萝蘿 梦夢 怡怡 瑶瑤 娇嬌 钰鈺 岚嵐 虹虹 荣榮 艺藝 莲蓮 静靜 洁潔 倩倩 云雲 燕燕 玲玲 庆慶 国國 学學 会會 书書 尔爾 ' +
  '启啟 绍紹 维維 恒恆 鸿鴻 宾賓 银銀 权權 树樹 继繼 广廣 贵貴 发發 远遠 清清 诗詩 语語 晓曉 爱愛 采採 彦彥 芦蘆 闫閆 ' +
  '顾顧 邵邵 贾賈 邱丘 关關 汪汪 江江 卫衛 娅婭 珍珍 霭靄 诸諸 葛葛 东東 长長 迟遲 孔孔 莺鶯 缪繆 骆駱 车車 项項 费費'

/** Pieces that a character is taken apart into where it cannot be typed. */
const pieces = '䶮龙天 堃方方土 喆吉吉 赟斌贝 昇日升 犇牛牛牛 翀羽中 旻日文 彧或彡 祎礻韦 燊火火木 珺王君'

const both = (text: string): Map<string, string[]> => {
  const map = new Map<string, string[]>()
  for (const pair of text.split(' ')) {
    const [a = '', b = ''] = [...pair]
    if (a === b) continue
    map.set(a, [...(map.get(a) ?? []), b])
    map.set(b, [...(map.get(b) ?? []), a])
  }
  return map
}
const first = (text: string): Map<string, string> =>
  new Map(text.split(' ').map((word) => [[...word][0]!, [...word].slice(1).join('')]))

const alike = both(lookAlikes)
const old = first(traditionals)
const parts = first(pieces)

/** Characters whose shape is mistaken for this one. */
export const lookAlikesOf = (char: string): readonly string[] => alike.get(char) ?? []
/** The name in traditional script, as a Hong Kong colleague writes it. */
export const toTraditional = (text: string): string => [...text].map((char) => old.get(char) ?? char).join('')
/** `䶮` as `龙天`; null where nobody takes it apart. */
export const toPieces = (char: string): string | null => parts.get(char) ?? null
