/**
 * Surnames, how they are spelled, and how many of ten thousand people bear them: the shares of the household register's
 * yearly report (王 7.1 %, 李 7.0 %, 张 6.2 %, 刘 5.2 %, 陈 4.6 %) for the first fifty; below these the
 * thousands of rare surnames are added to the ones named here.
 */
export const surnames =
  '王wang710 李li700 张zhang620 刘liu520 陈chen460 杨yang310 黄huang220 赵zhao220 吴wu200 周zhou190 徐xu142 孙sun140 ' +
  '马ma130 朱zhu125 胡hu120 郭guo115 何he115 林lin110 高gao105 罗luo100 郑zheng93 梁liang86 谢xie80 宋song77 唐tang70 ' +
  '许xu68 邓deng65 韩han63 冯feng63 曹cao60 彭peng55 曾zeng55 肖xiao55 田tian52 董dong51 潘pan46 袁yuan46 蔡cai46 ' +
  '蒋jiang45 余yu45 于yu43 杜du43 叶ye42 程cheng42 魏wei40 苏su40 吕lv59 丁ding57 任ren56 卢lu54 姚yao53 沈shen53 ' +
  '钟zhong51 姜jiang51 崔cui50 谭tan50 陆lu48 范fan47 汪wang45 廖liao45 石shi44 金jin44 韦wei42 贾jia42 夏xia41 付fu41 ' +
  '方fang39 邹zou38 熊xiong38 白bai36 孟meng36 秦qin35 邱qiu35 侯hou33 江jiang33 尹yin32 薛xue32 闫yan30 雷lei30 龙long29 ' +
  '黎li29 史shi27 陶tao27 贺he27 毛mao26 段duan26 郝hao26 顾gu26 龚gong26 邵shao24 覃qin24 武wu24 钱qian24 戴dai23 严yan23 ' +
  '莫mo21 孔kong21 向xiang21 常chang20 汤tang20 赖lai20 康kang18 施shi18 文wen18 牛niu18 樊fan17 葛ge17 邢xing17 安an17 ' +
  '齐qi15 易yi15 乔qiao15 伍wu15 庞pang14 颜yan14 倪ni14 庄zhuang14 聂nie14 章zhang14 鲁lu14 岳yue12 翟zhai12 殷yin12 ' +
  '詹zhan12 申shen12 欧ou12 耿geng12 关guan12 兰lan12 焦jiao12 俞yu12 左zuo11 柳liu11 甘gan11 祝zhu11 包bao11 宁ning11 ' +
  '尚shang9 符fu9 舒shu9 阮ruan9 柯ke9 纪ji9 梅mei9 童tong9 凌ling9 毕bi9 单shan9 季ji9 裴pei9 霍huo9 涂tu8 成cheng8 苗miao8 ' +
  '谷gu8 盛sheng8 曲qu8 翁weng8 冉ran8 骆luo8 蓝lan8 路lu8 游you8 辛xin8 靳jin8 管guan6 柴chai6 蒙meng6 鲍bao6 华hua6 喻yu6 ' +
  '祁qi6 蒲pu6 房fang6 滕teng6 屈qu6 饶rao6 解xie6 牟mu6 艾ai6 尤you6 阳yang5 时shi5 穆mu5 农nong5 司si5 卓zhuo5 古gu5 吉ji5 ' +
  '缪miao5 简jian5 车che5 项xiang5 连lian5 芦lu5 麦mai5 褚chu5 娄lou5 窦dou5 戚qi5 岑cen5 景jing5 党dang5 宫gong5 费fei5 ' +
  '卜bu5 冷leng5 晏yan5 席xi5 卫wei5 米mi5 柏bai5 宗zong5 瞿qu5 桂gui5 全quan5 佟tong5 应ying5 臧zang5 闵min5 苟gou5 邬wu5 ' +
  '边bian5 卞bian5 姬ji5 仇qiu5 栾luan5 隋sui5 商shang5 刁diao5 巫wu5 寇kou5 桑sang5 郎lang5 甄zhen5 丛cong5 仲zhong5 虞yu5 ' +
  '敖ao5 巩gong5 明ming5 查zha3 麻ma3 迟chi3 官guan3 封feng3 谈tan3 匡kuang3 鞠ju3 惠hui3 荆jing3 乐le3 冀ji3 郁yu3 胥xu3 ' +
  '南nan3 班ban3 储chu3 原yuan3 栗li3 燕yan3 楚chu3 劳lao3 谌chen3 奚xi3 皮pi3 冼xian3 楼lou3 盘pan3 满man3 闻wen3 位wei3 ' +
  '厉li3 仝tong3 区ou3 郜gao3 海hai3 阚kan3 花hua3 权quan3 帅shuai3 屠tu3 豆dou3 朴piao3 盖ge3'

/** Surnames of two characters: two of a thousand people. */
export const compoundSurnames =
  '欧ou阳yang9 上shang官guan1 司si马ma1 诸zhu葛ge1 司si徒tu1 皇huang甫fu1 慕mu容rong1 东dong方fang1 令ling狐hu1 夏xia侯hou1 ' +
  '端duan木mu1 尉wei迟chi1 公gong孙sun1 长chang孙sun1 宇yu文wen1 轩xuan辕yuan1 南nan宫gong1 独du孤gu1'
