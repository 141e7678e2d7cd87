/** 班次: planned hours, as both platforms would hold them. Seconds since 00:00 of the shift's date; past midnight they exceed 86400. */
export type ShiftName = 'day' | 'night' | 'split'
/** One planned point. A punch inside [from, to) is filed under it. */
export type Slot = { kind: 'in' | 'out'; planned: number; from: number; to: number; section: number }
/** One shift and the attendance group that works it. */
export type Shift = {
  name: ShiftName
  title: string
  group: string
  /** The platforms' numbers for group and shift. */
  groupId: number
  classId: number
  slots: Slot[]
}

const hours = (n: number): number => Math.round(n * 3600)
const slot = (kind: 'in' | 'out', section: number, planned: number, from: number, to: number): Slot => ({
  kind,
  section,
  planned: hours(planned),
  from: hours(from),
  to: hours(to),
})

/** The three shifts of the sample company. */
export const shifts: Record<ShiftName, Shift> = {
  day: {
    name: 'day',
    title: '白班 09:00-18:00',
    group: '白班考勤组',
    groupId: 685935001,
    classId: 677995001,
    slots: [slot('in', 1, 9, 5, 13.5), slot('out', 1, 18, 13.5, 29)],
  },
  night: {
    name: 'night',
    title: '夜班 22:00-次日06:00',
    group: '夜班考勤组',
    groupId: 685935002,
    classId: 677995002,
    slots: [slot('in', 1, 22, 18, 26), slot('out', 1, 30, 26, 38)],
  },
  split: {
    name: 'split',
    title: '两段班 08:30-12:00 13:30-17:30',
    group: '仓储考勤组',
    groupId: 685935003,
    classId: 677995003,
    slots: [
      slot('in', 1, 8.5, 5, 10.25),
      slot('out', 1, 12, 10.25, 12.75),
      slot('in', 2, 13.5, 12.75, 15.25),
      slot('out', 2, 17.5, 15.25, 29),
    ],
  },
}
