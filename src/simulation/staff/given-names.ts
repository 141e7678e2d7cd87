/**
 * Characters of given names, how they are spelled, and a weight each. A name is one character or a first and a last
 * one; the weights follow the published counts of names among the working generations.
 */
export const singles = {
  man:
    '伟wei98 强qiang70 磊lei64 军jun68 洋yang50 勇yong58 杰jie56 涛tao56 超chao52 明ming44 刚gang44 平ping40 辉hui46 ' +
    '鹏peng52 华hua36 飞fei44 鑫xin40 波bo46 斌bin48 宇yu34 浩hao36 凯kai38 健jian38 俊jun32 帆fan24 帅shuai28 旭xu28 ' +
    '宁ning18 龙long32 林lin24 峰feng38 锋feng16 阳yang26 建jian22 亮liang34 成cheng18 畅chang12 博bo24 昊hao16 晨chen18 ' +
    '毅yi16 晖hui8 炜wei9 玮wei7 威wei16 聪cong18 彬bin22 瑞rui14 航hang16 翔xiang20 东dong16 兵bing16 松song12 振zhen8 ' +
    '冬dong6 海hai14 坤kun14 森sen10 轩xuan8 恒heng6 钊zhao8 铭ming6 晟sheng5 骏jun6 钧jun4 泽ze6 然ran5 诚cheng9 栋dong14 ' +
    '琦qi6 岩yan9 雷lei14 哲zhe10 云yun6 伦lun4 敏min6 康kang8 进jin5 祥xiang5 达da5 昕xin4 晓xiao5 义yi4 信xin3 江jiang8 ' +
    '震zhen7 璐lu1 欢huan3 卓zhuo4 凡fan5 迪di5 力li6 恺kai3 淼miao2 乐le3',
  woman:
    '芳fang78 娜na70 敏min64 静jing76 丽li80 艳yan56 娟juan58 霞xia48 燕yan50 婷ting58 玲ling44 丹dan46 萍ping38 颖ying36 ' +
    '倩qian40 雪xue34 莉li40 红hong42 梅mei28 琳lin26 慧hui34 晶jing28 洁jie34 莹ying30 蕾lei26 璐lu20 欣xin16 悦yue14 ' +
    '佳jia18 薇wei12 洋yang10 英ying20 兰lan16 琴qin20 云yun14 华hua12 翠cui8 凤feng14 琼qiong14 媛yuan16 茜qian14 婧jing10 ' +
    '露lu20 雯wen12 萌meng10 蓉rong10 菲fei12 月yue4 莎sha10 婕jie6 瑶yao10 妍yan9 怡yi7 宁ning9 睿rui4 玉yu5 晴qing6 菁jing5 ' +
    '珊shan9 瑾jin4 岚lan4 娇jiao10 蕊rui5 琪qi10 钰yu5 珍zhen7 娅ya4 虹hong8 卉hui3 荣rong3 淼miao3 楠nan12 飞fei3 玥yue4 ' +
    '彤tong6 乐le3 敬jing1 可ke3 羽yu2 艺yi3 惠hui8 秀xiu5 蓓bei4 芬fen10 晓xiao6 冉ran4 晨chen6 然ran2 阳yang4 宇yu3 笑xiao2 ' +
    '爽shuang6',
}

export const firsts = {
  man:
    '建jian60 志zhi70 国guo46 文wen50 海hai40 永yong34 俊jun52 家jia34 明ming34 晓xiao38 子zi44 浩hao34 天tian24 宇yu24 ' +
    '嘉jia20 振zhen18 少shao14 世shi12 立li18 伟wei18 正zheng16 庆qing12 春chun12 小xiao34 金jin18 德de14 学xue18 新xin20 ' +
    '泽ze14 梓zi14 一yi14 思si10 博bo14 云yun12 成cheng10 东dong12 光guang14 荣rong8 祥xiang6 向xiang8 玉yu10 亚ya12 雪xue3 ' +
    '长chang12 宏hong18 洪hong18 红hong10 万wan4 大da8 冠guan6 佳jia14 景jing8 瑞rui12 锦jin8 鹏peng6 继ji6 广guang8 ' +
    '忠zhong8 兴xing6 福fu6 桂gui4 炳bing3 仁ren3 启qi7 承cheng4 绍shao3 诗shi1 彦yan7 奕yi4 皓hao5 逸yi3 君jun4 柏bai3 跃yue3 ' +
    '友you3 清qing5 自zi3 利li5 卫wei5 传chuan3 胜sheng4 先xian3 加jia4 树shu5 保bao3 开kai3 宗zong3 江jiang4 雨yu4 艺yi2 ' +
    '英ying3 照zhao2 增zeng2 怀huai2 维wei6 敬jing2 华hua5 凯kai4 昌chang3 乃nai1 恩en2 耀yao4 展zhan2 钰yu2 书shu3 汉han3 ' +
    '其qi2 运yun2 会hui2 连lian2 中zhong3 恒heng2 鸿hong5 铭ming2 冬dong2 月yue1',
  woman:
    '晓xiao44 小xiao44 丽li30 海hai20 雪xue24 雨yu30 思si26 玉yu30 秀xiu34 春chun18 美mei22 佳jia30 文wen22 红hong20 艳yan18 ' +
    '桂gui16 淑shu14 金jin14 凤feng12 亚ya14 婷ting8 静jing12 慧hui10 梦meng22 欣xin18 诗shi14 子zi22 梓zi14 一yi12 若ruo10 ' +
    '紫zi6 心xin7 嘉jia14 雅ya14 怡yi10 可ke8 依yi8 亦yi4 冰bing8 月yue10 明ming8 燕yan6 彩cai6 爱ai10 素su13 翠cui6 兰lan6 ' +
    '冬dong6 惠hui6 少shao3 巧qiao5 玲ling4 云yun6 水shui2 香xiang3 英ying4 银yin3 永yong5 俊jun4 志zhi3 建jian3 国guo2 立li3 ' +
    '清qing3 新xin4 学xue2 君jun3 林lin3 景jing3 瑞rui3 洁jie4 莉li4 琳lin3 敏min4 芳fang4 倩qian3 芷zhi3 语yu4 悦yue3 书shu3 ' +
    '奕yi2 宇yu3 钰yu3 馨xin3 曼man3 维wei2 伟wei1 利li3 珍zhen2 荣rong2 庆qing2 会hui3 友you1 瑶yao2 晨chen3 楚chu2 向xiang2 ' +
    '采cai2 华hua2 杏xing1 菊ju2',
}

export const lasts = {
  man:
    '强qiang44 军jun40 伟wei36 平ping34 明ming42 华hua34 杰jie40 峰feng36 辉hui34 林lin28 龙long26 涛tao24 鹏peng24 波bo22 ' +
    '斌bin22 飞fei20 东dong22 生sheng22 国guo16 勇yong16 刚gang14 超chao18 文wen20 宇yu20 轩xuan20 豪hao18 洋yang16 ' +
    '阳yang16 祥xiang16 宁ning10 良liang12 亮liang14 成cheng12 海hai14 福fu8 山shan8 民min10 根gen4 新xin8 光guang10 ' +
    '胜sheng10 荣rong10 武wu8 兵bing8 安an8 松song8 凯kai12 浩hao10 博bo8 瑞rui8 铭ming8 涵han6 然ran8 航hang10 翔xiang10 ' +
    '威wei8 磊lei8 健jian8 康kang6 雄xiong8 彬bin8 全quan6 富fu4 贵gui4 才cai4 友you4 忠zhong6 发fa4 旺wang3 兴xing4 臣chen2 ' +
    '坤kun6 达da5 远yuan7 帆fan6 晨chen10 恒heng3 泽ze5 森sen5 智zhi3 毅yi4 锋feng8 云yun5 春chun4 立li3 清qing3 德de3 庆qing4 ' +
    '昌chang4 元yuan3 芳fang1 权quan4 奇qi3 亭ting1 江jiang4 川chuan3 洪hong2 鑫xin8 廷ting1 霖lin3 希xi2 诚cheng3 君jun3 ' +
    '哲zhe4 炜wei2 玮wei2 骏jun2 钧jun2 树shu2 伦lun2 栋dong2 银yin2 金jin2 利li3 喜xi2 田tian2 南nan2 俊jun3 怀huai1 宾bin2',
  woman:
    '英ying40 华hua28 兰lan24 芳fang26 红hong26 梅mei28 燕yan24 玲ling28 霞xia24 丽li24 珍zhen16 萍ping20 敏min20 娟juan18 ' +
    '艳yan16 琴qin20 静jing18 婷ting24 云yun14 凤feng14 平ping8 莲lian10 香xiang8 荣rong6 娜na14 洁jie14 慧hui14 雪xue10 ' +
    '花hua8 琳lin16 莹ying12 倩qian10 颖ying14 怡yi12 涵han18 欣xin14 妍yan8 悦yue8 雯wen10 瑶yao10 彤tong8 蕾lei8 佳jia8 ' +
    '洋yang6 月yue6 娥e6 芬fen10 珠zhu4 菊ju6 君jun6 清qing4 容rong4 仙xian2 秀xiu6 芝zhi6 群qun4 文wen6 宁ning8 晨chen4 ' +
    '萌meng4 琪qi10 琦qi3 璇xuan6 媛yuan6 希xi5 然ran6 宇yu3 依yi4 雅ya3 颜yan1 菲fei6 茹ru6 晴qing3 婕jie3 蓉rong6 虹hong5 ' +
    '薇wei6 露lu4 茜qian3 妮ni4 娇jiao6 桃tao2 利li3 叶ye3 青qing4 艺yi3 莎sha3 钰yu3 蓓bei2 玥yue3 惠hui3 玉yu4 双shuang2 ' +
    '巧qiao2 男nan1 影ying2 丹dan4 格ge1 思si1 曼man2 蕊rui2 珊shan3',
}

/** Characters that old systems cannot write (生僻字). */
export const rareCharacters =
  '堃kun4 喆zhe4 翀chong3 赟yun4 頔di2 昉fang2 祎yi4 彧yu3 燊shen2 珺jun5 犇ben2 昇sheng4 旻min3 翾xuan1 晞xi2 瑀yu2 玥yue4 ' +
  '䶮yan4 㛃jie2 㵘man1 㬢xi1 㻢shi1 㼆ying1'

/** Given names that half a generation shares: more than the weights of their characters explain. */
export const fashions = {
  man:
    '建国6 志强8 建华7 志明5 国强6 海涛5 晓东6 俊杰8 志伟6 文杰5 建军7 建平6 国华4 小军3 晓明5 永强4 志刚5 海波4 浩然7 子轩6 宇轩5 梓轩4 ' +
    '子豪5 家豪5 嘉豪3 天宇4 明辉3 文斌3 志鹏4 海龙3 国庆4 建新3 立新2 春雷2 一鹏2 佳俊3',
  woman:
    '秀英6 桂英5 秀兰4 玉兰4 海燕8 雪梅6 丽华5 晓燕7 春梅5 小红4 艳丽3 红梅5 丽娟5 婷婷9 丹丹6 雪莲2 美玲4 思思2 梦婷3 欣怡7 雨涵5 诗涵5 ' +
    '梓涵6 子涵4 佳怡4 雨欣5 思雨4 晓丽3 小丽3 玉梅4 桂兰3 淑芬2 丽丽6 莉莉3 静静3 倩倩4 晶晶4 佳佳3 露露2',
}
