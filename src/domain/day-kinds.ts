/**
 * What the law makes of a day: work on it, beyond the shift on a workday, is paid at 150, 200 or 300 %. `rest` are weekends
 * and the days that a long holiday borrows; `statutory` are the thirteen days themselves (eleven until 2024).
 */
export type DayKind = 'workday' | 'rest' | 'statutory'

/** One year as the State Council arranged it; days are `MM-DD`, `MM-DD..DD` a stretch. `noticeOf` null: by the law alone. */
type Arrangement = {
  year: number
  statutory: string
  off: string
  /** Weekend days that are worked instead. */
  worked: string
  noticeOf: string | null
  source: string
}

/**
 * The next year's notice comes in October or November and is one more row here. Which days are statutory: 全国年节及纪念日
 * 放假办法, since 2025-01-01 as of 国务院令第795号. Checked 2026-11 against the open data set holiday-cn.
 */
const arrangements: readonly Arrangement[] = [
  {
    year: 2024,
    statutory: '01-01 02-10..12 04-04 05-01 06-10 09-17 10-01..03',
    off: '02-13..17 04-05..06 05-02..05 09-15..16 10-04..07',
    worked: '02-04 02-18 04-07 04-28 05-11 09-14 09-29 10-12',
    noticeOf: '2023-10-25',
    source: '国办发明电〔2023〕7号',
  },
  {
    year: 2025,
    statutory: '01-01 01-28..31 04-04 05-01..02 05-31 10-01..03 10-06',
    off: '02-01..04 04-05..06 05-03..05 06-01..02 10-04..05 10-07..08',
    worked: '01-26 02-08 04-27 09-28 10-11',
    noticeOf: '2024-11-12',
    source: '国办发明电〔2024〕12号',
  },
  {
    year: 2026,
    statutory: '01-01 02-16..19 04-05 05-01..02 06-19 09-25 10-01..03',
    off: '01-02..03 02-15 02-20..23 04-04 04-06 05-03..05 06-20..21 09-26..27 10-04..07',
    worked: '01-04 02-14 02-28 05-09 09-20 10-10',
    noticeOf: '2025-11-04',
    source: '国办发明电〔2025〕7号',
  },
  {
    year: 2027,
    statutory: '01-01 02-05..08 04-05 05-01..02 06-09 09-15 10-01..03',
    off: '',
    worked: '',
    noticeOf: null,
    source: '国务院令第795号',
  },
]

/**
 * Days (`YYYY-MM-DD`, Asia/Shanghai) whose kind the weekday alone does not tell; any other goes by its weekday. A year
 * without a notice has its statutory days only, one without a row none.
 */
export const arrangedDays: ReadonlyMap<string, DayKind> = new Map(
  arrangements.flatMap(({ year, statutory, off, worked }) => [
    ...daysOf(year, off).map((day) => [day, 'rest'] as const),
    ...daysOf(year, worked).map((day) => [day, 'workday'] as const),
    ...daysOf(year, statutory).map((day) => [day, 'statutory'] as const),
  ]),
)

function daysOf(year: number, stretches: string): string[] {
  return stretches
    .split(' ')
    .filter((stretch) => stretch !== '')
    .flatMap((stretch) => {
      const [, month, first, last = first] = /^(\d\d)-(\d\d)(?:\.\.(\d\d))?$/.exec(stretch)!
      const count = Number(last) - Number(first) + 1
      return Array.from(
        { length: count },
        (_, i) => `${year}-${month}-${String(Number(first) + i).padStart(2, '0')}`,
      )
    })
}
