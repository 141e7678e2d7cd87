/** Exact console pages, by the keys the connectors use. The consoles are Chinese: their own names stand in brackets. */
export const places: Record<string, string> = {
  'dingtalk.credentials': 'DingTalk developer console → this app → Credentials (凭证与基础信息)',
  'dingtalk.permissions': 'DingTalk developer console → this app → Permissions (开发配置 → 权限管理)',
  'dingtalk.contacts-scope':
    'DingTalk developer console → this app → Permissions → contacts range (通讯录接口权限范围)',
  'dingtalk.publish': 'DingTalk developer console → this app → Releases (版本管理与发布)',
  'dingtalk.ip-list':
    'DingTalk developer console → this app → Security settings → egress IPs (安全设置 → 服务器出口IP)',
  'dingtalk.quota': 'DingTalk developer console → home → resource usage (资源用量)',
  'wecom.secret': 'WeCom admin console → Apps → self-built → this app (应用管理 → 自建)',
  'wecom.visible-range': 'WeCom admin console → Apps → this app → visible range (可见范围)',
  'wecom.trusted-ip': 'WeCom admin console → Apps → this app → trusted IPs (开发者接口 → 企业可信IP)',
  'wecom.corp-id': 'WeCom admin console → My company → company id (我的企业 → 企业信息 → 企业ID)',
  'wecom.mobile-hidden':
    'WeCom gives no mobile numbers to apps made after 2022-06-20; there is no switch for it',
  'wecom.checkin-api-apps':
    'WeCom admin console → Apps → Check-in → API → apps that may call it (应用管理 → 打卡 → API → 可调用接口的应用)',
  'wecom.correct-punch':
    'WeCom admin console → Apps → Check-in → statistics → daily → that member on that day (应用管理 → 打卡 → 统计 → 每日统计)',
  'host.clock': 'system time of this machine',
  'host.network': 'network, firewall and HTTPS_PROXY of this machine',
}
