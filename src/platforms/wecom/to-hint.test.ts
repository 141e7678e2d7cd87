import fc from 'fast-check'
import { expect, test } from 'vitest'
import { toWecomHints } from './to-hint.ts'

const event = (name: string, inside = '') =>
  `<xml><ToUserName>ww0001</ToUserName><FromUserName><![CDATA[zhangsan]]></FromUserName><CreateTime>1785718800</CreateTime><MsgType>event</MsgType><Event>${name}</Event>${inside}</xml>`
const change = (type: string, inside = '') =>
  event('change_contact', `<ChangeType>${type}</ChangeType>${inside}`)
const other = [{ kind: 'other' }]

test.for([
  { what: 'subscribe', body: event('subscribe'), gives: [{ kind: 'contacts', userIds: ['zhangsan'] }] },
  { what: 'unsubscribe', body: event('unsubscribe'), gives: [{ kind: 'contacts', userIds: ['zhangsan'] }] },
  {
    what: 'a member is created',
    body: change('create_user', '<UserID>lisi</UserID><Department>1,2</Department>'),
    gives: [{ kind: 'contacts', userIds: ['lisi'] }],
  },
  {
    what: 'a member is changed',
    body: change('update_user', '<UserID>lisi</UserID>'),
    gives: [{ kind: 'contacts', userIds: ['lisi'] }],
  },
  {
    what: 'a member gets another user id',
    body: change('update_user', '<UserID>lisi</UserID><NewUserID><![CDATA[li.si]]></NewUserID>'),
    gives: [
      { kind: 'userIdChanged', from: 'lisi', to: 'li.si' },
      { kind: 'contacts', userIds: ['li.si'] },
    ],
  },
  {
    what: 'the new user id is the old one',
    body: change('update_user', '<UserID>lisi</UserID><NewUserID>lisi</NewUserID>'),
    gives: [{ kind: 'contacts', userIds: ['lisi'] }],
  },
  {
    what: 'a member is deleted',
    body: change('delete_user', '<UserID>lisi</UserID>'),
    gives: [{ kind: 'contacts', userIds: ['lisi'] }],
  },
  {
    what: 'a department is created',
    body: change('create_party', '<Id>2</Id><ParentId>1</ParentId>'),
    gives: [{ kind: 'contacts', userIds: [] }],
  },
  {
    what: 'a tag is changed',
    body: change(
      'update_tag',
      '<TagId>1</TagId><AddUserItems>a,b</AddUserItems><DelUserItems>c</DelUserItems>',
    ),
    gives: [{ kind: 'contacts', userIds: ['a', 'b', 'c'] }],
  },
  {
    what: 'a change nobody told us about',
    body: change('merge_user', '<UserID>lisi</UserID>'),
    gives: [{ kind: 'contacts', userIds: [] }],
  },
  {
    what: 'an approval moves',
    body: event(
      'sys_approval_change',
      '<ApprovalInfo><SpNo>202611220001</SpNo><Applyer><UserId>lisi</UserId><Party>2</Party></Applyer><StatuChangeEvent>2</StatuChangeEvent></ApprovalInfo>',
    ),
    gives: [{ kind: 'approval', userIds: ['lisi'] }],
  },
  {
    what: 'an approval without its applicant',
    body: event('sys_approval_change', '<ApprovalInfo></ApprovalInfo>'),
    gives: [{ kind: 'approval', userIds: [] }],
  },
  { what: 'an import ends', body: event('batch_job_result'), gives: [{ kind: 'contacts', userIds: [] }] },
  { what: 'an event of no concern', body: event('enter_agent'), gives: other },
  { what: 'an event named like a property', body: event('constructor'), gives: other },
  {
    what: 'a change named like a property',
    body: change('constructor'),
    gives: [{ kind: 'contacts', userIds: [] }],
  },
  { what: 'a message', body: '<xml><MsgType>text</MsgType><Event>subscribe</Event></xml>', gives: other },
  { what: 'no XML', body: '{}', gives: other },
])('$what', ({ body, gives }) => {
  expect(toWecomHints({ body })).toEqual(gives)
})

test('whatever stands where an id should be, a hint can be kept', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
      for (const hint of toWecomHints({
        body: change('create_user', `<UserID><![CDATA[${text}]]></UserID>`),
      }))
        if (hint.kind === 'contacts')
          for (const id of hint.userIds) expect(id.isWellFormed() && id.length <= 64).toBe(true)
    }),
  )
})
