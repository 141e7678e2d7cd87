import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { alarmPolicies } from '#domain/alarms/policy.ts'
import type { FailureCode } from '#domain/failures.ts'
import { publicName } from '#messages/messages.ts'
import { failures } from '#messages/zh/failures.ts'
import { describeSettings } from '#settings/settings.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const pages = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true })
    .map((name) => join('docs', String(name)))
    .filter((name) => name.endsWith('.md')),
]

const withoutCode = (text: string) => text.replace(/^( *)```[\s\S]*?^\1```/gm, '')
const headings = (text: string) =>
  [...withoutCode(text).matchAll(/^(#+) (.+)$/gm)].map(([, marks = '', title = '']) => ({
    level: marks.length,
    title,
  }))
/** The anchor a heading gets: lower-case, punctuation gone, blanks as hyphens. */
const anchorOf = (title: string) =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')

test.for(pages)('every link of %s leads somewhere', (page) => {
  const links = [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
  const broken = links.filter((target) => {
    if (/^https?:/.test(target)) return false
    const [path = '', anchor] = target.split('#')
    const file = path === '' ? page : join(dirname(page), path)
    if (!existsSync(join(root, file))) return true
    return anchor !== undefined && !headings(read(file)).some(({ title }) => anchorOf(title) === anchor)
  })
  expect(broken).toEqual([])
})

test.for([
  ['README.md', 'README.zh-CN.md'],
  ['docs/when-things-go-wrong.md', 'docs/when-things-go-wrong.zh-CN.md'],
] as const)('%s and %s tell the same in the same order', ([en, zh]) => {
  expect(headings(read(zh)).map(({ level }) => level)).toEqual(headings(read(en)).map(({ level }) => level))
  const rows = (page: string) => read(page).match(/^ *\|/gm)?.length
  expect(rows(zh)).toBe(rows(en))
  expect(read(en)).toContain(relative(dirname(en), zh))
  expect(read(zh)).toContain(relative(dirname(zh), en))
})

test.for(['docs/when-things-go-wrong.md', 'docs/when-things-go-wrong.zh-CN.md'])(
  'every failure we expect is explained in %s',
  (page) => {
    const codes = (Object.keys(failures) as FailureCode[]).map(publicName)
    const text = read(page)
    expect(codes.filter((code) => !text.includes(`\`${code}\``))).toEqual([])
  },
)

test.for(['docs/when-things-go-wrong.md', 'docs/when-things-go-wrong.zh-CN.md'])(
  'every alarm is explained in %s',
  (page) => {
    const text = read(page)
    expect(Object.keys(alarmPolicies).filter((code) => !text.includes(`\`${code}\``))).toEqual([])
  },
)

test('docs/settings.md is what the table of settings says (vitest -u writes it anew)', async () => {
  const table = (lang: 'zh' | 'en', head: string) =>
    [
      head,
      '|---|---|---|',
      ...describeSettings(lang).map(
        ({ variable, preset, text }) =>
          `| \`${variable}\` | ${preset === '' ? '–' : `\`${preset}\``} | ${text} |`,
      ),
    ].join('\n')
  const text = [
    '# Settings 设置',
    'Made from `src/settings/settings.ts`; do not edit. Every setting is an environment variable; an empty one counts as absent. Durations are written `90s`, `45m`, `12h`, `1d`, `1h30m`.',
    table('en', '| variable | default | meaning |'),
    '所有设置都是环境变量，留空等于没有设置。时长写作 `90s`、`45m`、`12h`、`1d`、`1h30m`。',
    table('zh', '| 变量 | 默认值 | 意思 |'),
  ].join('\n\n')
  await expect(`${text}\n`).toMatchFileSnapshot('../docs/settings.md')
})

test('no page tells where somebody keeps things on a machine', () => {
  const machinePath = /(?:^|[\s"'`(=])\/(?:root|home|work|Users|tmp)\//m
  expect(pages.filter((page) => machinePath.test(read(page)))).toEqual([])
})
