// The desk by itself: without a script, by keyboard, with drafts that survive, and every page at both sizes.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { engine, startApp } from './support/app.mjs';
import { DESK, newPerson, openBrowser, PHONE } from './support/browser.mjs';
import { look } from './support/look.mjs';
import { assertAccessible } from './support/axe.mjs';
import { choose, hireStaff, signIn } from './support/people.mjs';

const CALL = {
  complainant_phone: '13837120001',
  complainant_name: '陈晓梅',
  complainant_address: '郑州市二七区大学路11号',
  respondent_name: '二七区好日子家电商行',
  respondent_address: '郑州市二七区大学路40号',
  goods: '电饭煲',
  amount: '399',
  facts: '用了三天内胆起皮，店里说是人为，不给换。',
};

describe(`the desk (${engine})`, () => {
  let app;
  let browser;
  let dispatcher;
  let number;

  before(async () => {
    app = await startApp({ region: '410103' });
    browser = await openBrowser();
    await hireStaff(app);
    dispatcher = await signIn(browser, app, 'dispatcher');
  });
  after(async () => {
    await browser?.close();
    await app?.stop();
  });

  async function fill(page, call) {
    for (const [name, value] of Object.entries(call)) await page.fill(`#f-${name}`, value);
  }

  test('a call is registered without a script: all faults at once, then number and code', async () => {
    const cookies = await dispatcher.context().cookies();
    const page = await newPerson(browser, app, { javaScript: false });
    await page.context().addCookies(cookies);
    await page.goto('/desk/register');
    await page.fill('#f-complainant_phone', '1380');
    await page.click('.send-row button:has-text("登记")');
    assert.ok((await page.locator('.field-error').count()) >= 5, 'every fault at once');
    assert.equal(await page.inputValue('#f-complainant_phone'), '1380', 'what was typed is kept');
    await fill(page, CALL);
    await choose(page, 'demands', 'refund');
    await page.click('.send-row button:has-text("登记")');
    await page.waitForURL('**/desk/register/done/*');
    number = new URL(page.url()).pathname.split('/').at(-1);
    assert.match(number, /^410103-\d{4}-\d{6}$/);
    await page.getByText('查询码', { exact: true }).waitFor();
    await page.goto('/desk/register');
    await page.fill('#f-complainant_phone', CALL.complainant_phone);
    await page.click('button:has-text("查")');
    await page.locator(`[data-caller] a[href="/desk/cases/${number}"]`).waitFor();
    await page.context().close();
  });

  test('the caller is recognised while the number is typed, and the draft survives a crash', async () => {
    const page = dispatcher;
    await page.goto('/desk/register');
    await page.fill('#f-complainant_phone', CALL.complainant_phone);
    await page.locator(`[data-caller] a[href="/desk/cases/${number}"]`).waitFor();
    await page.fill('#f-goods', '微波炉');
    await page.getByText(/草稿已保存 \d\d:\d\d/).waitFor();
    await page.goto('about:blank');
    await page.goto('/desk/register');
    await page.getByText('没有填完的登记 1 份').click();
    await Promise.all([page.waitForEvent('load'), page.getByRole('link', { name: /微波炉/ }).click()]);
    assert.equal(await page.inputValue('#f-goods'), '微波炉');
    await page.goto('/desk/register');
    await page.getByText('没有填完的登记 1 份').click();
    await Promise.all([page.waitForEvent('load'), page.getByRole('button', { name: /不要了/ }).click()]);
    assert.equal(await page.getByText('没有填完的登记').count(), 0);
  });

  test('the queue is worked with the keyboard', async () => {
    const page = dispatcher;
    await page.goto('/desk');
    await page.locator(`a.row-link[href="/desk/cases/${number}"]`).waitFor();
    await page.keyboard.press('?');
    await page.locator('dialog#keys[open]').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('dialog#keys[open]').waitFor({ state: 'detached' });
    await page.keyboard.press('/');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'find');
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/desk/cases/${number}`);
    await page.keyboard.press('g');
    await page.keyboard.press('c');
    await page.waitForURL('**/desk/cases');
  });

  test('filters live in the address bar and are taken off one by one', async () => {
    const page = dispatcher;
    await page.goto('/desk?view=all');
    await page.getByText('筛选、导出').click();
    await page.selectOption('#f-status', 'registered');
    await page.selectOption('#f-channel', 'phone');
    await page.getByRole('button', { name: '筛选', exact: true }).click();
    await page.waitForURL((address) => address.searchParams.get('status') === 'registered');
    assert.equal(await page.locator('.chip').count(), 2);
    await page.locator('.chip', { hasText: '渠道' }).click();
    await page.waitForURL((address) => !address.searchParams.get('channel'));
    await page.locator(`a.row-link[href="/desk/cases/${number}"]`).waitFor();
    await page.goto('/desk?view=all&status=mediating');
    await page.getByText('没有符合这些条件的案件').waitFor();
  });

  test('who the caller is stands in full only after a reason, and only once', async () => {
    const page = dispatcher;
    await page.goto(`/desk/cases/${number}`);
    assert.equal(await page.getByText(CALL.complainant_name).count(), 0);
    await page.getByRole('link', { name: '查看完整信息' }).click();
    await page.getByLabel('为什么要看').fill('电话约定调解时间');
    await page.getByRole('button', { name: '记录并查看' }).click();
    await page.getByText(CALL.complainant_name).first().waitFor();
    await page.goto(`/desk/cases/${number}`);
    assert.equal(await page.getByText(CALL.complainant_name).count(), 0);
  });

  test('an act that is not lawful says why, with the article', async () => {
    const page = dispatcher;
    await page.goto(`/desk/cases/${number}`);
    await page.getByText(/现在不能办的 \d+ 项/).click();
    await page.locator('.not-now details', { hasText: '告知结果' }).locator('summary').click();
    await page.getByText(/这一步要在“待告知”时才能办/).first().waitFor();
  });

  test('the derivation of a clock is a day-by-day table', async () => {
    const page = dispatcher;
    await page.goto(`/desk/cases/${number}`);
    await page.locator('.limits .derivation summary').first().click();
    assert.ok((await page.locator('.limits .derivation[open] table.days tbody tr').count()) > 1);
  });

  test('every page fits at both sizes and axe finds nothing', async () => {
    const page = dispatcher;
    const pages = {
      queue: '/desk?view=all',
      case: `/desk/cases/${number}`,
      accept: `/desk/cases/${number}/accept`,
      refuse: `/desk/cases/${number}/refuse`,
      note: `/desk/cases/${number}/note`,
      evidence: `/desk/cases/${number}/add_evidence`,
      reveal: `/desk/cases/${number}/reveal`,
      volume: `/desk/cases/${number}/volume`,
      cases: '/desk/cases',
      nothing: '/desk/cases?q=zzzzzz',
      register: '/desk/register',
      counts: '/desk/counts',
      year: '/desk/counts?period=year',
    };
    for (const [name, address] of Object.entries(pages)) {
      const answer = await page.goto(address);
      assert.equal(answer.status(), 200, address);
      await look(page, `desk-${name}`, { sizes: [DESK, PHONE] });
      await assertAccessible(page);
    }
    await page.setViewportSize(PHONE);
    await page.goto(`/desk/cases/${number}`);
    await assertAccessible(page);
    await page.setViewportSize(DESK);
    const leader = await signIn(browser, app, 'bureau_leader');
    await leader.goto('/desk/leader');
    await look(leader, 'desk-leader', { sizes: [DESK, PHONE] });
    await assertAccessible(leader);
    await leader.context().close();
  });

  test('a paper prints on A4 as the official form is drawn', async () => {
    const page = dispatcher;
    await page.goto(`/desk/cases/${number}`);
    await page.getByRole('link', { name: /投诉登记表/ }).click();
    await page.locator('article.official h1', { hasText: '投诉登记表' }).waitFor();
    for (const words of ['登记单位', '消费者权益争议事实依据', '经办人（签字）']) {
      await page.getByText(words, { exact: false }).first().waitFor();
    }
    await look(page, 'desk-paper', { sizes: [DESK] });
    await assertAccessible(page);
  });
});
