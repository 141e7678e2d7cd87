import { type Script, type Seen, scripted } from '#platforms/test-kit.ts'
import { createWecomConnector } from '#platforms/wecom/connector.ts'

export const simpleDepartments = '/cgi-bin/department/simplelist'
export const departments = '/cgi-bin/department/list'
export const userList = '/cgi-bin/user/list'
export const userSimple = '/cgi-bin/user/simplelist'
export const userGet = '/cgi-bin/user/get'
export const userId = '/cgi-bin/user/getuserid'
export const rules = '/cgi-bin/checkin/getcorpcheckinoption'
export const checkins = '/cgi-bin/checkin/getcheckindata'
export const add = '/cgi-bin/checkin/add_checkin_record'

export const says = (errcode: number, errmsg: string) => ({
  errcode,
  errmsg: `${errmsg}, hint: [1785718500], from ip: 203.0.113.9, more info at https://open.work.weixin.qq.com/devtool/query?e=${errcode}`,
})

export const members: Record<string, object[]> = {
  1: [{ userid: 'boss', name: '老板', department: [1], status: 1 }],
  2: [
    {
      userid: 'ZhangSan',
      name: '张三',
      department: [2, 3],
      status: 1,
      mobile: '13800000000',
      extattr: { attrs: [{ type: 0, name: '工号', text: { value: 'A0001' } }] },
    },
  ],
  3: [
    { userid: 'zhangsan', name: '张三', department: [2, 3] },
    { userid: '007', name: '李四', department: ['3'], status: '4' },
  ],
}
/** Answers shaped like the manual's samples, numbers in quotes here and there as live ones are. */
export const company: Script = {
  [simpleDepartments]: {
    errcode: 0,
    errmsg: 'ok',
    department_id: [
      { id: 1, parentid: 0, order: 4294967295 },
      { id: '2', parentid: '1' },
      { id: 3, parentid: 2 },
    ],
  },
  [departments]: {
    errcode: 0,
    department: [
      { id: 1, name: '示例集团', parentid: 0 },
      { id: 2, name: '研发中心', name_en: '', parentid: 1 },
      { id: 3, name: '前端', parentid: 2 },
    ],
  },
  [userList]: (seen: Seen) => ({ userlist: members[seen.query['department_id']!] ?? [] }),
  [rules]: { errcode: 0, errmsg: 'ok', group: [{ groupid: '12', something_new: [1] }] },
  [checkins]: { errcode: 0, errmsg: 'ok', checkindata: [] },
  [add]: { errcode: 0, errmsg: 'ok' },
}

/** For tests: a connector before a scripted company of three, in which the script's changes hold. */
export function connect(changes: Script = {}) {
  const kit = scripted('wecom', { ...company, ...changes })
  return { ...kit, wecom: createWecomConnector({ ...kit, jobNumber: { from: 'extattr', name: '工号' } }) }
}
