import { existsSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningHttp, startHttp } from '#http/start-http.ts'
import { aReport, aRoute, aRun, busyCompany, httpOptions } from '#http/test-kit.ts'
import { launchChromium } from '../support/chromium.ts'
import { faintTexts, labelOf, rightmost, selectedText } from './in-page.js'

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const isHere = existsSync(executablePath)
const missing = `no browser at ${executablePath}: install the package chromium, or name the program in CHROMIUM`

test('a browser is here', ({ skip }) => {
  if (!isHere && process.env['CI'] !== 'true') skip(missing)
  expect(isHere, missing).toBe(true)
})

describe.runIf(isHere)('the status page in a browser', () => {
  let browser: Browser
  const running: Record<string, RunningHttp> = {}

  beforeAll(async () => {
    browser = await launchChromium()
    running['busy'] = await startHttp({ ...httpOptions(busyCompany()), port: 0 })
    running['well'] = await startHttp({ ...httpOptions({ routes: [aRoute()], runs: [aRun()] }), port: 0 })
    running['empty'] = await startHttp({ ...httpOptions(), port: 0 })
  })
  afterAll(async () => {
    await browser?.close()
    for (const one of Object.values(running)) await one.close()
  })

  async function opened(
    company: string,
    path: string,
    look: { width: number; colorScheme?: 'light' | 'dark'; locale?: string },
  ) {
    const { width, ...rest } = look
    const page = await browser.newPage({ viewport: { width, height: 900 }, ...rest })
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(String(error)))
    await page.goto(running[company]!.url + path)
    return { page, complaints }
  }

  const words = {
    zh: [
      '勤通',
      '截至',
      '120 人中 118 人的打卡记录完整',
      '还没有了结的打卡',
      '待关联',
      '平台调用额度',
      '最近的同步',
      '<script>alert(1)</script>',
    ],
    en: [
      'Qintong',
      'Up to',
      'the punches of 118 of 120 people are complete',
      'Punches not settled yet',
      'held',
      'Platform call quota',
      'Latest syncs',
    ],
  }

  describe.for([1440, 390])('%d px wide', (width) => {
    test.for(['zh', 'en'] as const)(
      'everything stands within the width and can be read, in %s',
      async (lang) => {
        for (const company of ['busy', 'well', 'empty']) {
          const { page, complaints } = await opened(company, `/?lang=${lang}`, { width })
          expect(await page.evaluate(rightmost), company).toBeLessThanOrEqual(width)
          expect(complaints).toEqual([])
          if (company === 'busy') {
            const text = (await page.locator('body').innerText()).replace(/\s+/g, ' ')
            for (const expected of words[lang]) expect(text).toContain(expected)
            expect(await page.locator('html').getAttribute('lang')).toBe(lang === 'zh' ? 'zh-CN' : 'en')
          }
          await page.close()
        }
      },
    )

    test.for(['light', 'dark'] as const)(
      'every word has the contrast that WCAG AA asks for, %s',
      async (colorScheme) => {
        for (const company of ['busy', 'well', 'empty']) {
          const { page } = await opened(company, '/?lang=zh', { width, colorScheme })
          expect(await page.evaluate(faintTexts), company).toEqual([])
          await page.close()
        }
      },
    )
  })

  test('long ids and names break instead of widening the page', async () => {
    const long = 'a'.repeat(300)
    const id = 'a'.repeat(40)
    const told = busyCompany()
    told.routes.push(aRoute({ route: id, quota: [{ connection: id, used: 1, quota: 10 }] }))
    told.runs.push(aRun({ route: id, report: { ...aReport(), punches: { read: 123_456_789 } } }))
    for (const person of told.people) {
      person.name = long
      for (const account of [...person.accounts, ...person.candidates]) account.userId = long
    }
    const narrow = await startHttp({ ...httpOptions(told), port: 0 })
    running['long'] = narrow
    for (const width of [1440, 390]) {
      const { page } = await opened('long', '/', { width })
      expect(await page.evaluate(rightmost)).toBeLessThanOrEqual(width)
      await page.close()
    }
  })

  test('a table is a table where there is room, and cards that name their columns where there is none', async () => {
    const wide = await opened('well', '/?lang=en', { width: 1440 })
    expect(await wide.page.getByRole('columnheader', { name: 'Window' }).isVisible()).toBe(true)
    const narrow = await opened('well', '/?lang=en', { width: 390 })
    const label = await narrow.page.locator('td').nth(2).evaluate(labelOf)
    expect(label).toBe('"Window"')
    expect(await narrow.page.getByRole('table').count()).toBe(1)
  })

  test('the browser decides the language until somebody asks for the other one', async () => {
    const { page } = await opened('well', '/', { width: 1440, locale: 'en-GB' })
    expect(await page.locator('h1').innerText()).toBe('All is well: nothing waits for a person')
    await page.getByRole('link', { name: '中文' }).click()
    expect(await page.locator('h1').innerText()).toBe('一切就绪，没有需要人处理的事')
    const chinese = await opened('well', '/', { width: 1440, locale: 'zh-CN' })
    expect(await chinese.page.locator('html').getAttribute('lang')).toBe('zh-CN')
  })

  test('landmarks and headings tell the same story to who cannot see the page', async () => {
    const { page } = await opened('busy', '/?lang=en', { width: 1440 })
    for (const role of ['banner', 'main', 'contentinfo'] as const)
      expect(await page.getByRole(role).count()).toBe(1)
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1)
    expect(await page.getByRole('heading', { level: 2 }).allInnerTexts()).toEqual([
      'Route hq',
      'Route suzhou-factory',
      'Route shenzhen',
      'Platform call quota',
      'Latest syncs',
    ])
    expect(await page.getByRole('article', { name: 'Route hq' }).count()).toBe(1)
  })

  test('a command is copied as it must be typed, however it was broken into lines', async () => {
    const { page } = await opened('busy', '/?lang=en', { width: 390 })
    const copied = await page.locator('.people .command').first().evaluate(selectedText)
    expect(copied).toBe('npx qintong link hq-dingtalk:u017 hq-wecom:ouyangnana')
  })

  test('an unknown address in a browser is a page with the way back', async () => {
    const { page } = await opened('well', '/nothing', { width: 390, locale: 'zh-CN' })
    expect(await page.locator('h1').innerText()).toBe('没有这个地址')
    await page.getByRole('link', { name: '回到同步状态' }).click()
    expect(await page.locator('h1').innerText()).toBe('一切就绪，没有需要人处理的事')
  })
})
