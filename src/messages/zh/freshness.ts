import type { UnknownBecause } from '#domain/freshness.ts'

/** Of whom it is not known whether everything was read, and what to do about it. Names and counts arrive written out. */
export const freshness = {
  because: {
    'never-read': '还没有读过他们的记录，下一次同步会读',
    gap: '中间有几天没有读到',
    refused: '平台拒绝回答',
    unreadable: '有打卡记录读不出时间',
    ownerless: '同一份应答里有一行看不出是谁的',
  } as Record<UnknownBecause, string>,
  unknown: (count: string, reasons: string) => `另有 ${count} 人未知：${reasons}。`,
  reason: (because: string, count: string, names: string) => `${because}（${count} 人：${names}）`,
  andMore: (names: string) => `${names}等`,
  nameSeparator: '、',
  reasonSeparator: '；',
  next: {
    gap: '把没有读到的几天补上：',
    refused: '查看平台给出的原因：',
    unreadable:
      '原样的记录已保留。平台改好后，下一次同步会自动补上；一直如此，请带上调用日志里的请求编号问平台。',
  },
}
