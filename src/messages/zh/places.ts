/** A failure in words. */
export type Words = { title: string; hint: string }

/** Exact console pages, by the keys the connectors use. */
export const places = {
  'dingtalk.credentials': '钉钉开发者后台 → 应用开发 → 企业内部应用 → 本应用 → 凭证与基础信息',
  'dingtalk.permissions': '钉钉开发者后台 → 应用开发 → 企业内部应用 → 本应用 → 开发配置 → 权限管理',
  'dingtalk.contacts-scope': '钉钉开发者后台 → 本应用 → 开发配置 → 权限管理 → 通讯录接口权限范围',
  'dingtalk.publish': '钉钉开发者后台 → 本应用 → 应用发布 → 版本管理与发布',
  'dingtalk.ip-list': '钉钉开发者后台 → 本应用 → 开发配置 → 安全设置 → 服务器出口IP',
  'dingtalk.quota': '钉钉开发者后台 → 首页 → 资源用量',
  'wecom.secret': '企业微信管理后台 → 应用管理 → 自建 → 本应用',
  'wecom.visible-range': '企业微信管理后台 → 应用管理 → 自建 → 本应用 → 可见范围',
  'wecom.trusted-ip': '企业微信管理后台 → 应用管理 → 自建 → 本应用 → 开发者接口 → 企业可信IP',
  'wecom.corp-id': '企业微信管理后台 → 我的企业 → 企业信息 → 企业ID',
  'wecom.mobile-hidden': '企业微信不向 2022-06-20 之后新建的应用提供手机号，没有可以打开的开关',
  'wecom.checkin-api-apps': '企业微信管理后台 → 应用管理 → 打卡 → API → 可调用接口的应用',
  'wecom.correct-punch':
    '企业微信管理后台（work.weixin.qq.com）→ 应用管理 → 打卡 → 统计 → 每日统计 → 该成员当天',
  'host.clock': '本机的系统时间设置',
  'host.network': '本机的网络、防火墙与 HTTPS_PROXY',
} as const
