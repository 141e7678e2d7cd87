import { places } from './places.ts'

/** What people did about who is who, and what followed. */
export const acts = {
  heads: ['编号', '时间', '谁', '操作', '改变', '撤回'],
  kinds: {
    link: '关联',
    confirm: '确认',
    merge: '合并为一人',
    unlink: '取消关联',
    split: '拆开一对',
    import: '导入对应表',
    undo: '撤回',
  } as Record<string, string>,
  none: '还没有人改过身份关系。',
  more: (count: number) => `另有 ${count} 处`,
  undoneBy: (act: number) => `已被 ${act} 撤回`,
  undoes: (act: number) => `撤回了 ${act}`,
  nextUndo: '运行 npx qintong undo <编号> 撤回一次操作。',
  undone: (act: number, kind: string, subject: string) => `已撤回操作 ${act}（${kind} ${subject}）。`,
  howToUndo: (act: number) => `这是操作 ${act}；要撤回，运行 npx qintong undo ${act}。`,
  nextSync: '运行 npx qintong sync --route <路线>，等待的打卡随即送出。',
  recalled: (count: number) => `${count} 条还没有送出的打卡已收回，等待正确的关联，不会送给错的人。`,
  delivered: (count: number, states: string) =>
    `在这个关联下已有 ${count} 条到了目标账号名下（${states}）。平台不提供删除，请逐条处理：`,
  deliveredOpen: (count: number, states: string) =>
    `在这个关联下已送出 ${count} 条（${states}），现在没有人说它对还是不对。若确是同一人，重新关联即可，记录不用动；若不是，运行 npx qintong unlink，会列出每条怎样处理。`,
  redirected: (count: number) => `曾送到错的账号的 ${count} 条打卡，下一次同步会送给正确的人。`,
  recordHeads: ['打卡时间', '来自', '送到', '状态'],
  moreRecords: (count: number) =>
    `……另有 ${count} 条；运行 npx qintong links delivered <账号> --csv 列出全部。`,
  states: {
    verified: '已核对',
    sent: '已送出',
    inDoubt: '存疑',
    sending: '正在送',
    alreadyThere: '本来就有',
  } as Record<string, string>,
  whatToDo: {
    verified: `已经记在错的人名下。在 ${places['wecom.correct-punch']} 更正当天的结果；不能更正的，在考勤备注中说明。这条打卡真正的主人关联好之后，下一次同步会补送给本人（以平台还接受的日期为限）；更早的由本人补卡或管理员修改。`,
    sent: '平台已接受，还没有显示。当作已经记在错的人名下处理；过一会儿再查，显示之后再更正。',
    inDoubt: '不知道平台有没有收下。先到同一页面查看：有就更正，没有就不用管；它不会再送给这个人。',
    sending:
      '取消关联时正在发送，已经叫不回来。过一会儿用 npx qintong links delivered 再查它的结果，然后照那个状态处理。',
    alreadyThere: '不是我们写的：目标账号自己在同一秒就有打卡，不需要处理。',
  } as Record<string, string>,
  nothingDelivered: '这个账号名下没有送出过任何打卡。',
  total: (count: number) => `共 ${count} 条。`,
}
