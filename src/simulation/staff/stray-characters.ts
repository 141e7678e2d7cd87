/** Characters an input method offers where names are typed, beyond those that names are made of. */
export const strayCharacters =
  '己ji 已yi 末mo 未wei 清qing 请qing 情qing 睛jing 详xiang 岗gang 宋song 容rong 字zi 遥yao 谣yao 营ying 萤ying 停ting 西xi ' +
  '侍shi 待dai 住zhu 官guan 晒shai 恺kai 闵min 闽min 炎yan 谈tan 廷ting 延yan 朋peng 晰xi 淅xi 婉wan 宛wan 祯zhen 桢zhen 侦zhen ' +
  '竣jun 峻jun 皎jiao 姣jiao 绞jiao 伶ling 聆ling 铃ling 零ling 岭ling 领ling 惟wei 唯wei 苇wei 纬wei 为wei 卫wei 蔚wei 方fang ' +
  '房fang 防fang 访fang 姗shan 栅shan 徽hui 微wei 抚fu 洁jie 捷jie 婕jie 节jie 杰jie 劫jie 静jing 净jing 靖jing 境jing 镜jing ' +
  '竟jing 敬jing 苹ping 屏ping 瓶ping 坪ping 凭ping 影ying 映ying 盈ying 赢ying 迎ying 蕴yun 韵yun 运yun 匀yun 昀yun 耘yun ' +
  '芸yun 妤yu 渝yu 瑜yu 愉yu 榆yu 逾yu 谕yu 煜yu 昱yu 郁yu 玉yu 裕yu 豫yu 炫xuan 玄xuan 萱xuan 喧xuan 宣xuan 暄xuan 艺yi 忆yi 易yi ' +
  '益yi 翊yi 毅yi 谊yi 珠zhu 竹zhu 筑zhu 贞zhen 真zhen 甄zhen 臻zhen 振zhen 镇zhen 阵zhen 琛chen 辰chen 臣chen 沉chen 宸chen ' +
  '城cheng 承cheng 程cheng 澄cheng 橙cheng 呈cheng 晶jing 京jing 经jing 菁jing 精jing 旌jing 骞qian 谦qian 迁qian 茜qian ' +
  '芊qian 千qian 钱qian 前qian 虔qian 秋qiu 丘qiu 邱qiu 婵chan 禅chan 缠chan 苓ling 玲ling 凌ling 陵ling 菱ling 绫ling 棱leng ' +
  '泠ling 岚lan 蓝lan 澜lan 兰lan 览lan 炼lian 练lian 恋lian 莲lian 廉lian 涟lian 怜lian 联lian 濂lian 俪li 励li 历li 立li 莉li ' +
  '例li 丽li 厉li 砾li 沥li 蜜mi 觅mi 密mi 冕mian 缅mian 免mian 淇qi 琦qi 棋qi 旗qi 祁qi 奇qi 崎qi 骐qi 齐qi 其qi 琪qi 晗han 函han ' +
  '涵han 韩han 寒han 含han 灏hao 颢hao 皓hao 昊hao 号hao 浩hao 豪hao 毫hao 濠hao 翰han 瀚han 汉han 菏he 荷he 合he 和he 河he 禾he ' +
  '何he 弘hong 鸿hong 泓hong 红hong 宏hong 虹hong 洪hong 烘hong 桦hua 画hua 话hua 化hua 花hua 骅hua 煌huang 璜huang 晃huang ' +
  '皇huang 晖hui 挥hui 惠hui 慧hui 蕙hui 会hui 汇hui 卉hui 绘hui 晦hui 佑you 祐you 又you 右you 友you 有you 由you 油you 柚you ' +
  '悠you 优you 幽you 尤you 犹you 桐tong 潼tong 童tong 瞳tong 彤tong 统tong 同tong 铜tong'
