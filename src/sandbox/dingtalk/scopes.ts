import type { World } from '../world.ts'

/** The permission points an administrator would grant the sandbox's app. */
export const allScopes = [
  'qyapi_base',
  'qyapi_get_attendance_data',
  'qyapi_attendance_group_read',
  'Pro.AttendanceRecord.Write',
  'qyapi_get_department_list',
  'qyapi_get_department_member',
  'qyapi_get_member',
  'qyapi_get_member_by_mobile',
]

/** What is granted now. A token keeps what it was issued with; what is taken away is gone at once. */
export const scopesOf = ({ faults }: World): string[] =>
  allScopes.filter((scope) => !(faults.values.permissionMissing.dingtalk ?? []).includes(scope))
