import type { Journal } from './journal.ts'

/** One message that somebody sent, and whether anybody sees it: both platforms drop silently what is too much. */
export type StoredNotice = {
  platform: 'dingtalk' | 'wecom'
  via: 'robot' | 'app'
  /** Epoch ms. */
  atMs: number
  /** User ids; empty: the robot's group. */
  to: string[]
  /** Of them, those who see nothing of it. */
  dropped: { to: string; because: 'rate' | 'daily' | 'duplicate' | 'repeat' }[]
  text: string
}

/** What was received, the latest only. */
export interface Notices {
  add(notice: StoredNotice): void
  all(): StoredNotice[]
}

const MOST = 1000

/** The messages, going on where the journal left them. */
export function createNotices(journal: Journal): Notices {
  const kept = journal.load<StoredNotice>('notice').map(([, notice]) => notice)
  let next = journal.load<number>('noticeSeq')[0]?.[1] ?? 0
  const keyOf = (seq: number) => String(seq).padStart(12, '0')
  return {
    add(notice) {
      journal.put('notice', keyOf(next), notice)
      kept.push(notice)
      if (kept.length > MOST) {
        kept.shift()
        journal.remove('notice', keyOf(next - MOST))
      }
      journal.put('noticeSeq', 'last', ++next)
    },
    all: () => [...kept],
  }
}
